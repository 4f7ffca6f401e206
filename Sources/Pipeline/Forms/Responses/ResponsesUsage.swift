import NIOCore
import Wire

/// Usage as Responses reports it, which counts as the neutral model does: all input, all output.
enum ResponsesUsage {
    /// nil for anything but an object.
    static func read(_ node: Int, in text: ResponsesText) -> ReportedUsage? {
        guard text.kind(node) == .object else { return nil }
        var usage = ReportedUsage()
        usage.span = text.index.span(node)
        usage.prompt = count("input_tokens", of: node, in: text, &usage)
        usage.completion = count("output_tokens", of: node, in: text, &usage)
        usage.total = count("total_tokens", of: node, in: text, &usage)
        if let details = text.member("input_tokens_details", of: node) {
            usage.cached = count("cached_tokens", of: details, in: text, &usage)
            usage.cacheWrite =
                count("cache_write_tokens", of: details, in: text, &usage)
                ?? count("cache_creation_input_tokens", of: details, in: text, &usage)
            if let writes = text.member("cache_write_tokens_details", of: details) {
                usage.cacheWriteLong = count("ttl_12h_tokens", of: writes, in: text, &usage)
            }
            usage.promptAudio = count("audio_tokens", of: details, in: text, &usage)
        }
        if let details = text.member("output_tokens_details", of: node) {
            usage.reasoning = count("reasoning_tokens", of: details, in: text, &usage)
            usage.completionAudio = count("audio_tokens", of: details, in: text, &usage)
        }
        return usage
    }

    private static func count(
        _ name: StaticString, of object: Int, in text: ResponsesText, _ usage: inout ReportedUsage
    ) -> Int64? {
        guard let value = text.member(name, of: object) else { return nil }
        guard let count = text.index.int64(value, in: text.bytes), count >= 0 else {
            usage.isMalformed = true
            return nil
        }
        return count
    }

    /// The value of a response's `usage`; null where none is known.
    static func write(_ usage: ReportedUsage?, into writer: inout JSONWriter) {
        guard let usage, usage.prompt != nil || usage.completion != nil else { return writer.null() }
        let input = usage.prompt ?? 0
        let output = usage.completion ?? 0
        let (sum, overflow) = input.addingReportingOverflow(output)
        writer.object {
            $0.member("input_tokens", input)
            $0.object("input_tokens_details") {
                $0.member("cached_tokens", usage.cached ?? 0)
                $0.member("cache_write_tokens", usage.cacheWrite ?? 0)
            }
            $0.member("output_tokens", output)
            $0.object("output_tokens_details") { $0.member("reasoning_tokens", usage.reasoning ?? 0) }
            $0.member("total_tokens", overflow ? .max : sum)
        }
    }
}
