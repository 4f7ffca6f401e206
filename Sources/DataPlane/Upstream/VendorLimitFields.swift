package import Gateway
import Telemetry

/// The fields in which vendors tell what is left of their limits, in either of the two families there are (OpenAI's, which
/// tells resets as durations, and Anthropic's, which tells moments; vendors' references, 2026-11).
package enum VendorLimitFields {
    private enum Unit { case requests, tokens, inputTokens, outputTokens }
    private enum Aspect { case limit, remaining, reset }

    private struct Known {
        let name: StaticString
        let unit: Unit
        let aspect: Aspect

        init(_ name: StaticString, _ unit: Unit, _ aspect: Aspect) {
            self.name = name
            self.unit = unit
            self.aspect = aspect
        }
    }

    private static let known = [
        Known("x-ratelimit-limit-requests", .requests, .limit),
        Known("x-ratelimit-remaining-requests", .requests, .remaining),
        Known("x-ratelimit-reset-requests", .requests, .reset),
        Known("x-ratelimit-limit-tokens", .tokens, .limit),
        Known("x-ratelimit-remaining-tokens", .tokens, .remaining),
        Known("x-ratelimit-reset-tokens", .tokens, .reset),
        Known("anthropic-ratelimit-requests-limit", .requests, .limit),
        Known("anthropic-ratelimit-requests-remaining", .requests, .remaining),
        Known("anthropic-ratelimit-requests-reset", .requests, .reset),
        Known("anthropic-ratelimit-tokens-limit", .tokens, .limit),
        Known("anthropic-ratelimit-tokens-remaining", .tokens, .remaining),
        Known("anthropic-ratelimit-tokens-reset", .tokens, .reset),
        Known("anthropic-ratelimit-input-tokens-limit", .inputTokens, .limit),
        Known("anthropic-ratelimit-input-tokens-remaining", .inputTokens, .remaining),
        Known("anthropic-ratelimit-input-tokens-reset", .inputTokens, .reset),
        Known("anthropic-ratelimit-output-tokens-limit", .outputTokens, .limit),
        Known("anthropic-ratelimit-output-tokens-remaining", .outputTokens, .remaining),
        Known("anthropic-ratelimit-output-tokens-reset", .outputTokens, .reset),
    ]

    /// nil: nothing of use is told.
    package static func read(_ head: HTTP1ResponseHead, nowMilliseconds: Int64) -> VendorLimits? {
        var (requests, tokens, inputTokens, outputTokens) = (Told(), Told(), Told(), Told())
        head.forEachField { name, value in
            guard HTTP1Bytes.mayTellLimits(name, 0..<name.count),
                let field = known.first(where: { HTTP1Bytes.equals(name, 0..<name.count, $0.name) })
            else { return }
            switch field.unit {
            case .requests: requests.take(field.aspect, value, nowMilliseconds)
            case .tokens: tokens.take(field.aspect, value, nowMilliseconds)
            case .inputTokens: inputTokens.take(field.aspect, value, nowMilliseconds)
            case .outputTokens: outputTokens.take(field.aspect, value, nowMilliseconds)
            }
        }
        let limits = VendorLimits(
            requests: requests.usable, tokens: tokens.usable, inputTokens: inputTokens.usable,
            outputTokens: outputTokens.usable)
        return limits == VendorLimits() ? nil : limits
    }

    /// One unit while its fields are read.
    private struct Told {
        private var allowance = Allowance()
        private var isNonsense = false

        /// nil: nothing is told, or a number that is none. Azure OpenAI tells limits of -1 and 0 with Responses, and what it says
        /// is left of those means nothing (learn.microsoft.com, read 2026-11).
        var usable: Allowance? { isNonsense || allowance == Allowance() ? nil : allowance }

        mutating func take(_ aspect: Aspect, _ value: UnsafeRawBufferPointer, _ nowMilliseconds: Int64) {
            switch aspect {
            case .limit:
                allowance.limit = HTTP1Bytes.decimal(value, 0..<value.count)
                isNonsense = isNonsense || allowance.limit ?? 0 < 1
            case .remaining:
                allowance.remaining = HTTP1Bytes.decimal(value, 0..<value.count)
                isNonsense = isNonsense || allowance.remaining == nil
            case .reset: allowance.reset = LimitReset(value, nowMilliseconds: nowMilliseconds)
            }
        }
    }
}

extension LimitReset {
    /// A duration, a number of seconds or an RFC 3339 moment; nil: none of these.
    fileprivate init?(_ text: UnsafeRawBufferPointer, nowMilliseconds now: Int64) {
        if let wait = DurationText.milliseconds(text, bareUnit: .seconds) {
            self.init(afterMilliseconds: wait, atMilliseconds: now &+ wait)
        } else if let moment = UTCTime.microseconds(String(decoding: text, as: UTF8.self)) {
            let at = moment / 1_000
            self.init(afterMilliseconds: max(0, at &- now), atMilliseconds: at)
        } else {
            return nil
        }
    }
}
