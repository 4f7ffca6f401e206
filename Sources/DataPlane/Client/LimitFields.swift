import Gateway
import Pipeline
import Telemetry

/// What is left of the limits, in the client's words.
///
/// The gateway's own limit goes first. Where it has none for a unit, the client is told what the vendor said, in whatever
/// family of fields that was: a client that paces itself by these fields works as it does without a gateway.
enum LimitFields {
    /// The names of one unit's fields.
    private struct Names {
        let limit: StaticString
        let remaining: StaticString
        let reset: StaticString
        /// RFC 3339; false: a duration as Go writes them.
        let resetIsMoment: Bool
    }

    static func write(_ head: AnswerHead, to sink: inout some FieldSink) {
        guard head.rate != nil || head.vendorLimits != nil else { return }
        let vendor = head.vendorLimits
        switch head.form {
        case .anthropicMessages:
            write(head.rate, as: requests, to: &sink)
            write(head.rate ?? vendor?.requests, as: anthropicRequests, to: &sink)
            write(vendor?.tokens, as: anthropicTokens, to: &sink)
            write(vendor?.inputTokens, as: anthropicInputTokens, to: &sink)
            write(vendor?.outputTokens, as: anthropicOutputTokens, to: &sink)
        case .openAIChat, .openAIResponses, .geminiGenerate:
            // Gemini has no such fields; its clients find the ones that the gateway has for everybody.
            write(head.rate ?? vendor?.requests, as: requests, to: &sink)
            write(vendor?.anyTokens, as: tokens, to: &sink)
        }
    }

    private static func write(_ allowance: Allowance?, as names: Names, to sink: inout some FieldSink) {
        guard let allowance else { return }
        if let limit = allowance.limit { sink.number(names.limit, limit) }
        if let remaining = allowance.remaining { sink.number(names.remaining, remaining) }
        guard let reset = allowance.reset else { return }
        sink.text(
            names.reset,
            names.resetIsMoment
                ? UTCTime.text(microseconds: reset.atMilliseconds &* 1_000)
                : DurationText.text(milliseconds: reset.afterMilliseconds))
    }

    private static let requests = Names(
        limit: "x-ratelimit-limit-requests", remaining: "x-ratelimit-remaining-requests",
        reset: "x-ratelimit-reset-requests", resetIsMoment: false)
    private static let tokens = Names(
        limit: "x-ratelimit-limit-tokens", remaining: "x-ratelimit-remaining-tokens", reset: "x-ratelimit-reset-tokens",
        resetIsMoment: false)
    private static let anthropicRequests = Names(
        limit: "anthropic-ratelimit-requests-limit", remaining: "anthropic-ratelimit-requests-remaining",
        reset: "anthropic-ratelimit-requests-reset", resetIsMoment: true)
    private static let anthropicTokens = Names(
        limit: "anthropic-ratelimit-tokens-limit", remaining: "anthropic-ratelimit-tokens-remaining",
        reset: "anthropic-ratelimit-tokens-reset", resetIsMoment: true)
    private static let anthropicInputTokens = Names(
        limit: "anthropic-ratelimit-input-tokens-limit", remaining: "anthropic-ratelimit-input-tokens-remaining",
        reset: "anthropic-ratelimit-input-tokens-reset", resetIsMoment: true)
    private static let anthropicOutputTokens = Names(
        limit: "anthropic-ratelimit-output-tokens-limit", remaining: "anthropic-ratelimit-output-tokens-remaining",
        reset: "anthropic-ratelimit-output-tokens-reset", resetIsMoment: true)
}
