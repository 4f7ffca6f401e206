import Wire

/// A request cut into blocks.
struct ChunkedRequest: ~Copyable {
    /// Its view is of the request as it stands after the stages so far: what they leave out is not in it.
    var inbound: InboundRequest
    var blocks: [Block]
    /// In the order of the prompt.
    var volatileTexts: [VolatileText]

    var view: PromptView {
        _read { yield inbound.view }
        _modify { yield &inbound.view }
    }
}

/// Cuts the prompt where it changes from turn to turn.
///
/// A turn begins with a user's message that does not follow another one, and with the first message behind the system's
/// and the documents. The last turn is the current one, whoever spoke last: in an agent's loop it grows by the calls and
/// results that follow the user's question. That holds in forms too that give the user the results to say.
///
/// Of the blocks, the system prompt is volatile where a text in it looks like one that changes (`VolatileText`), and the
/// current turn grows; all else stays. What is searched costs about a tenth of a nanosecond a byte where it has no digits.
enum Chunker {
    static func chunk(_ inbound: consuming InboundRequest, _ source: PromptSource) -> ChunkedRequest {
        var volatileTexts: [VolatileText] = []
        if source.form != nil {
            source.forEachSystemText(of: inbound.view) { text in
                guard volatileTexts.count < VolatileText.maximumCount else { return }
                let content = source.content(of: text.string)
                VolatileScan(UnsafeRawBufferPointer(rebasing: source.bytes[content]), at: content.lowerBound)
                    .scan(into: &volatileTexts)
            }
        }
        let messages = inbound.view.messages
        var builder = BlockBuilder(inbound.view, source: source, volatileTexts: volatileTexts)
        builder.addTools(inbound.view)
        let systemEnd = messages.firstIndex { $0.role != .system && $0.role != .developer } ?? messages.count
        builder.add(.system, 0..<systemEnd)
        let documentsEnd = documentsEnd(of: messages, from: systemEnd)
        builder.add(.documents, systemEnd..<documentsEnd)
        builder.addTurns(documentsEnd..<messages.count, of: inbound.view.messagesValue)
        return ChunkedRequest(inbound: inbound, blocks: builder.blocks, volatileTexts: volatileTexts)
    }

    /// The last message is never a document: it is what the request asks.
    private static func documentsEnd(of messages: [PromptMessage], from start: Int) -> Int {
        var end = start
        while end + 1 < messages.count, messages[end].isDocument { end += 1 }
        return end
    }
}

/// Makes blocks of ranges of messages, in the order they are added.
private struct BlockBuilder {
    let messages: [PromptMessage]
    let attachments: [PromptAttachment]
    let source: PromptSource
    let volatileTexts: [VolatileText]
    var blocks: [Block] = []

    init(_ view: borrowing PromptView, source: PromptSource, volatileTexts: [VolatileText]) {
        messages = view.messages
        attachments = view.attachments
        self.source = source
        self.volatileTexts = volatileTexts
        blocks.reserveCapacity(4 + messages.count / 2)
    }

    /// Tools, and instructions that stand beside the messages.
    mutating func addTools(_ view: borrowing PromptView) {
        if let span = view.toolsValue { add(.tools, span: span, messages: 0..<0) }
        if let span = view.functionsValue { add(.tools, span: span, messages: 0..<0) }
        if let span = view.systemValue { add(.system, span: span, messages: 0..<0) }
    }

    mutating func add(_ kind: Block.Kind, _ range: Range<Int>) {
        guard let first = range.first, let last = range.last else { return }
        let span = messages[first].span.lowerBound..<messages[last].span.upperBound
        add(kind, span: span, messages: range)
    }

    /// A prompt without messages, one text for one, is the current turn as it stands.
    mutating func addTurns(_ range: Range<Int>, of prompt: Range<Int>) {
        guard !range.isEmpty else {
            if messages.isEmpty { add(.currentTurn, span: prompt, messages: 0..<0) }
            return
        }
        var start = range.lowerBound
        for position in range.dropFirst()
        where messages[position].role == .user && messages[position - 1].role != .user
            && !source.answersCalls(messages[position])
        {
            add(.historyTurn, start..<position)
            start = position
        }
        add(.currentTurn, start..<range.upperBound)
    }

    private mutating func add(_ kind: Block.Kind, span: Range<Int>, messages: Range<Int>) {
        let tokens = TokenEstimate.tokens(span, in: source.bytes, attachments: attachments)
        blocks.append(
            Block(
                kind: kind, span: span, messages: messages, estimatedTokens: tokens,
                stability: stability(of: kind, span)))
    }

    private func stability(of kind: Block.Kind, _ span: Range<Int>) -> Block.Stability {
        switch kind {
        case .currentTurn: .growing
        case .system: isVolatile(span) ? .volatile : .stable
        case .tools, .documents, .historyTurn: .stable
        }
    }

    /// So is what was not searched to its end.
    private func isVolatile(_ span: Range<Int>) -> Bool {
        volatileTexts.count >= VolatileText.maximumCount || volatileTexts.contains { span.contains($0.span.lowerBound) }
    }
}
