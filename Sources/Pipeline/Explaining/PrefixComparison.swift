package import NIOCore
import Wire

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
        /// Offsets in each body, as the client sent it, of the first byte that means something else.
        package var firstOffset: Int
        package var secondOffset: Int
        /// Some bytes around those places, cut to whole characters.
        package var firstExcerpt: String
        package var secondExcerpt: String
    }

    package let rows: [Row]
    /// Estimated tokens of what both begin with, to the byte.
    package let commonTokens: Int64
    /// Estimated tokens of the blocks that are the same as a whole.
    package let commonBlockTokens: Int64
    package let firstTokens: Int64
    package let secondTokens: Int64
    /// The second is the first one, or continues it.
    package let isContinued: Bool
    /// nil: one prompt continues the other, or they are the same.
    package let parting: Parting?
    /// What is said beside the prompts and differs: of all that any vendor's cache may be bound to.
    package let changes: [CacheChange]

    /// - Parameters:
    ///   - first: what was prepared from `firstBody`.
    ///   - second: what was prepared from `secondBody`, with the same options.
    ///   - sortsTools: the stages put tools in one order.
    package init(
        _ first: PreparedRequest, _ firstBody: ByteBuffer, _ second: PreparedRequest, _ secondBody: ByteBuffer,
        sortsTools: Bool = true
    ) {
        firstTokens = first.estimatedInputTokens
        secondTokens = second.estimatedInputTokens
        let prompts = (PromptItems(first), PromptItems(second))
        let (found, changes) = Self.withSides(first, firstBody, second, secondBody) { sides in
            let changes = CacheChange.all(first, sides.0, second, sides.1)
            return (Self.walk(prompts.0, prompts.1, sides.0, sides.1, sortsTools: sortsTools), changes)
        }
        self.changes = changes
        let common = max(
            zip(first.chain, second.chain).prefix { $0 == $1 }.count, prompts.0.blocks(alikeTo: prompts.1, items: found.alike))
        rows = (0..<max(first.blocks.count, second.blocks.count)).map { place in
            Row(
                first: place < first.blocks.count ? first.blocks[place] : nil,
                second: place < second.blocks.count ? second.blocks[place] : nil, isSame: place < common)
        }
        commonTokens = found.tokens
        let holdsAll = found.difference == nil && found.alike == prompts.0.items.count
        // A text that was moved to the first one's end is behind what the second goes on from.
        isContinued = holdsAll && (first.moved == nil || prompts.0.agrees(with: prompts.1))
        let whole = second.blocks.prefix(common).reduce(0) { $0 &+ $1.estimatedTokens }
        commonBlockTokens = holdsAll ? max(whole, found.tokens) : whole
        parting = found.difference.map { difference in
            let row = prompts.1.items[found.alike].block
            return Parting(
                row: row, kind: second.blocks[row].kind, firstOffset: difference.first, secondOffset: difference.second,
                firstExcerpt: Self.excerpt(firstBody, around: difference.first),
                secondExcerpt: Self.excerpt(secondBody, around: difference.second))
        }
    }

    /// Estimated tokens of the blocks at the start that are the same and belong to what `tier` keeps.
    package func tokens(within tier: CacheTier) -> Int64 {
        var tokens: Int64 = 0
        for row in rows {
            guard row.isSame, let block = row.second, tier.holds(block.kind) else { break }
            tokens &+= block.estimatedTokens
        }
        return tokens
    }

    private static func withSides<Result>(
        _ first: PreparedRequest, _ firstBody: ByteBuffer, _ second: PreparedRequest, _ secondBody: ByteBuffer,
        _ body: ((MeaningComparison.Side, MeaningComparison.Side)) -> Result
    ) -> Result {
        func side(_ prepared: PreparedRequest, _ bytes: UnsafeRawBufferPointer) -> MeaningComparison.Side {
            var index = JSONIndex()
            // It was read before, or there would be nothing prepared; of an empty index no node is found.
            try? index.read(bytes)
            return .init(bytes, index: index, edits: prepared.edits, attachments: prepared.view.attachments)
        }
        return firstBody.withUnsafeReadableBytes { one in
            secondBody.withUnsafeReadableBytes { other in body((side(first, one), side(second, other))) }
        }
    }

    /// How far two prompts mean the same.
    private struct Extent {
        /// Items that do so whole.
        var alike: Int
        /// Estimated tokens of the second's.
        var tokens: Int64
        /// In the next item; nil: one of the prompts ends there.
        var difference: MeaningComparison.Difference?
    }

    private static func walk(
        _ ours: PromptItems, _ theirs: PromptItems, _ first: MeaningComparison.Side, _ second: MeaningComparison.Side,
        sortsTools: Bool
    ) -> Extent {
        // What is moved to a prompt's end is in the chain of its last message, and no longer in the next turn's.
        let agreed = zip(ours.chain, theirs.chain).prefix { $0 == $1 }.count
        var alike = agreed
        while alike < min(ours.items.count, theirs.items.count) {
            let (one, other) = (ours.items[alike], theirs.items[alike])
            var comparison = MeaningComparison(first, second)
            var difference: MeaningComparison.Difference?
            if one.topic != other.topic {
                difference = .init(first: one.span.lowerBound, second: other.span.lowerBound)
            } else if let node = first.index.node(at: one.span.lowerBound),
                let twin = second.index.node(at: other.span.lowerBound)
            {
                let isSorted = one.topic == .tools && sortsTools
                difference = isSorted ? comparison.compareTools(node, twin) : comparison.compare(node, twin)
            }
            if let difference {
                let total = max(1, second.quarters(other.span))
                let share = Int128(theirs.tokens(of: alike)) * Int128(min(comparison.commonQuarters, total)) / Int128(total)
                return Extent(
                    alike: alike, tokens: theirs.tokens(before: alike) &+ Int64(clamping: share), difference: difference)
            }
            alike += 1
        }
        return Extent(alike: alike, tokens: theirs.tokens(before: alike), difference: nil)
    }

    private static func excerpt(_ body: ByteBuffer, around place: Int) -> String {
        let bytes = body.readableBytesView
        let place = min(max(0, place), bytes.count)
        let start = bytes.index(bytes.startIndex, offsetBy: max(0, place - 24))
        let end = bytes.index(bytes.startIndex, offsetBy: min(bytes.count, place + 32))
        // Cuts may fall within a character: what is half of one is left out.
        return String(decoding: bytes[start..<end], as: UTF8.self).filter { $0 != "\u{FFFD}" }
    }
}

/// A prompt in the steps of its chain: tools, instructions beside the messages, messages.
private struct PromptItems {
    enum Topic { case tools, instructions, message }

    struct Item {
        /// Into the blocks.
        let block: Int
        let span: Range<Int>
        let topic: Topic
    }

    let items: [Item]
    let chain: [UInt64]
    private let blocks: [Block]
    /// Of all steps up to each.
    private let sums: [Int64]

    init(_ prepared: PreparedRequest) {
        blocks = prepared.blocks
        chain = prepared.steps.chain
        sums = prepared.steps.tokens
        items = prepared.blocks.enumerated().flatMap { place, block in
            if block.messages.isEmpty {
                let topic: Topic =
                    switch block.kind {
                    case .tools: .tools
                    case .system: .instructions
                    case .documents, .historyTurn, .currentTurn: .message
                    }
                return [Item(block: place, span: block.span, topic: topic)]
            }
            return prepared.view.messages[block.messages].map { Item(block: place, span: $0.span, topic: .message) }
        }
    }

    /// Estimated tokens of the items before this one; whole blocks count whole.
    func tokens(before item: Int) -> Int64 {
        guard item > 0 else { return 0 }
        guard item < items.count else { return blocks.reduce(0) { $0 &+ $1.estimatedTokens } }
        let block = items[item].block
        guard block == items[item - 1].block else { return blocks[..<block].reduce(0) { $0 &+ $1.estimatedTokens } }
        return item - 1 < sums.count ? sums[item - 1] : 0
    }

    /// The other begins with all of this one, by their chains.
    func agrees(with other: PromptItems) -> Bool { other.chain.starts(with: chain) }

    /// Blocks at the start that hold the same items, of which so many are alike.
    func blocks(alikeTo other: PromptItems, items alike: Int) -> Int {
        var block = 0
        while block < min(blocks.count, other.blocks.count), let end = self.end(of: block), end == other.end(of: block), end <= alike {
            block += 1
        }
        return block
    }

    /// nil: it holds no item.
    private func end(of block: Int) -> Int? { items.lastIndex { $0.block == block }.map { $0 + 1 } }

    func tokens(of item: Int) -> Int64 { max(0, tokens(before: item + 1) &- tokens(before: item)) }
}

extension CacheTier {
    func holds(_ kind: Block.Kind) -> Bool {
        switch kind {
        case .tools: self >= .tools
        case .system: self >= .instructions
        case .documents, .historyTurn, .currentTurn: false
        }
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
