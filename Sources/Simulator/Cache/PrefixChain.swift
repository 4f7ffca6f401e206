/// Hashes of a prompt's prefixes, each over everything before it.
struct PrefixChain {
    /// One prefix.
    struct Prefix {
        let hash: UInt64
        let tokens: Int
    }

    struct BlockEnd {
        let hash: UInt64
        /// Tokens from the prompt's start to here.
        let tokens: Int
        let marker: CacheLifetime?
    }

    /// Prefixes that are whole multiples of the step, shortest first; empty for a step of zero.
    private(set) var steps: [UInt64] = []
    /// A prefix for each content block, in order.
    private(set) var blocks: [BlockEnd] = []
    private(set) var tokens = 0

    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private let step: Int

    /// The whole of what was appended so far.
    var end: Prefix { Prefix(hash: hash, tokens: tokens) }

    init(_ prompt: [PromptBlock], step: Int) {
        self.step = step
        append(prompt)
    }

    mutating func append(_ prompt: [PromptBlock]) {
        for block in prompt {
            guard block.isContent else {
                absorb(block.text.utf8)
                continue
            }
            // Framing and images: their tokens differ only by position and by the text that follows.
            for position in 0..<max(0, block.extraTokens) {
                hash = SeededGenerator.mix(hash &+ UInt64(truncatingIfNeeded: position))
                count()
            }
            SimulatedTokenizer.forEachToken(of: block.text) { range in
                absorb(block.text[range].utf8)
                count()
            }
            hash = SeededGenerator.mix(hash ^ 0xB10C)
            blocks.append(BlockEnd(hash: hash, tokens: tokens, marker: block.marker))
        }
    }

    private mutating func absorb(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = SeededGenerator.mix(hash)
    }

    private mutating func count() {
        tokens += 1
        if step > 0, tokens.isMultiple(of: step) { steps.append(hash) }
    }
}
