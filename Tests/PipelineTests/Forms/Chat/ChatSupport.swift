import NIOCore
import Pipeline
import Testing
import Wire

/// What the tests of this form have in common.
enum ChatSupport {
    static func conversation(_ text: String) throws(ConversationError) -> Conversation {
        var index = JSONIndex()
        return try ChatConversationReader.read(ByteBuffer(string: text), path: nil, index: &index)
    }

    /// A request with these messages and further members.
    static func request(_ messages: String, _ members: String = "") -> String {
        #"{"model":"m","messages":[\#(messages)]\#(members.isEmpty ? "" : "," + members)}"#
    }

    static func written(
        _ conversation: Conversation, model: String = "up", _ traits: VendorTraits = VendorTraits()
    ) throws(ConversationError) -> (body: String, report: FidelityReport) {
        var index = JSONIndex()
        let written = try ChatConversationWriter.write(
            conversation, for: WritingTarget(model: model, traits: traits), index: &index)
        return (String(buffer: written.body), written.report)
    }

    /// What the target is asked for besides the model and one question, and what is reported.
    static func settings(
        _ form: RequestForm = .geminiGenerate, model: String = "up", _ traits: VendorTraits = VendorTraits(),
        _ change: (inout Conversation) -> Void
    ) throws -> (members: String, report: FidelityReport) {
        var conversation = question(form)
        change(&conversation)
        let written = try written(conversation, model: model, traits)
        let head = #"{"model":"\#(model)","messages":[{"role":"user","content":"hi"}]"#
        #expect(written.body.hasPrefix(head), "\(written.body)")
        return (String(written.body.dropFirst(head.count).dropLast()), written.report)
    }

    /// A conversation as a reader of another form might have made it.
    static func question(_ form: RequestForm, _ messages: [Message]? = nil) -> Conversation {
        var conversation = Conversation(form: form, model: "m", isStream: false)
        conversation.messages = messages ?? [Message(role: .user, parts: [text("hi")])]
        return conversation
    }

    static func text(_ text: JSONText, mark: CacheMark? = nil) -> Part { Part(.text(text), cacheMark: mark) }

    /// Text with its escapes as written.
    static func escaped(_ text: String) -> JSONText { JSONText(content: ByteBuffer(string: text)) }

    static func json(_ text: String, _ kind: JSONKind) -> JSONFragment {
        JSONFragment(trusted: ByteBuffer(string: text), kind: kind)
    }

    static func call(_ id: JSONText, _ name: JSONText, _ arguments: ToolArguments) -> Part {
        Part(.toolCall(ToolCall(id: id, name: name, arguments: arguments)))
    }

    static func result(_ id: JSONText, _ parts: [Part], isError: Bool = false) -> Part {
        Part(.toolResult(ToolResult(callID: id, parts: parts, isError: isError)))
    }

    // MARK: Answers

    static func completion(_ text: String) throws(CompletionError) -> Completion {
        var index = JSONIndex()
        return try ChatCompletionReader.read(ByteBuffer(string: text), index: &index)
    }

    static func context(
        _ request: String = request(#"{"role":"user","content":"hi"}"#), includesUsageChunk: Bool = false
    ) throws(ConversationError) -> CompletionContext {
        CompletionContext(
            conversation: try conversation(request), upstreamModel: "up", idSeed: "s1", createdSeconds: 1_795_219_200,
            estimatedInputTokens: 7, includesUsageChunk: includesUsageChunk)
    }

    static func answer(_ completion: Completion, _ context: CompletionContext) -> String {
        var buffer = ByteBuffer()
        ChatCompletionWriter.write(completion, context: context, into: &buffer)
        return String(buffer: buffer)
    }

    static func stream(_ events: [CompletionEvent], _ context: CompletionContext) -> String {
        var buffer = ByteBuffer()
        var writer = ChatStreamWriter(context: context)
        for event in events { writer.write(event, into: &buffer) }
        return String(buffer: buffer)
    }

    /// What a stream says, its bytes coming in pieces; nil where an event is not the form's.
    static func events(_ pieces: [ByteBuffer]) throws -> [CompletionEvent]? {
        var decoder = SSEDecoder()
        var reader = ChatStreamReader()
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

    /// A stream of one choice's deltas, with what ends it.
    static func stream(of deltas: [String], finish: String = "stop") -> String {
        deltas.map { #"data: {"id":"c1","choices":[{"index":0,"delta":\#($0),"finish_reason":null}]}"# + "\n\n" }
            .joined()
            + #"data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"\#(finish)"}]}"#
            + "\n\ndata: [DONE]\n\n"
    }

    static func folded(_ events: [CompletionEvent]) -> Completion {
        var fold = CompletionFold()
        for event in events { fold.take(event) }
        return fold.finish()
    }

    /// The completion with usage that says nothing of where it stood.
    static func placeless(_ completion: Completion) -> Completion {
        var result = completion
        result.usage?.span = 0..<0
        return result
    }

    static func isJSON(_ buffer: ByteBuffer) -> Bool {
        var index = JSONIndex()
        return (try? buffer.withUnsafeReadableBytes { try index.read($0) }) != nil
    }

    static func isJSON(_ text: String) -> Bool { isJSON(ByteBuffer(string: text)) }
}
