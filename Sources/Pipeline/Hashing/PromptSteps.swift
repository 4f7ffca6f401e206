/// A prompt as a chain of steps, each a message or a block without messages: a hash over all up to there, and the tokens.
package struct PromptSteps: Sendable, Equatable {
    /// `chain[i]`: over steps 0 to i.
    package private(set) var chain: [UInt64] = []
    /// `tokens[i]`: of steps 0 to i by estimate; never falls.
    package private(set) var tokens: [Int64] = []
    /// Of the blocks that are complete.
    private var complete: Int64 = 0

    init(capacity: Int) {
        chain.reserveCapacity(capacity)
        tokens.reserveCapacity(capacity)
    }

    /// A message of `block`, whose tokens are shared out among its messages by their bytes.
    mutating func add(_ value: UInt64, bytes: Int, of block: Block) {
        let before = (tokens.last ?? 0) &- complete
        let (product, overflow) = block.estimatedTokens.multipliedReportingOverflow(by: Int64(bytes))
        let share = overflow ? block.estimatedTokens : product / Int64(max(1, block.span.count))
        chain.append(value)
        tokens.append(complete &+ min(block.estimatedTokens, max(0, before) &+ share))
    }

    /// The end of `block`.
    mutating func end(_ value: UInt64, of block: Block) {
        complete &+= block.estimatedTokens
        guard block.messages.isEmpty else { return }
        chain.append(value)
        tokens.append(complete)
    }
}
