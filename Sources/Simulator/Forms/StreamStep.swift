/// One event of a stream, as it stands on the wire.
struct StreamStep: Sendable, Equatable {
    let text: String
    /// Tokens that have to be thought of before this event; framing costs none.
    let tokens: Int

    init(_ text: String, tokens: Int = 0) {
        self.text = text
        self.tokens = tokens
    }

    /// An event that has no name of its own.
    static func data(_ value: JSONTree, tokens: Int = 0) -> StreamStep {
        StreamStep("data: \(value.compactText)\n\n", tokens: tokens)
    }

    /// An event that is named as its `type`.
    static func event(_ value: JSONTree, tokens: Int = 0) -> StreamStep {
        StreamStep("event: \(value["type"]?.text ?? "message")\ndata: \(value.compactText)\n\n", tokens: tokens)
    }
}

/// What one form of the protocol makes of an answer.
protocol AnswerForm: Sendable {
    /// The whole answer, not streamed.
    func body(of answer: SimulatedAnswer) -> JSONTree
    func stream(of answer: SimulatedAnswer) -> [StreamStep]
    /// The media type of a stream.
    var streamType: String { get }
    /// An event that is no JSON.
    var garbage: String { get }
    /// An error in the middle of a stream, after that many events of it.
    func streamError(after events: Int) -> String
}

extension AnswerForm {
    var streamType: String { "text/event-stream" }
}
