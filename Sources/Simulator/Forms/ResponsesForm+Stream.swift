extension ResponsesForm {
    /// `created`, `in_progress`, each item from `added` to `done`, and the terminal event with the usage.
    func stream(of answer: SimulatedAnswer) -> [StreamStep] {
        guard let choice = answer.choices.first else { return [] }
        var events = EventSequence()
        for name in ["created", "in_progress"] {
            events.add(
                "response.\(name)", ["response": response(status: "in_progress", output: [], ending: nil)])
        }
        var index = 0
        if !choice.reasoning.isEmpty {
            add(reasoning: choice.reasoning, at: index, to: &events)
            index += 1
        }
        if choice.toolCalls.isEmpty { add(message: choice, at: index, to: &events) }
        for (position, call) in choice.toolCalls.enumerated() {
            add(call, position: position, at: index + position, to: &events)
        }
        let status = Self.status(choice)
        events.add(
            "response.\(status)",
            ["response": response(status: status, output: items(of: choice), ending: choice)])
        return events.steps
    }

    private func add(reasoning text: String, at index: Int, to events: inout EventSequence) {
        let tokens = SimulatedTokenizer.tokens(of: text)
        events.add("response.output_item.added", ["output_index": .int(index), "item": reasoning(nil)])
        if showsSummary {
            let place: [JSONTree.Member] = [
                .init("item_id", "rs_\(identifier)"), .init("output_index", .int(index)), .init("summary_index", 0),
            ]
            func part(_ text: String) -> JSONTree.Member {
                .init("part", ["type": "summary_text", "text": .string(text)])
            }
            let name = "response.reasoning_summary"
            events.add("\(name)_part.added", .object(place + [part("")]))
            for token in tokens {
                events.add("\(name)_text.delta", .object(place + [.init("delta", .string(token))]), tokens: 1)
            }
            events.add("\(name)_text.done", .object(place + [.init("text", .string(text))]))
            events.add("\(name)_part.done", .object(place + [part(text)]))
        }
        events.add(
            "response.output_item.done", ["output_index": .int(index), "item": reasoning(text)],
            tokens: showsSummary ? 0 : tokens.count)
    }

    private func add(message choice: SimulatedAnswer.Choice, at index: Int, to events: inout EventSequence) {
        let isRefusal = !choice.refusal.isEmpty
        let text = isRefusal ? choice.refusal : choice.text
        let name = isRefusal ? "response.refusal" : "response.output_text"
        let place: [JSONTree.Member] = [
            .init("item_id", "msg_\(identifier)"), .init("output_index", .int(index)), .init("content_index", 0),
        ]
        // Text events carry log probabilities, refusals do not.
        let extra: [JSONTree.Member] = isRefusal ? [] : [.init("logprobs", [])]
        var empty = choice
        if isRefusal { empty.refusal = "" }
        empty.text = ""
        let opening: JSONTree = [
            "id": "msg_\(identifier)", "type": "message", "status": "in_progress", "role": "assistant", "content": [],
        ]
        let emptyPart: JSONTree = isRefusal ? ["type": "refusal", "refusal": ""] : Self.part(empty)
        events.add("response.output_item.added", ["output_index": .int(index), "item": opening])
        events.add("response.content_part.added", .object(place + [.init("part", emptyPart)]))
        for token in SimulatedTokenizer.tokens(of: text) {
            events.add("\(name).delta", .object(place + [.init("delta", .string(token))] + extra), tokens: 1)
        }
        events.add("\(name).done", .object(place + [.init(isRefusal ? "refusal" : "text", .string(text))] + extra))
        events.add("response.content_part.done", .object(place + [.init("part", Self.part(choice))]))
        events.add("response.output_item.done", ["output_index": .int(index), "item": message(choice)])
    }

    private func add(
        _ call: SimulatedAnswer.ToolCall, position: Int, at index: Int, to events: inout EventSequence
    ) {
        let place: [JSONTree.Member] = [
            .init("item_id", "fc_\(identifier)\(position)"), .init("output_index", .int(index)),
        ]
        let name = "response.function_call_arguments"
        events.add(
            "response.output_item.added",
            ["output_index": .int(index), "item": self.call(call, position: position, isDone: false)],
            tokens: SimulatedTokenizer.count(call.name))
        let arguments = call.arguments.compactText
        for token in SimulatedTokenizer.tokens(of: arguments) {
            events.add("\(name).delta", .object(place + [.init("delta", .string(token))]), tokens: 1)
        }
        events.add(
            "\(name).done",
            .object(place + [.init("name", .string(call.name)), .init("arguments", .string(arguments))]))
        events.add(
            "response.output_item.done",
            ["output_index": .int(index), "item": self.call(call, position: position)])
    }
}

/// The events of one stream, numbered from 0.
private struct EventSequence {
    private(set) var steps: [StreamStep] = []

    mutating func add(_ type: String, _ value: JSONTree, tokens: Int = 0) {
        let head: [JSONTree.Member] = [.init("type", .string(type)), .init("sequence_number", .int(steps.count))]
        steps.append(.event(.object(head + (value.members ?? [])), tokens: tokens))
    }
}
