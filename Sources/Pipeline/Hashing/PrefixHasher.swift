import Wire

/// Hashes the prompt as a chain: each value covers a block and all before it, so two requests share a prefix as far as
/// their chains agree.
///
/// Hashed are tools, then instructions, then messages, each as its bytes stand in the body, cache marks left out; not hashed are the white
/// space and commas between messages, the body's other fields, and where the tools stand in it.
enum PrefixHasher {
    /// What every chain begins with; another number when what is hashed changes.
    private static let seed: UInt64 = 0x7472_2E63_6861_7431

    static func hash(_ canonical: consuming CanonicalRequest, _ bytes: UnsafeRawBufferPointer) -> PreparedRequest {
        let edits = canonical.edits
        let chunked = canonical.arranged.chunked
        let view = chunked.inbound.view
        var chain: [UInt64] = []
        chain.reserveCapacity(chunked.blocks.count)
        var value = seed
        var prefix = seed
        var tokens: Int64 = 0
        for block in chunked.blocks {
            if block.kind == .currentTurn { prefix = value }
            value = hash(block, of: view, bytes, seed: value)
            if block.kind != .currentTurn { prefix = value }
            chain.append(value)
            tokens &+= block.estimatedTokens
        }
        return PreparedRequest(
            inbound: chunked.inbound, blocks: chunked.blocks, chain: chain, prefixHash: prefix,
            fullHash: hashRest(of: view, bytes, seed: value), estimatedInputTokens: tokens, edits: edits)
    }

    private static func hash(
        _ block: Block, of view: PromptView, _ bytes: UnsafeRawBufferPointer, seed: UInt64
    ) -> UInt64 {
        guard !block.messages.isEmpty else {
            return hash(block.span, bytes, without: view.cacheMarks, seed: ~seed)
        }
        var value = seed
        for message in view.messages[block.messages] {
            value = hash(message.span, bytes, without: view.cacheMarks, seed: value)
        }
        return value
    }

    /// What is neither tools nor messages, in the order of the body.
    private static func hashRest(
        of view: PromptView, _ bytes: UnsafeRawBufferPointer, seed: UInt64
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

    private static func hash(
        _ span: Range<Int>, _ bytes: UnsafeRawBufferPointer, without marks: [Range<Int>], seed: UInt64
    ) -> UInt64 {
        guard span.upperBound <= bytes.count else { return seed }
        if !marks.isEmpty {
            let first = marks.firstInOrder { $0.lowerBound >= span.lowerBound }
            if first < marks.count, marks[first].lowerBound < span.upperBound {
                return hash(span, bytes, without: marks[first...], seed: seed)
            }
        }
        return StableHash.hash(UnsafeRawBufferPointer(rebasing: bytes[span]), seed: seed)
    }

    /// Copies what is left without the marks: only bytes in one piece hash as the unmarked prompt does.
    private static func hash(
        _ span: Range<Int>, _ bytes: UnsafeRawBufferPointer, without marks: ArraySlice<Range<Int>>, seed: UInt64
    ) -> UInt64 {
        var kept: [UInt8] = []
        kept.reserveCapacity(span.count)
        var position = span.lowerBound
        for mark in marks {
            guard mark.lowerBound < span.upperBound else { break }
            kept.append(contentsOf: bytes[position..<max(position, mark.lowerBound)])
            position = max(position, mark.upperBound)
        }
        kept.append(contentsOf: bytes[position..<max(position, span.upperBound)])
        return kept.withUnsafeBytes { StableHash.hash($0, seed: seed) }
    }
}
