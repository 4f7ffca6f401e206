import NIOCore
import Pipeline
import Testing
import Wire

/// What the tests of this form have in common.
enum GeminiSupport {
    static let path = PathParameters(model: "asked", isStream: false)

    static func conversation(_ text: String) throws(ConversationError) -> Conversation {
        var index = JSONIndex()
        return try GeminiConversationReader.read(ByteBuffer(string: text), path: path, index: &index)
    }

    /// The error of a request that is refused; nil: it is taken.
    static func refusal(_ text: String) -> ConversationError? {
        do throws(ConversationError) {
            _ = try conversation(text)
            return nil
        } catch {
            return error
        }
    }

    static func written(
        _ conversation: Conversation, model: String = "gemini-3.8-flash"
    ) throws(ConversationError) -> (body: String, report: FidelityReport) {
        var index = JSONIndex()
        let written = try GeminiConversationWriter.write(
            conversation, for: WritingTarget(model: model), index: &index)
        return (String(buffer: written.body), written.report)
    }

    static func completion(_ text: String) throws(CompletionError) -> Completion {
        var index = JSONIndex()
        return try GeminiCompletionReader.read(ByteBuffer(string: text), index: &index)
    }

    static var context: CompletionContext {
        CompletionContext(
            conversation: Conversation(form: .geminiGenerate, model: "asked", isStream: true), upstreamModel: "up",
            idSeed: "s1", createdSeconds: 1_795_219_200, estimatedInputTokens: 7, includesUsageChunk: false)
    }

    static func answer(_ completion: Completion) -> String {
        var buffer = ByteBuffer()
        GeminiCompletionWriter.write(completion, context: context, into: &buffer)
        return String(buffer: buffer)
    }

    /// The data of each event that is written.
    static func stream(_ events: [CompletionEvent]) throws -> [String] {
        var buffer = ByteBuffer()
        var writer = GeminiStreamWriter(context: context)
        for event in events { writer.write(event, into: &buffer) }
        return try datas(buffer)
    }

    /// The data of each event; every line must be one of data, for the package takes any other for JSON.
    static func datas(_ buffer: ByteBuffer) throws -> [String] {
        for line in String(buffer: buffer).split(separator: "\n") { #expect(line.hasPrefix("data: {")) }
        var decoder = SSEDecoder()
        decoder.append(buffer)
        var datas: [String] = []
        while let event = try decoder.next() { datas.append(String(buffer: event.data)) }
        return datas
    }

    /// What a stream says, its bytes coming in pieces; nil where an event is not the form's.
    static func events(_ pieces: [ByteBuffer]) throws -> [CompletionEvent]? {
        var decoder = SSEDecoder()
        var reader = GeminiStreamReader()
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

    /// One event of each chunk.
    static func sse(_ chunks: [String]) -> String { chunks.map { "data: \($0)\n\n" }.joined() }

    static func parses(_ text: String) -> Bool {
        var index = JSONIndex()
        do throws(JSONError) {
            try ByteBuffer(string: text).withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
            return true
        } catch {
            return false
        }
    }

    static func object(_ text: String) -> JSONFragment {
        JSONFragment(trusted: ByteBuffer(string: text), kind: .object)
    }
}
