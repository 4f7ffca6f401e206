/// An agent's work with a model, in no form: what its client sends with every request, and more each time.
///
/// Texts are kept as they stand between quotes, and so is spelled what the client always spells alike. Tools, schemas and
/// arguments are values that a `Spelling` may write otherwise in each request.
struct AgentSession: Sendable {
    struct Tool: Sendable {
        enum Kind { case function, custom, hosted }

        var name: String
        var description: String
        var schema: Tree
        /// The order of the schema's keys steers the answer: nobody may change it, and this client does not.
        var isStrict: Bool
        var kind = Kind.function
    }

    enum Piece: Sendable {
        case text(String)
        case image
        case file
    }

    struct Call: Sendable {
        var id: String
        var tool: String
        var arguments: Tree
        /// Free text in place of arguments.
        var input: String?
        /// What the tool gives back.
        var result: [Piece]
        /// The result is an error, in forms that can say so.
        var hasFailed = false
    }

    /// What the model says once.
    struct Answer: Sendable {
        /// A number that tells its proof from others; nil: it shows no thoughts.
        var proof: Int?
        var thought = ""
        var text: String?
        var calls: [Call] = []
    }

    struct Turn: Sendable {
        var question: [Piece]
        /// The client's own word behind the question, in forms where the system may speak anywhere.
        var reminder: String?
        /// Answers with calls, then one without; none where the user goes on without waiting.
        var answers: [Answer]
    }

    /// A line of the system prompt.
    enum Line: Sendable {
        case fixed(String)
        /// Another text in each request.
        case stamp(Stamp)
    }

    enum Stamp: CaseIterable, Sendable { case date, time, epoch, uuid, counter }

    /// Where a request ends: behind a turn's question and so many rounds of calls.
    struct Point: Sendable {
        var turn: Int
        var rounds: Int
    }

    var tools: [Tool]
    /// Messages or parts, each of lines; one at least.
    var system: [[Line]]
    var turns: [Turn]
    /// Requests, in order.
    var points: [Point]
    /// Question and system prompt are lists of parts, even of one.
    var writesParts: Bool
    /// The client puts cache marks on tools, instructions and the last two messages, as coding agents do.
    var marksItself: Bool
    /// The schema of the answers, which nobody may change.
    var answerSchema: Tree?
    /// Instructions are the developer's, in forms with two roles for them.
    var isDeveloper: Bool
    /// The model is asked to think.
    var thinks: Bool

    /// The turns up to a request's end, the last one with what has been done in it.
    func turns(to point: Point) -> [Turn] {
        var turns = Array(self.turns[...point.turn])
        turns[point.turn].answers = Array(turns[point.turn].answers.prefix(point.rounds))
        return turns
    }

    /// A word that stands in what the user or a tool said last, and nowhere before.
    func lastWord(of point: Point) -> String {
        point.rounds == 0
            ? Self.word(ofQuestion: point.turn)
            : turns[point.turn].answers[point.rounds - 1].calls.last.map { Self.word(ofCall: $0.id) } ?? ""
    }

    static func word(ofQuestion turn: Int) -> String { "question-\(turn)-asked" }

    static func word(ofCall id: String) -> String { "result-of-\(id)-given" }
}
