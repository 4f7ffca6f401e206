/// Where a request's history begins after the cut that `maxHistoryTokens` asks for.
package struct HistoryCut: Sendable, Equatable {
    /// Turns left out; 0: the history fits, and begins where the client's does.
    package var turns: Int
    /// Their tokens by estimate.
    package var tokens: Int64
    /// The hash of the turn that the history begins with: worth remembering, for `CutAnchors`, also where nothing was cut.
    package var start: UInt64

    package init(turns: Int, tokens: Int64, start: UInt64) {
        self.turns = turns
        self.tokens = tokens
        self.start = start
    }
}

/// What is known of earlier cuts: the turns that a history has begun with before.
package struct CutAnchors: Sendable {
    let isKnown: @Sendable (UInt64) -> Bool

    /// - Parameter isKnown: a turn of this hash was a `HistoryCut.start` before. Asked for every turn at most once a request.
    package init(_ isKnown: @escaping @Sendable (UInt64) -> Bool) {
        self.isKnown = isKnown
    }
}
