import NIOCore
import Wire

/// The form's counts: `input_tokens` leaves out what was read from and written to the cache
/// (package anthropic 2.11.0, types/usage, read 2026-11).
struct AnthropicUsage: Sendable {
    private var input: Int64?
    private var cacheRead: Int64?
    private var cacheCreation: Int64?
    private var cacheCreation1h: Int64?
    private var output: Int64?
    private var thinking: Int64?
    private var isMalformed = false
    private var span: Range<Int> = 0..<0

    init() {}

    /// Takes what is given and keeps the rest: a later object corrects an earlier one.
    mutating func merge(_ usage: JSONView) {
        guard usage.isObject else { return }
        span = usage.span
        take(usage["input_tokens"], into: \.input)
        take(usage["cache_read_input_tokens"], into: \.cacheRead)
        take(usage["cache_creation_input_tokens"], into: \.cacheCreation)
        take(usage["cache_creation"]?["ephemeral_1h_input_tokens"], into: \.cacheCreation1h)
        take(usage["output_tokens"], into: \.output)
        take(usage["output_tokens_details"]?["thinking_tokens"], into: \.thinking)
    }

    private mutating func take(_ value: JSONView?, into count: WritableKeyPath<AnthropicUsage, Int64?>) {
        guard let value else { return }
        guard let number = value.int64, number >= 0 else {
            isMalformed = true
            return
        }
        self[keyPath: count] = number
    }

    /// With all input in `prompt`; nil: nothing was counted.
    var reported: ReportedUsage? {
        guard input != nil || output != nil || isMalformed else { return nil }
        var usage = ReportedUsage()
        usage.span = span
        usage.isMalformed = isMalformed
        var prompt = input ?? 0
        for part in [cacheRead, cacheCreation] {
            let (sum, overflow) = prompt.addingReportingOverflow(part ?? 0)
            prompt = sum
            usage.isMalformed = usage.isMalformed || overflow
        }
        guard !usage.isMalformed else { return usage }
        usage.prompt = prompt
        usage.completion = output
        usage.cached = cacheRead
        usage.cacheWrite = cacheCreation
        usage.cacheWriteLong = cacheCreation1h
        usage.reasoning = thinking
        return usage
    }

    /// Writes counts in the form's own meaning.
    ///
    /// - Parameter hasInput: false: only what came out.
    static func write(_ usage: ReportedUsage?, hasInput: Bool = true, to object: inout JSONWriter) {
        let cached = usage?.cached ?? 0
        let written = usage?.cacheWrite ?? 0
        if hasInput {
            let (rest, overflow) = (usage?.prompt ?? 0).subtractingReportingOverflow(cached)
            let (input, second) = rest.subtractingReportingOverflow(written)
            object.member("input_tokens", overflow || second ? 0 : max(0, input))
            object.member("cache_creation_input_tokens", written)
            object.member("cache_read_input_tokens", cached)
        }
        object.member("output_tokens", usage?.completion ?? 0)
        if let reasoning = usage?.reasoning, reasoning > 0 {
            object.object("output_tokens_details") { $0.member("thinking_tokens", reasoning) }
        }
    }
}
