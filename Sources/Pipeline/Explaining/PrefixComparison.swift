package import NIOCore

/// Where two prompts part, block by block: what a vendor's cache can serve the second of, once it has seen the first.
package struct PrefixComparison: Sendable {
    /// One place in the order of blocks; nil on the side that has fewer.
    package struct Row: Sendable, Equatable {
        package var first: Block?
        package var second: Block?
        /// The same up to and with this block.
        package var isSame: Bool
    }

    /// Where the first block that differs does so.
    package struct Parting: Sendable, Equatable {
        /// Into `rows`.
        package var row: Int
        package var kind: Block.Kind
        /// Offsets in each body of the first byte that differs, as the client sent it.
        package var firstOffset: Int
        package var secondOffset: Int
        /// Some bytes around those places, cut to whole characters.
        package var firstExcerpt: String
        package var secondExcerpt: String
    }

    package let rows: [Row]
    /// Estimated tokens of the blocks that are the same.
    package let commonTokens: Int64
    package let firstTokens: Int64
    package let secondTokens: Int64
    /// nil: one prompt continues the other, or they are the same.
    package let parting: Parting?

    /// - Parameters:
    ///   - first: what was prepared from `firstBody`.
    ///   - second: what was prepared from `secondBody`, with the same options.
    package init(_ first: PreparedRequest, _ firstBody: ByteBuffer, _ second: PreparedRequest, _ secondBody: ByteBuffer) {
        let common = zip(first.chain, second.chain).prefix { $0 == $1 }.count
        rows = (0..<max(first.blocks.count, second.blocks.count)).map { place in
            Row(
                first: place < first.blocks.count ? first.blocks[place] : nil,
                second: place < second.blocks.count ? second.blocks[place] : nil, isSame: place < common)
        }
        commonTokens = second.blocks.prefix(common).reduce(0) { $0 &+ $1.estimatedTokens }
        firstTokens = first.estimatedInputTokens
        secondTokens = second.estimatedInputTokens
        if common < first.blocks.count, common < second.blocks.count {
            parting = Self.parting(
                at: common, firstBody, first.blocks[common].span, secondBody, second.blocks[common].span,
                kind: second.blocks[common].kind)
        } else {
            parting = nil
        }
    }

    /// nil: the shorter block begins the longer one, so one prompt continues the other.
    private static func parting(
        at row: Int, _ firstBody: ByteBuffer, _ first: Range<Int>, _ secondBody: ByteBuffer, _ second: Range<Int>,
        kind: Block.Kind
    ) -> Parting? {
        let one = slice(firstBody, first)
        let other = slice(secondBody, second)
        let common = zip(one, other).prefix { $0 == $1 }.count
        guard common < min(one.count, other.count) else { return nil }
        return Parting(
            row: row, kind: kind, firstOffset: first.lowerBound + common, secondOffset: second.lowerBound + common,
            firstExcerpt: excerpt(one, around: common), secondExcerpt: excerpt(other, around: common))
    }

    private static func slice(_ body: ByteBuffer, _ span: Range<Int>) -> ByteBufferView {
        let start = body.readerIndex &+ span.lowerBound
        return body.getSlice(at: start, length: span.count)?.readableBytesView ?? ByteBuffer().readableBytesView
    }

    private static func excerpt(_ bytes: ByteBufferView, around place: Int) -> String {
        let start = bytes.index(bytes.startIndex, offsetBy: max(0, place - 24))
        let end = bytes.index(bytes.startIndex, offsetBy: min(bytes.count, place + 32))
        // Cuts may fall within a character: what is half of one is left out.
        return String(decoding: bytes[start..<end], as: UTF8.self).filter { $0 != "\u{FFFD}" }
    }
}

extension Block.Kind {
    /// As people and dashboards read it.
    package var name: String {
        switch self {
        case .tools: "tools"
        case .system: "system"
        case .documents: "documents"
        case .historyTurn: "history_turn"
        case .currentTurn: "current_turn"
        }
    }
}
