import NIOCore
import Wire

/// Hashes the prompt as a chain: each value covers a block and all before it, so two requests share a prefix as far as
/// their chains agree.
///
/// Hashed are tools, then instructions, then messages, each as its bytes leave after the stages' edits, cache marks left out:
/// requests that differ in what the stages even out have one chain. What is moved to the end of the prompt belongs to the
/// current turn. Not hashed are the white space and commas between messages, the body's other fields, and where the tools
/// stand in it.
enum PrefixHasher {
    /// What every chain begins with; another number when what is hashed changes.
    private static let seed: UInt64 = 0x7472_2E63_6861_7431

    static func hash(_ canonical: consuming CanonicalRequest, _ bytes: UnsafeRawBufferPointer) -> PreparedRequest {
        var canonical = canonical
        let blocks = canonical.arranged.chunked.blocks
        let messages = canonical.arranged.chunked.view.messages
        var hasher = EditedHasher(
            bytes, edits: canonical.arranged.edits, marks: canonical.arranged.chunked.view.cacheMarks)
        var chain: [UInt64] = []
        chain.reserveCapacity(blocks.count)
        var steps = PromptSteps(capacity: blocks.count + messages.count)
        var value = seed
        var prefix = seed
        for block in blocks {
            if block.kind == .currentTurn { prefix = value }
            if let tools = canonical.tools.first(where: { $0.span == block.span }) {
                value = tools.text.withUnsafeReadableBytes { StableHash.hash($0, seed: ~value) }
            } else if block.messages.isEmpty {
                value = hasher.hash(block.span, seed: ~value)
            } else {
                for message in messages[block.messages] {
                    value = hasher.hash(message.span, seed: value)
                    steps.add(value, bytes: message.span.count, of: block)
                }
            }
            steps.end(value, of: block)
            if block.kind != .currentTurn { prefix = value }
            chain.append(value)
        }
        let fullHash = hashRest(of: canonical.arranged.chunked.view, bytes, seed: value)
        let ends = HistoryEnds(blocks) { turn, seed in
            messages[turn].reduce(seed) { hasher.hash($1.span, seed: $0) }
        }
        canonical.placeMarks()
        return PreparedRequest(
            canonical, chain: chain, steps: steps, prefixHash: prefix, fullHash: fullHash, historyEnds: ends)
    }

    /// What is neither tools nor messages, in the order of the body.
    private static func hashRest(
        of view: borrowing PromptView, _ bytes: UnsafeRawBufferPointer, seed: UInt64
    ) -> UInt64 {
        var value = seed
        var position = 0
        let prompt = [view.toolsValue, view.functionsValue, view.systemValue, view.messagesValue]
        while true {
            var next = bytes.count..<bytes.count
            for case let span? in prompt
            where span.lowerBound >= position && span.lowerBound < next.lowerBound && span.upperBound <= bytes.count {
                next = span
            }
            value = StableHash.hash(UnsafeRawBufferPointer(rebasing: bytes[position..<next.lowerBound]), seed: value)
            guard !next.isEmpty else { return value }
            position = next.upperBound
        }
    }
}
