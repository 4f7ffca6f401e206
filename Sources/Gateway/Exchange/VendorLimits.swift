/// What a vendor says is left of its own limits, unit by unit; nil: it says nothing of that unit.
///
/// A reference, so that what carries it stays small.
package final class VendorLimits: Sendable, Equatable {
    package let requests: Allowance?
    /// Of all tokens, or of whichever kind runs out first.
    package let tokens: Allowance?
    package let inputTokens: Allowance?
    package let outputTokens: Allowance?

    package init(
        requests: Allowance? = nil, tokens: Allowance? = nil, inputTokens: Allowance? = nil,
        outputTokens: Allowance? = nil
    ) {
        self.requests = requests
        self.tokens = tokens
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }

    /// For a form that knows one kind of tokens: where only kinds are told, the one with less left.
    package var anyTokens: Allowance? {
        if let tokens { return tokens }
        guard let inputTokens, let outputTokens else { return inputTokens ?? outputTokens }
        return outputTokens.remaining ?? .max < inputTokens.remaining ?? .max ? outputTokens : inputTokens
    }

    package static func == (left: VendorLimits, right: VendorLimits) -> Bool {
        left.requests == right.requests && left.tokens == right.tokens && left.inputTokens == right.inputTokens
            && left.outputTokens == right.outputTokens
    }
}

/// What is left of one limit, as far as it is told: vendors leave out what they like, the gateway tells everything.
package struct Allowance: Sendable, Equatable {
    package var limit: Int?
    package var remaining: Int?
    package var reset: LimitReset?

    package init(limit: Int? = nil, remaining: Int? = nil, reset: LimitReset? = nil) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}

/// When a limit is whole again, both as a wait and as a moment: forms differ in which they tell.
package struct LimitReset: Sendable, Equatable {
    /// From when it was told; at least 0.
    package var afterMilliseconds: Int64
    /// Since 1970.
    package var atMilliseconds: Int64

    package init(afterMilliseconds: Int64, atMilliseconds: Int64) {
        self.afterMilliseconds = afterMilliseconds
        self.atMilliseconds = atMilliseconds
    }
}
