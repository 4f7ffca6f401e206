import Wire

/// A request cut into blocks.
struct ChunkedRequest {
    var inbound: InboundRequest
    var blocks: [Block]
}

/// Cuts the prompt where it changes from turn to turn.
///
/// A turn begins with a user's message that does not follow another one, and with the first message behind the system's
/// and the documents. The last turn is the current one, whoever spoke last: in an agent's loop it grows by the calls and
/// results that follow the user's question.
enum Chunker {
    static func chunk(_ inbound: consuming InboundRequest, _ bytes: UnsafeRawBufferPointer) -> ChunkedRequest {
        let chat = inbound.chat
        var builder = BlockBuilder(chat: chat, bytes: bytes)
        builder.addTools()
        let systemEnd = chat.messages.firstIndex { $0.role != .system && $0.role != .developer } ?? chat.messages.count
        builder.add(.system, 0..<systemEnd)
        let documentsEnd = documentsEnd(of: chat.messages, from: systemEnd)
        builder.add(.documents, systemEnd..<documentsEnd)
        builder.addTurns(documentsEnd..<chat.messages.count)
        return ChunkedRequest(inbound: inbound, blocks: builder.blocks)
    }

    /// The last message is never a document: it is what the request asks.
    private static func documentsEnd(of messages: [ChatMessage], from start: Int) -> Int {
        var end = start
        while end + 1 < messages.count, messages[end].isDocument { end += 1 }
        return end
    }
}

/// Makes blocks of ranges of messages, in the order they are added.
private struct BlockBuilder {
    let chat: ChatRequestView
    let bytes: UnsafeRawBufferPointer
    var blocks: [Block] = []

    init(chat: ChatRequestView, bytes: UnsafeRawBufferPointer) {
        self.chat = chat
        self.bytes = bytes
        blocks.reserveCapacity(4 + chat.messages.count / 2)
    }

    mutating func addTools() {
        if let span = chat.toolsValue { add(.tools, span: span, messages: 0..<0) }
        if let span = chat.functionsValue { add(.tools, span: span, messages: 0..<0) }
    }

    mutating func add(_ kind: Block.Kind, _ range: Range<Int>) {
        guard let first = range.first, let last = range.last else { return }
        let span = chat.messages[first].span.lowerBound..<chat.messages[last].span.upperBound
        add(kind, span: span, messages: range)
    }

    mutating func addTurns(_ range: Range<Int>) {
        var start = range.lowerBound
        for position in range.dropFirst()
        where chat.messages[position].role == .user && chat.messages[position - 1].role != .user {
            add(.historyTurn, start..<position)
            start = position
        }
        add(.currentTurn, start..<range.upperBound)
    }

    private mutating func add(_ kind: Block.Kind, span: Range<Int>, messages: Range<Int>) {
        let tokens = TokenEstimate.tokens(span, in: bytes, attachments: chat.attachments)
        blocks.append(Block(kind: kind, span: span, messages: messages, estimatedTokens: tokens))
    }
}
