/// What sessions are made of.
struct SessionShape: Sendable {
    var turns = 2...3
    var rounds = 0...2
    /// Characters of a text.
    var textLength = 10...60
    var hasReminders = true
    /// In an answer.
    var calls = 1...3
    /// Of arguments, in lists and objects.
    var depth = 2
    var takesImages = true
    var takesFiles = true
    var hasCustomTools = false
    var hasHostedTools = false
}

extension AgentSession {
    init(seed: UInt64, shape: SessionShape = SessionShape()) {
        var maker = SessionMaker(random: SeededGenerator(seed: seed), shape: shape)
        self = maker.session()
    }

    /// Says something else in one place.
    mutating func change(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let turn = turns.indices.filter { !turns[$0].answers.isEmpty }.randomElement(using: &random)
        guard let turn else { return system[0].append(.fixed("!")) }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: if !tools.isEmpty { tools[tools.count - 1].description += "!" }
        case 1: system[0].append(.fixed("!"))
        case 2: turns[turn].question.append(.text("!"))
        case 3: turns[turn].answers[0].text = "!"
        case 4: if !turns[turn].answers[0].calls.isEmpty { turns[turn].answers[0].calls[0].result = [.text("!")] }
        default: if !turns[turn].answers[0].calls.isEmpty { turns[turn].answers[0].calls[0].arguments = .object([]) }
        }
    }
}

private struct SessionMaker {
    var random: SeededGenerator
    let shape: SessionShape
    var calls = 0
    var proofs = 0

    mutating func session() -> AgentSession {
        let tools = tools()
        var turns: [AgentSession.Turn] = []
        for turn in 0..<Int.random(in: shape.turns, using: &random) { turns.append(self.turn(turn, tools)) }
        var session = AgentSession(
            tools: tools.shuffled(using: &random), system: system(), turns: turns, points: [],
            writesParts: random.chance(50), marksItself: random.chance(30),
            answerSchema: random.chance(25) ? schema(depth: 1) : nil, isDeveloper: random.chance(30),
            thinks: random.chance(40))
        for (turn, what) in turns.enumerated() {
            for rounds in 0..<max(1, what.answers.count) { session.points.append(.init(turn: turn, rounds: rounds)) }
        }
        return session
    }

    // MARK: Tools

    private mutating func tools() -> [AgentSession.Tool] {
        var tools: [AgentSession.Tool] = []
        for number in 0..<Int.random(in: 0...4, using: &random) {
            let name = ["read_file", "Write", "zz.search", "a1"][number]
            tools.append(
                AgentSession.Tool(
                    name: name, description: text("Does \(name). "), schema: schema(depth: 1),
                    isStrict: random.chance(25)))
        }
        if shape.hasCustomTools, random.chance(40) {
            tools.append(.init(name: "patch", description: text(), schema: .object([]), isStrict: false, kind: .custom))
        }
        if shape.hasHostedTools, random.chance(40) {
            tools.append(.init(name: "search", description: "", schema: .object([]), isStrict: false, kind: .hosted))
        }
        return tools
    }

    private mutating func schema(depth: Int) -> Tree {
        var properties: [Member] = []
        for name in ["path", "Limit", "a b", "é", "0"].shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random)) {
            properties.append(Member(name, property(depth: depth)))
        }
        let required = properties.filter { _ in random.chance(60) }.map { Tree.scalar("\"\($0.key)\"") }
        return .object([
            Member("type", .scalar(#""object""#)), Member("properties", .object(properties)),
            Member("required", .array(required)), Member("additionalProperties", .scalar("false")),
        ])
    }

    private mutating func property(depth: Int) -> Tree {
        switch Int.random(in: 0..<(depth > 0 ? 4 : 3), using: &random) {
        case 0: .object([Member("type", .scalar(#""string""#)), Member("description", string())])
        case 1: .object([Member("type", .scalar(#""number""#)), Member("minimum", .scalar("0.5")), Member("maximum", .scalar("10"))])
        case 2: .object([Member("enum", .array([string(), string(), .scalar("null")])), Member("type", .scalar(#""string""#))])
        default: schema(depth: depth - 1)
        }
    }

    // MARK: Instructions

    private mutating func system() -> [[AgentSession.Line]] {
        var texts: [[AgentSession.Line]] = []
        // Worth a mark.
        let isLong = random.chance(40)
        for place in 0..<Int.random(in: 1...3, using: &random) {
            var lines: [AgentSession.Line] = []
            for _ in 0..<Int.random(in: 1...3, using: &random) { lines.append(.fixed(text("You are exact. "))) }
            if place == 0, isLong { lines.append(.fixed(String(repeating: "abc ", count: 1_500))) }
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                lines.insert(stamp(), at: Int.random(in: 0...lines.count, using: &random))
            }
            // Behind the first one a text may be nothing but a stamp.
            texts.append(place > 0 && random.chance(25) ? [stamp()] : lines)
        }
        return texts
    }

    private mutating func stamp() -> AgentSession.Line {
        .stamp(AgentSession.Stamp.allCases.randomElement(using: &random) ?? .date)
    }

    // MARK: Turns

    private mutating func turn(_ number: Int, _ tools: [AgentSession.Tool]) -> AgentSession.Turn {
        var question: [AgentSession.Piece] = []
        if number == 0, shape.takesFiles, random.chance(20) { question.append(.file) }
        if shape.takesImages, random.chance(20) { question.append(.image) }
        if random.chance(20) { question.append(.text(text())) }
        question.append(.text(text(AgentSession.word(ofQuestion: number) + " ")))
        var answers: [AgentSession.Answer] = []
        let callable = tools.filter { $0.kind != .hosted }
        let rounds = callable.isEmpty ? 0 : Int.random(in: shape.rounds, using: &random)
        for _ in 0..<rounds { answers.append(round(callable)) }
        answers.append(thinking(AgentSession.Answer(text: text())))
        if random.chance(8) { answers = [] }
        return AgentSession.Turn(question: question, reminder: shape.hasReminders && random.chance(15) ? text("Reminder: ") : nil, answers: answers)
    }

    private mutating func round(_ callable: [AgentSession.Tool]) -> AgentSession.Answer {
        var answer = thinking(AgentSession.Answer(text: random.chance(50) ? text() : nil))
        for _ in 0..<Int.random(in: shape.calls, using: &random) {
            guard let tool = callable.randomElement(using: &random) else { break }
            calls += 1
            let id = "call_x\(calls)"
            var result: [AgentSession.Piece] = [.text(text(AgentSession.word(ofCall: id) + " "))]
            if random.chance(20) { result.insert(.text(text()), at: 0) }
            answer.calls.append(
                AgentSession.Call(
                    id: id, tool: tool.name, arguments: arguments(depth: shape.depth), input: tool.kind == .custom ? text() : nil,
                    result: result, hasFailed: random.chance(10)))
        }
        for place in answer.calls.indices.dropLast() where random.chance(10) { answer.calls[place].result = [.text("")] }
        return answer
    }

    private mutating func thinking(_ answer: AgentSession.Answer) -> AgentSession.Answer {
        guard random.chance(40) else { return answer }
        var answer = answer
        proofs += 1
        answer.proof = proofs
        answer.thought = text()
        return answer
    }

    private mutating func arguments(depth: Int) -> Tree {
        let names = ["path", "Limit", "a/b", "é", "q\\n", "0"].shuffled(using: &random)
        return .object(
            names.prefix(Int.random(in: 0...4, using: &random)).map { Member($0, argument(depth: depth)) })
    }

    private mutating func argument(depth: Int) -> Tree {
        switch Int.random(in: 0..<(depth > 0 ? 5 : 3), using: &random) {
        case 0: string()
        case 1: .scalar(["0", "-12", "0.25", "12.5", "1234567890123456789"].randomElement(using: &random) ?? "0")
        case 2: .scalar(["true", "false", "null"].randomElement(using: &random) ?? "null")
        case 3: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in argument(depth: depth - 1) })
        default: arguments(depth: depth - 1)
        }
    }

    // MARK: Texts

    private mutating func string() -> Tree { .scalar("\"\(text())\"") }

    /// As it stands between quotes. No digit: nothing in it looks like a date.
    private mutating func text(_ start: String = "") -> String {
        let pieces = [
            "abc ", "The file is there. ", #"\n"#, #"\""#, #"\\"#, #"\u00e9"#, "é", "漢字", "😀", #"\ud83d\ude00"#, "/usr/", "{",
            "],", "  ", #"\t"#,
        ]
        var text = start + "x"
        let length = Int.random(in: shape.textLength, using: &random)
        while text.utf8.count < length { text += pieces.randomElement(using: &random) ?? "" }
        return text
    }
}
