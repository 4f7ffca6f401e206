import Hummingbird
import NIOCore

/// What a request is about to be answered with, if no fault comes in between.
struct Reply: Sendable {
    enum Content: Sendable {
        /// Tokens that have to be thought of before it can be sent.
        case whole(tokens: Int, body: @Sendable () -> ByteBuffer)
        case stream(steps: @Sendable () -> [StreamStep])
    }

    let content: Content
    /// The media type.
    var type: String
    /// An event that is no JSON, and an error in the middle of a stream, as they stand on the wire.
    var garbage = ""
    var streamError: @Sendable (_ events: Int) -> String = { _ in "" }
    /// Called once when the answer's head goes out.
    var begins: @Sendable () -> Void = {}

    static func json(_ tree: JSONTree, tokens: Int = 1) -> Reply {
        Reply(
            content: .whole(tokens: tokens) { ByteBuffer(string: tree.compactText) }, type: "application/json")
    }

    /// The answer in its form, whole or streamed.
    init(_ answer: SimulatedAnswer, in form: some AnswerForm, streams: Bool, begins: @escaping @Sendable () -> Void) {
        content =
            streams
            ? .stream { form.stream(of: answer) }
            : .whole(tokens: answer.tokens) { ByteBuffer(string: form.body(of: answer).compactText) }
        type = streams ? form.streamType : "application/json"
        garbage = form.garbage
        streamError = { form.streamError(after: $0) }
        self.begins = begins
    }

    /// An answer of a path that is no chat; its faults in the middle are in OpenAI's words.
    init(content: Content, type: String) {
        self.content = content
        self.type = type
        garbage = "data: {\"type\":\n\n"
        streamError = { _ in StreamStep.data(OpenAIError(status: 500).body).text }
    }
}
