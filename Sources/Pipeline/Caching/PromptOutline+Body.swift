import Wire

/// The outline of a body that goes out in the client's own form.
extension PromptOutline {
    init(_ prepared: PreparedRequest, _ rules: CacheRules) {
        var builder = BodyOutline(prepared: prepared, rules: rules)
        builder.build()
        self = builder.outline
    }
}

/// Walks a request's blocks.
private struct BodyOutline {
    let view: PromptView
    let blocks: [Block]
    let edits: JSONEdits
    let moved: MovedTexts?
    let rules: CacheRules
    var outline = PromptOutline()

    init(prepared: PreparedRequest, rules: CacheRules) {
        view = prepared.view
        blocks = prepared.blocks
        edits = prepared.edits
        moved = prepared.moved
        self.rules = rules
        outline.pieces.reserveCapacity(view.messages.count + 2)
    }

    mutating func build() {
        var movedOffset = moved?.offset ?? .max
        for block in blocks {
            if block.messages.isEmpty { addWhole(block) }
            for message in view.messages[block.messages] {
                if message.span.lowerBound >= movedOffset {
                    outline.addMoved()
                    movedOffset = .max
                }
                add(message, of: block)
            }
        }
        if movedOffset < .max { outline.addMoved() }
        outline.clientMarks = view.cacheMarks.count
        if view.caching.automaticMark != nil {
            outline.automaticMark = view.caching.isAutomaticMarkLong ? .long : .short
        }
    }

    /// Tools, instructions beside the messages, or a prompt that is one text.
    private mutating func addWhole(_ block: Block) {
        switch block.kind {
        case .tools:
            let place = view.caching.lastTool.map { PromptPlace(span: $0, isText: false) }
            append(
                .tools, span: block.span, tokens: block.estimatedTokens, blocks: max(1, Int(view.caching.toolCount)),
                place: rules.marks == .blocks ? place : nil)
        case .system:
            append(
                .system, span: block.span, tokens: block.estimatedTokens,
                blocks: max(1, Int(view.caching.systemPartCount)),
                place: view.caching.system)
        case .documents, .historyTurn, .currentTurn:
            append(.user, span: block.span, tokens: block.estimatedTokens, blocks: 1, place: nil)
        }
    }

    /// A message has its share of the block's tokens, by its bytes.
    private mutating func add(_ message: PromptMessage, of block: Block) {
        let speaker = speaker(of: message, in: block)
        let share = block.estimatedTokens.multipliedReportingOverflow(by: Int64(message.span.count))
        let tokens = share.overflow ? 0 : share.partialValue / Int64(max(1, block.span.count))
        append(
            speaker, span: message.span, tokens: tokens, blocks: Int(message.partCount),
            place: canBeMarked(message, speaker) ? message.place : nil)
    }

    /// The model's turns never need a mark; whether an instruction between turns bears `cache_control` is not documented.
    private func canBeMarked(_ message: PromptMessage, _ speaker: PromptOutline.Speaker) -> Bool {
        switch message.role {
        case .assistant, .other: false
        case .system, .developer: speaker == .system || rules.marks != .blocks
        case .user, .tool, .function: true
        }
    }

    private func speaker(of message: PromptMessage, in block: Block) -> PromptOutline.Speaker {
        switch block.kind {
        case .tools: return .tools
        case .system: return .system
        case .documents: return .document
        case .historyTurn, .currentTurn: break
        }
        switch message.role {
        case .assistant: return .assistant
        case .tool, .function: return .result
        case .system, .developer, .user, .other: return .user
        }
    }

    private mutating func append(
        _ speaker: PromptOutline.Speaker, span: Range<Int>, tokens: Int64, blocks: Int, place: PromptPlace?
    ) {
        var piece = PromptOutline.Piece(speaker: speaker, tokens: tokens, blocks: blocks)
        piece.clientLife = clientLife(in: span)
        if let place, piece.clientLife == nil, BodyMarks.takesMark(place, edits) { piece.target = .body(place) }
        outline.pieces.append(piece)
    }

    private func clientLife(in span: Range<Int>) -> CacheLife? {
        guard !view.cacheMarks.isEmpty else { return nil }
        let first = view.cacheMarks.firstInOrder { $0.lowerBound >= span.lowerBound }
        var life: CacheLife?
        for place in first..<view.cacheMarks.count {
            guard view.cacheMarks[place].lowerBound < span.upperBound else { break }
            if life != .short { life = view.caching.isLongMark(place) ? .long : .short }
        }
        return life
    }
}
