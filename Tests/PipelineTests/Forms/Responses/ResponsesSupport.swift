import NIOCore
import Pipeline
import Testing
import Wire

/// What the tests of this form have in common.
enum ResponsesSupport {
    static func conversation(_ text: String) throws(ConversationError) -> Conversation {
        var index = JSONIndex()
        return try ResponsesConversationReader.read(ByteBuffer(string: text), path: nil, index: &index)
    }

    static func written(
        _ conversation: Conversation, traits: VendorTraits = VendorTraits()
    ) throws(ConversationError) -> (body: String, report: FidelityReport) {
        var index = JSONIndex()
        let written = try ResponsesConversationWriter.write(
            conversation, for: WritingTarget(model: "up", traits: traits), index: &index)
        return (String(buffer: written.body), written.report)
    }

    static func completion(_ text: String) throws(CompletionError) -> Completion {
        var index = JSONIndex()
        return try ResponsesCompletionReader.read(ByteBuffer(string: text), index: &index)
    }

    static func context(
        _ request: String = #"{"model":"m","input":"hi"}"#
    ) throws(ConversationError) -> CompletionContext {
        CompletionContext(
            conversation: try conversation(request), upstreamModel: "up", idSeed: "s1", createdSeconds: 1_795_219_200,
            estimatedInputTokens: 7, includesUsageChunk: false)
    }

    static func answer(_ completion: Completion, _ context: CompletionContext) -> String {
        var buffer = ByteBuffer()
        ResponsesCompletionWriter.write(completion, context: context, into: &buffer)
        return String(buffer: buffer)
    }

    static func stream(_ events: [CompletionEvent], _ context: CompletionContext) -> String {
        var buffer = ByteBuffer()
        var writer = ResponsesStreamWriter(context: context)
        for event in events { writer.write(event, into: &buffer) }
        return String(buffer: buffer)
    }

    /// What a stream says, its bytes coming in pieces; nil where an event is not the form's.
    static func events(_ pieces: [ByteBuffer]) throws -> [CompletionEvent]? {
        var decoder = SSEDecoder()
        var reader = ResponsesStreamReader()
        var index = JSONIndex()
        var events: [CompletionEvent] = []
        for piece in pieces {
            decoder.append(piece)
            while let event = try decoder.next() {
                guard reader.read(event, index: &index, into: &events) else { return nil }
            }
        }
        while let event = decoder.finish() {
            guard reader.read(event, index: &index, into: &events) else { return nil }
        }
        reader.finish(into: &events)
        return events
    }

    static func events(_ text: String) throws -> [CompletionEvent]? { try events([ByteBuffer(string: text)]) }

    /// What events come to when they are gathered.
    static func folded(_ events: [CompletionEvent]) -> Completion {
        var fold = CompletionFold()
        for event in events { fold.take(event) }
        return fold.finish()
    }

    /// Without the place of the usage object, which differs from text to text.
    static func placeless(_ completion: Completion) -> Completion {
        var completion = completion
        completion.usage?.span = 0..<0
        return completion
    }

    static func call(_ id: String, _ name: String, _ arguments: ToolArguments) -> Part {
        Part(.toolCall(ToolCall(id: JSONText(id), name: JSONText(name), arguments: arguments)))
    }

    static func text(_ text: String) -> Part { Part(.text(JSONText(text))) }
}

extension Conversation {
    /// A conversation of another form's client.
    static func foreign(
        _ form: RequestForm, _ messages: [Message] = [Message(role: .user, parts: [ResponsesSupport.text("hi")])]
    )
        -> Conversation
    {
        var conversation = Conversation(form: form, model: "m", isStream: false)
        conversation.messages = messages
        return conversation
    }
}
