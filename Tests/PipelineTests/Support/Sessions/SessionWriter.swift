import NIOCore
import Pipeline
import Wire

/// Writes the requests of a session as a client of one form does, whose vendor speaks another or the same.
struct SessionWriter {
    let session: AgentSession
    let client: RequestForm
    /// Whose proofs the history holds, as the gateway gave them to the client.
    let vendor: RequestForm
    /// Turns before these many are forgotten by the client itself; nil: none.
    var window: Int?

    /// A request, with the lines that stand in it alone.
    func request(_ point: AgentSession.Point, _ spelling: Spelling) -> (text: String, stamps: [String]) {
        var spelling = spelling
        var turns = session.turns(to: point)
        if let window { turns.removeFirst(max(0, turns.count - window)) }
        var members: [Member]
        switch client {
        case .openAIChat: members = chat(turns, &spelling)
        case .openAIResponses: members = responses(turns, &spelling)
        case .anthropicMessages: members = anthropic(turns, &spelling)
        case .geminiGenerate: members = gemini(turns, &spelling)
        }
        members += settings(&spelling)
        return (Tree.object(spelling.shuffled(members)).text, spelling.stamps)
    }

    /// What changes from request to request and is no part of the prompt, and how to think, which does not change.
    private func settings(_ spelling: inout Spelling) -> [Member] {
        let temperature = Member("temperature", .scalar(spelling.choice(["1", "0.5", "0"])))
        let limit = Tree.scalar(spelling.choice(["4000", "5000"]))
        let choice = spelling.choice(["auto", "none", "auto"])
        let hasTools = !session.tools.isEmpty
        switch client {
        case .openAIChat:
            return [temperature, Member("max_completion_tokens", limit)]
                + (hasTools ? [Member("tool_choice", .string(choice))] : [])
                + (session.thinks ? [Member("reasoning_effort", .string("high"))] : [])
        case .openAIResponses:
            return [temperature, Member("max_output_tokens", limit)]
                + (hasTools ? [Member("tool_choice", .string(choice))] : [])
                + (session.thinks ? [Member("reasoning", .members(["effort": .string("high")]))] : [])
        case .anthropicMessages:
            let thinking = Tree.members(["type": .string("enabled"), "budget_tokens": .scalar("2000")])
            return [temperature, Member("max_tokens", limit)]
                + (hasTools ? [Member("tool_choice", .members(["type": .string(choice)]))] : [])
                + (session.thinks ? [Member("thinking", thinking)] : [])
        case .geminiGenerate:
            let thinking = Tree.members(["thinkingBudget": .scalar("2000")])
            return [
                Member(
                    "generationConfig",
                    .members(["maxOutputTokens": limit, "thinkingConfig": session.thinks ? thinking : nil]))
            ]
        }
    }

    /// What stands for a thought's proof in the client's history.
    func proof(_ number: Int) -> String {
        let value = vendor == .openAIChat ? JSONText.empty : JSONText("RXJ\(number)wcm9vZg==")
        return String(buffer: Signature(origin: vendor, value: value).sealed(for: client).content)
    }

    /// A call's id as the client has it: Gemini's proof stands in it where the form has no other place.
    func id(_ call: AgentSession.Call, of answer: AgentSession.Answer) -> Tree {
        let isFirst = answer.calls.first?.id == call.id
        let signature = vendor == .geminiGenerate && isFirst ? answer.proof.map { Signature(origin: vendor, value: JSONText("RXJ\($0)wcm9vZg==")) } : nil
        return .string(String(buffer: ToolCallID.sealed(JSONText(call.id), signature: signature, for: client).content))
    }

    static let image = "iVBORw0KGgoAAAANSUhEUg=="
    static let file = "JVBERi0xLjQK"

    /// Cache marks that wander: on the last two messages.
    func withMarks(_ messages: [Tree]) -> [Tree] {
        guard session.marksItself else { return messages }
        var messages = messages
        var count = 0
        for place in messages.indices.reversed() where count < 2 && messages[place]["role"] == .string("user") {
            messages[place] = messages[place].markingLastPart
            count += 1
        }
        return messages
    }
}

extension Tree {
    /// - Parameter text: as it stands between quotes.
    static func string(_ text: String) -> Tree { .scalar("\"\(text)\"") }

    /// Members without a value are left out.
    static func members(_ members: KeyValuePairs<String, Tree?>) -> Tree {
        .object(members.compactMap { key, value in value.map { Member(key, $0) } })
    }

    func adding(_ key: String, _ value: Tree) -> Tree {
        guard case .object(let members) = self else { return self }
        return .object(members + [Member(key, value)])
    }

    static let mark = Tree.members(["type": .string("ephemeral")])

    /// A text's content as a list, with a mark on its last part.
    var markingLastPart: Tree {
        guard case .object(var members) = self, let place = members.firstIndex(where: { $0.key == "content" }) else {
            return self
        }
        members[place].value = members[place].value.markingLast
        return .object(members)
    }

    /// A list with a mark on its last element.
    var markingLast: Tree {
        guard case .array(var elements) = self, let last = elements.last else { return self }
        elements[elements.count - 1] = last.adding("cache_control", Self.mark)
        return .array(elements)
    }
}
