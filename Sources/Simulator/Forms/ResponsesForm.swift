/// Answers of `POST /responses`, complete as OpenAI sends them (OpenAI's API types, 2026-11). Nothing is stored.
struct ResponsesForm: AnswerForm {
    let request: SimulatedRequest
    let identifier: String
    /// Unix seconds.
    let created: Int
    let cache: CacheReading

    var garbage: String {
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\n\n"
    }

    func streamError(after events: Int) -> String {
        StreamStep.event([
            "type": "error", "code": "server_error",
            "message": "The server had an error while processing your request.", "param": .null,
            "sequence_number": .int(events),
        ]).text
    }

    func body(of answer: SimulatedAnswer) -> JSONTree {
        guard let choice = answer.choices.first else { return .null }
        return response(status: Self.status(choice), output: items(of: choice), ending: choice)
    }

    /// - Parameter ending: nil: the answer is not known yet.
    func response(status: String, output: [JSONTree], ending: SimulatedAnswer.Choice?) -> JSONTree {
        let isCut = ending?.finish == .length
        var members: [JSONTree.Member] = [
            .init("id", "resp_\(identifier)"), .init("object", "response"), .init("created_at", .int(created)),
        ]
        if status == "completed" { members.append(.init("completed_at", .int(created))) }
        members += [
            .init("status", .string(status)), .init("background", false), .init("error", .null),
            .init("incomplete_details", isCut ? ["reason": "max_output_tokens"] : .null),
        ]
        for name in ["instructions", "max_output_tokens"] { members.append(.init(name, echo(name, .null))) }
        members += [.init("model", .string(request.model)), .init("output", .array(output))]
        let echoed: [(String, JSONTree)] = [
            ("parallel_tool_calls", true), ("previous_response_id", .null), ("prompt_cache_key", .null),
            ("reasoning", ["effort": .null, "summary": .null]), ("store", true), ("temperature", .number("1.0")),
            ("text", ["format": ["type": "text"]]), ("tool_choice", "auto"), ("tools", []),
            ("top_p", .number("1.0")), ("truncation", "disabled"), ("metadata", [:]),
        ]
        members += echoed.map { .init($0.0, echo($0.0, $0.1)) }
        members += [
            .init("service_tier", "default"),
            .init("usage", request.directives.hidesUsage ? .null : ending.map(usage) ?? .null),
        ]
        return .object(members)
    }

    /// What the request said, or the vendor's default.
    private func echo(_ name: String, _ otherwise: JSONTree) -> JSONTree {
        request.echoed.first { $0.name == name }?.value ?? otherwise
    }

    static func status(_ choice: SimulatedAnswer.Choice) -> String {
        choice.finish == .length ? "incomplete" : "completed"
    }

    func items(of choice: SimulatedAnswer.Choice) -> [JSONTree] {
        var items: [JSONTree] = []
        if !choice.reasoning.isEmpty { items.append(reasoning(choice.reasoning)) }
        if choice.toolCalls.isEmpty { items.append(message(choice)) }
        return items + choice.toolCalls.enumerated().map { call($1, position: $0) }
    }

    /// - Parameter text: nil: the item has just been added.
    func reasoning(_ text: String?) -> JSONTree {
        var summary: [JSONTree] = []
        if let text, showsSummary { summary = [["type": "summary_text", "text": .string(text)]] }
        var members: [JSONTree.Member] = [
            .init("id", "rs_\(identifier)"), .init("type", "reasoning"), .init("summary", .array(summary)),
        ]
        if request.sealsThinking {
            // The first one of a stream is not the one to keep.
            members.append(.init("encrypted_content", .string(Seal.openAI.seal(of: text ?? ""))))
        }
        return .object(members)
    }

    var showsSummary: Bool { request.showsThinking && !request.directives.redactsThinking }

    func message(_ choice: SimulatedAnswer.Choice) -> JSONTree {
        [
            "id": "msg_\(identifier)", "type": "message", "status": .string(Self.status(choice)),
            "role": "assistant", "content": [Self.part(choice)],
        ]
    }

    static func part(_ choice: SimulatedAnswer.Choice) -> JSONTree {
        guard choice.refusal.isEmpty else { return ["type": "refusal", "refusal": .string(choice.refusal)] }
        return ["type": "output_text", "text": .string(choice.text), "annotations": [], "logprobs": []]
    }

    func call(_ call: SimulatedAnswer.ToolCall, position: Int, isDone: Bool = true) -> JSONTree {
        [
            "id": "fc_\(identifier)\(position)", "type": "function_call",
            "status": isDone ? "completed" : "in_progress",
            "arguments": .string(isDone ? call.arguments.compactText : ""), "call_id": "call_\(call.id)",
            "name": .string(call.name),
        ]
    }

    private func usage(_ choice: SimulatedAnswer.Choice) -> JSONTree {
        [
            "input_tokens": .int(cache.total),
            "input_tokens_details": ["cached_tokens": .int(cache.read), "cache_write_tokens": 0],
            "output_tokens": .int(choice.tokens),
            "output_tokens_details": ["reasoning_tokens": .int(choice.reasoningTokens)],
            "total_tokens": .int(cache.total + choice.tokens),
        ]
    }
}
