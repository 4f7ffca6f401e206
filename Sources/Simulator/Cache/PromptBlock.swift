/// One piece of a prompt as the vendor renders it, in the vendor's order: tools, system, messages.
package struct PromptBlock: Sendable, Equatable {
    /// The rendered text. A changed byte anywhere changes every prefix from there on.
    package let text: String
    /// Tokens besides those of the text, in front of it: a message's framing, an image.
    package let extraTokens: Int
    /// The cache marker that ends at this block; nil: none.
    package let marker: CacheLifetime?
    /// False for what is no content block but changes the prefix all the same (tool choice, thinking): it costs
    /// nothing, and the look-back does not count it.
    package let isContent: Bool

    /// A content block without a marker, unless told otherwise.
    package init(_ text: String, extraTokens: Int = 0, marker: CacheLifetime? = nil, isContent: Bool = true) {
        self.text = text
        self.extraTokens = extraTokens
        self.marker = marker
        self.isContent = isContent
    }
}

/// How long a marked prefix lives after its last use.
package enum CacheLifetime: Sendable, Equatable {
    case fiveMinutes
    case oneHour

    /// Counted anew at each hit.
    package var duration: Duration {
        switch self {
        case .fiveMinutes: .seconds(300)
        case .oneHour: .seconds(3600)
        }
    }
}

extension [PromptBlock] {
    /// What the vendor bills as input.
    package var tokenCount: Int {
        reduce(0) { $0 + $1.tokens }
    }
}

extension PromptBlock {
    /// What the block costs as input.
    package var tokens: Int { isContent ? extraTokens + SimulatedTokenizer.count(text) : 0 }
}
