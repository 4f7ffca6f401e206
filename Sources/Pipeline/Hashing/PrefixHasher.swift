import NIOCore
import Wire

/// Hashes the prompt as a chain: each value covers a block and all before it, so two requests share a prefix as far as
/// their chains agree.
///
/// Hashed are tools by their bytes, then instructions and messages by their meaning (`MeaningHasher`), as they leave after the
/// stages' edits, cache marks left out: requests that differ in what the stages even out, or in what is the encoder's to choose,
/// have one chain. What is moved to the end of the prompt belongs to the current turn. Not hashed are the body's other fields, and
/// where the tools stand in it.
enum PrefixHasher {
    /// What every chain begins with; another number when what is hashed changes.
    private static let seed: UInt64 = 0x7472_2E63_6861_7431

    static func hash(_ canonical: consuming CanonicalRequest, _ source: PromptSource) -> PreparedRequest {
        var canonical = canonical
        let blocks = canonical.arranged.chunked.blocks
        let messages = canonical.arranged.chunked.view.messages
        let marks = canonical.arranged.chunked.view.cacheMarks
        var hasher = MeaningHasher(source, edits: canonical.arranged.edits, marks: marks)
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
                value =
                    block.kind == .tools
                    ? hasher.hashBytes(block.span, seed: ~value) : hasher.hash(block.span, seed: ~value)
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
        let fullHash = hashRest(of: canonical.arranged.chunked.view, source.bytes, seed: value)
        let ends = HistoryEnds(blocks) { turn, seed in
            messages[turn].reduce(seed) { hasher.hash($1.span, seed: $0) }
        }
        let opening = hashOpening(of: canonical.arranged.chunked, source)
        canonical.placeMarks()
        return PreparedRequest(
            canonical, chain: chain, steps: steps, prefixHash: prefix, fullHash: fullHash, openingHash: opening,
            historyEnds: ends)
    }

    /// Of the first message behind instructions and documents as the client sent it, or of the prompt where it is one text.
    private static func hashOpening(of chunked: borrowing ChunkedRequest, _ source: PromptSource) -> UInt64 {
        let turn = chunked.blocks.first { $0.kind == .historyTurn || $0.kind == .currentTurn }
        let first = turn.flatMap { $0.messages.isEmpty ? nil : chunked.view.messages[$0.messages.lowerBound].span }
        var hasher = MeaningHasher(source, edits: JSONEdits(), marks: chunked.view.cacheMarks)
        return hasher.hash(first ?? chunked.view.messagesValue, seed: seed)
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
