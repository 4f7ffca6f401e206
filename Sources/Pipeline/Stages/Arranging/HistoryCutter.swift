import NIOCore
import Wire

/// Leaves out turns that lie too far back: whole turns, so that no call loses its result, and the first message that stays is
/// a user's. Tools, the system prompt and documents stay. A system message between turns stays too where the form lets one
/// stand anywhere; in Anthropic's form, where the first message must be a user's, it goes with its turn.
struct HistoryCutter {
    /// What hashes of turns begin with; another number when what is hashed changes.
    private static let seed: UInt64 = 0x7472_2E74_7572_6E31

    let source: PromptSource
    let maximum: Int64
    let anchors: CutAnchors?

    init(_ source: PromptSource, maximum: Int64, anchors: CutAnchors?) {
        self.source = source
        self.maximum = maximum
        self.anchors = anchors
    }

    func cut(_ arranged: inout ArrangedRequest) throws(JSONEditError) {
        let blocks = arranged.chunked.blocks
        let turns = blocks.filter { $0.kind == .historyTurn }
        guard !turns.isEmpty, let current = blocks.last, current.kind == .currentTurn else { return }
        let view = arranged.chunked.view
        let edits = spelling(of: view.messages[turns[0].messages.lowerBound...])
        let tokens = turns.map { self.tokens($0, edits, of: view) }
        var isAnchor: ((Int) -> Bool)?
        if let anchors { isAnchor = { anchors.isKnown(hash(turns[$0], edits, of: view)) } }
        let count = HistoryStride.turnsToCut(tokens, maximum: maximum, isAnchor: isAnchor)
        arranged.cut = HistoryCut(
            turns: count, tokens: tokens[..<count].reduce(0, &+),
            start: hash(count < turns.count ? turns[count] : current, edits, of: view))
        guard count > 0 else { return }
        var isGone = [Bool](repeating: false, count: view.messages.count)
        for position in turns[..<count].flatMap(\.messages) {
            let role = view.messages[position].role
            isGone[position] = source.form == .anthropicMessages || role != .system && role != .developer
        }
        try arranged.chunked.remove(isGone, from: source.bytes, &arranged.edits)
    }

    // MARK: Turns as they leave

    // However a client spells its calls' arguments, and wherever its cache marks stand now, a turn is the same one and as long.

    private func spelling(of messages: ArraySlice<PromptMessage>) -> JSONEdits {
        var edits = JSONEdits()
        var spelling = CallSpelling(source)
        do throws(JSONEditError) {
            try spelling.respell(messages, &edits)
        } catch {
            return JSONEdits()
        }
        return edits
    }

    private func hash(_ turn: Block, _ edits: JSONEdits, of view: PromptView) -> UInt64 {
        var hasher = MeaningHasher(source, edits: edits, marks: view.cacheMarks)
        return view.messages[turn.messages].reduce(Self.seed) { hasher.hash($1.span, seed: $0) }
    }

    private func tokens(_ turn: Block, _ edits: JSONEdits, of view: PromptView) -> Int64 {
        let first = view.cacheMarks.firstInOrder { $0.lowerBound >= turn.span.lowerBound }
        let isMarked = first < view.cacheMarks.count && view.cacheMarks[first].lowerBound < turn.span.upperBound
        guard isMarked || edits.changes(turn.span), turn.span.upperBound <= source.bytes.count else {
            return turn.estimatedTokens
        }
        var text = ByteBuffer()
        edits.apply(to: source.bytes, in: turn.span, without: view.cacheMarks[first...], into: &text)
        let before = TokenEstimate.quarters(UnsafeRawBufferPointer(rebasing: source.bytes[turn.span]))
        let change = text.withUnsafeReadableBytes { TokenEstimate.quarters($0) } &- before
        let quarters = TokenEstimate.quarters(turn.span, in: source.bytes, attachments: view.attachments) &+ change
        return max(0, quarters &+ 3) / 4
    }
}
