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

    package let kind: Kind
    /// From the block's first byte to its last in the body, white space and commas between its messages included.
    package let span: Range<Int>
    /// Positions of its messages in the request; empty for tools.
    package let messages: Range<Int>
    /// See `TokenEstimate` for how far off it may be.
    package let estimatedTokens: Int64
}
