/// A part of the prompt that stays or changes as a whole from one turn to the next.
package struct Block: Sendable, Equatable {
    package enum Kind: UInt8, Sendable {
        /// The definitions of tools, whole.
        case tools
        /// The system and developer messages at the start.
        case system
        /// User messages of nothing but files, right behind the system's.
        case documents
        /// A turn that has been answered: from a user's message to the one before the next.
        case historyTurn
        /// The last turn: what this request asks.
        case currentTurn
    }

    /// What becomes of a block's bytes in the next request of the same conversation.
    package enum Stability: UInt8, Sendable {
        /// They stay.
        case stable
        /// A text among them is likely to be another one.
        case volatile
        /// More may follow behind them.
        case growing
    }

    package let kind: Kind
    /// From the block's first byte to its last in the body, white space and commas between its messages included.
    package var span: Range<Int>
    /// Positions of its messages in the view; empty for tools.
    package var messages: Range<Int>
    /// See `TokenEstimate` for how far off it may be.
    package var estimatedTokens: Int64
    package var stability = Stability.stable
}
