/// One event of a stream, as it stands on the wire.
struct StreamStep: Sendable, Equatable {
    let text: String
    /// Tokens that have to be thought of before this event; framing costs none.
    let tokens: Int

    init(_ text: String, tokens: Int = 0) {
        self.text = text
        self.tokens = tokens
    }
}

/// What one form of the protocol makes of an answer.
protocol AnswerForm: Sendable {
    /// The whole answer, not streamed.
    func body(of answer: SimulatedAnswer) -> JSONTree
    func stream(of answer: SimulatedAnswer) -> [StreamStep]
    /// An event that is no JSON.
    var garbage: String { get }
    /// An error in the middle of a stream.
    var streamError: String { get }
}
