/// Makes the answer to a request: the same request gets the same answer. Ids of tool calls follow from `identifier`.
struct AnswerComposer {
    /// Characters of the user's text that an answer repeats.
    private static let quoted = 400
    private static let filler = "The simulator keeps talking so that the answer has the length asked for. "
    private static let thought = "Let me think about what was asked and what would help. "
    private static let refusal = "I'm sorry, but I cannot help with that."

    let request: SimulatedRequest
    /// Told apart from every other request's.
    let identifier: String

    func answer() -> SimulatedAnswer {
        SimulatedAnswer(choices: (0..<request.choices).map(choice))
    }

    private func choice(_ index: Int) -> SimulatedAnswer.Choice {
        var choice = SimulatedAnswer.Choice()
        choice.reasoning = thought
        if request.directives.refuses {
            choice.refusal = Self.refusal
            choice.finish = .refusal
            return choice
        }
        choice.toolCalls = calledTools().enumerated().map { position, tool in
            SimulatedAnswer.ToolCall(
                id: "\(identifier)\(index)\(position)", name: tool.name,
                arguments: SchemaSample(question: request.lastUserText).arguments(for: tool.schema))
        }
        guard choice.toolCalls.isEmpty else {
            choice.finish = .toolCalls
            return choice
        }
        choice.text = text(index)
        cutAtStop(&choice)
        cutAtLimit(&choice)
        return choice
    }

    /// One sentence, unless the request says how long.
    private var thought: String {
        let tokens = request.directives.reasoningTokens
        if tokens > 0 { return Self.text(of: tokens, from: Self.thought) }
        return request.thinks ? String(Self.thought.dropLast()) : ""
    }

    /// None after results, else a model that always mentions its tool would call it for ever.
    private func calledTools() -> [SimulatedRequest.Tool] {
        guard request.toolResults.isEmpty else { return [] }
        if let count = request.directives.toolCalls, request.toolChoice != .none { return tools(count) }
        switch request.toolChoice {
        case .none: return []
        case .named(let name): return request.tools.filter { $0.name == name }.prefix(1).map { $0 }
        case .auto: return mentionedTools()
        case .required:
            let mentioned = mentionedTools()
            return mentioned.isEmpty ? Array(request.tools.prefix(1)) : mentioned
        }
    }

    /// So many, the mentioned ones first, then the others, then from the start again.
    private func tools(_ count: Int) -> [SimulatedRequest.Tool] {
        let mentioned = mentionedTools()
        var ordered = mentioned + request.tools.filter { !mentioned.contains($0) }
        if case .named(let name) = request.toolChoice { ordered.removeAll { $0.name != name } }
        guard !ordered.isEmpty else { return [] }
        let count = request.allowsParallelTools ? count : min(count, 1)
        return (0..<count).map { ordered[$0 % ordered.count] }
    }

    private func mentionedTools() -> [SimulatedRequest.Tool] {
        let question = request.lastUserText.lowercased()
        let mentioned = request.tools.filter { tool in
            let name = tool.name.lowercased()
            return question.contains(name) || question.contains(name.replacing("_", with: " "))
        }
        return request.allowsParallelTools ? mentioned : Array(mentioned.prefix(1))
    }

    private func text(_ index: Int) -> String {
        if let tokens = request.directives.tokens { return Self.text(of: tokens, from: Self.filler) }
        switch request.responseFormat {
        case .jsonObject:
            let answer: JSONTree = ["answer": .string(sentence(index))]
            return answer.compactText
        case .jsonSchema(let schema):
            return SchemaSample(question: request.lastUserText).value(for: schema).compactText
        case .text: return sentence(index)
        }
    }

    private func sentence(_ index: Int) -> String {
        let ending = index == 0 ? "" : " (choice \(index + 1))"
        if !request.toolResults.isEmpty {
            let results = request.toolResults.map { String($0.prefix(Self.quoted)) }.joined(separator: "; ")
            return "The tool answered: \(results)\(ending)"
        }
        guard !request.lastUserText.isEmpty else { return "This is a simulated answer to no question.\(ending)" }
        return "You said: \(request.lastUserText.prefix(Self.quoted))\nThis is a simulated answer.\(ending)"
    }

    private func cutAtStop(_ choice: inout SimulatedAnswer.Choice) {
        let found = request.stops.compactMap { stop in choice.text.firstRange(of: stop).map { (stop, $0.lowerBound) } }
        guard let (stop, start) = found.min(by: { $0.1 < $1.1 }) else { return }
        choice.text = String(choice.text[..<start])
        choice.finish = .stopSequence(stop)
    }

    /// The limit is on reasoning and text together. Calls of tools are never cut.
    private func cutAtLimit(_ choice: inout SimulatedAnswer.Choice) {
        guard let limit = request.maxTokens, choice.tokens > limit else {
            if request.maxTokens == 0 { choice.finish = .length }
            return
        }
        choice.reasoning = SimulatedTokenizer.prefix(of: choice.reasoning, tokens: limit)
        choice.text = SimulatedTokenizer.prefix(of: choice.text, tokens: limit - choice.reasoningTokens)
        choice.finish = .length
    }

    /// A text of exactly that many tokens.
    private static func text(of tokens: Int, from sentence: String) -> String {
        guard tokens > 0 else { return "" }
        let repeats = tokens * SimulatedTokenizer.bytesPerToken / sentence.utf8.count + 1
        return SimulatedTokenizer.prefix(of: String(repeating: sentence, count: repeats), tokens: tokens)
    }
}
