/// Answers of `POST /messages`, complete as Anthropic sends them (Anthropic's API types, 2026-11).
struct AnthropicForm: AnswerForm {
    let request: SimulatedRequest
    let identifier: String
    let cache: CacheReading

    var garbage: String {
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":\n\n"
    }

    func streamError(after events: Int) -> String {
        StreamStep.event(
            AnthropicError(status: 529, message: "Overloaded", requestID: "req_\(identifier)").body
        ).text
    }

    func body(of answer: SimulatedAnswer) -> JSONTree {
        guard let choice = answer.choices.first else { return .null }
        return message(
            content: .array(blocks(of: choice)), stop: .string(Self.reason(choice.finish)),
            choice: choice, usage: usage(output: choice))
    }

    /// - Parameter choice: nil: not known yet.
    private func message(
        content: JSONTree, stop: JSONTree, choice: SimulatedAnswer.Choice?, usage: JSONTree
    ) -> JSONTree {
        var members: [JSONTree.Member] = [
            .init("id", .string("msg_\(identifier)")), .init("type", "message"), .init("role", "assistant"),
            .init("model", .string(request.model)), .init("content", content), .init("stop_reason", stop),
            .init("stop_sequence", choice.map { Self.sequence($0.finish) } ?? .null),
            .init("stop_details", choice.map(Self.details) ?? .null),
        ]
        if !request.directives.hidesUsage { members.append(.init("usage", usage)) }
        return .object(members)
    }

    private func blocks(of choice: SimulatedAnswer.Choice) -> [JSONTree] {
        var blocks: [JSONTree] = []
        if !choice.reasoning.isEmpty {
            blocks.append(thought(choice.reasoning))
        }
        if !choice.text.isEmpty { blocks.append(["type": "text", "text": .string(choice.text)]) }
        for call in choice.toolCalls {
            blocks.append([
                "type": "tool_use", "id": .string("toolu_\(call.id)"), "name": .string(call.name),
                "input": call.arguments,
            ])
        }
        return blocks
    }

    private static func reason(_ finish: SimulatedAnswer.Finish) -> String {
        switch finish {
        case .stop: "end_turn"
        case .stopSequence: "stop_sequence"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        case .refusal: "refusal"
        }
    }

    /// A refusal is no text here: the classifier stops the answer and says why.
    private static func details(_ choice: SimulatedAnswer.Choice) -> JSONTree {
        guard choice.finish == .refusal else { return .null }
        return ["type": "refusal", "category": "general_harms", "explanation": .string(choice.refusal)]
    }

    /// A whole block; its signature holds for what is shown of the thought.
    private func thought(_ text: String) -> JSONTree {
        if request.directives.redactsThinking {
            return ["type": "redacted_thinking", "data": .string(Seal.anthropic.seal(of: text))]
        }
        let shown = request.showsThinking ? text : ""
        return ["type": "thinking", "thinking": .string(shown), "signature": .string(Seal.anthropic.seal(of: shown))]
    }

    /// A refusal's explanation is not billed.
    private static func billed(_ choice: SimulatedAnswer.Choice) -> Int {
        choice.tokens - SimulatedTokenizer.count(choice.refusal)
    }

    private static func sequence(_ finish: SimulatedAnswer.Finish) -> JSONTree {
        if case .stopSequence(let text) = finish { .string(text) } else { .null }
    }

    /// - Parameter output: nil: the stream has only begun.
    private func usage(output choice: SimulatedAnswer.Choice?) -> JSONTree {
        [
            "input_tokens": .int(cache.uncached), "cache_creation_input_tokens": .int(cache.written),
            "cache_read_input_tokens": .int(cache.read),
            "cache_creation": [
                "ephemeral_5m_input_tokens": .int(cache.writtenFiveMinutes),
                "ephemeral_1h_input_tokens": .int(cache.writtenOneHour),
            ],
            "output_tokens": .int(choice.map(Self.billed) ?? 1),
            "output_tokens_details": ["thinking_tokens": .int(choice?.reasoningTokens ?? 0)],
            "service_tier": "standard",
        ]
    }
}

extension AnthropicForm {
    /// `message_start`, the blocks one after another, `message_delta` with the final usage, `message_stop`.
    func stream(of answer: SimulatedAnswer) -> [StreamStep] {
        guard let choice = answer.choices.first else { return [] }
        let start = message(content: [], stop: .null, choice: nil, usage: usage(output: nil))
        var steps = [Self.step(["type": "message_start", "message": start]), Self.step(["type": "ping"])]
        var index = 0
        if !choice.reasoning.isEmpty {
            steps += thinking(choice.reasoning, index: index)
            index += 1
        }
        if !choice.text.isEmpty {
            steps += Self.text(choice.text, index: index)
            index += 1
        }
        for call in choice.toolCalls {
            steps += Self.toolUse(call, index: index)
            index += 1
        }
        steps.append(end(of: choice))
        steps.append(Self.step(["type": "message_stop"]))
        return steps
    }

    private func end(of choice: SimulatedAnswer.Choice) -> StreamStep {
        var members: [JSONTree.Member] = [
            .init("type", "message_delta"),
            .init(
                "delta",
                [
                    "stop_reason": .string(Self.reason(choice.finish)),
                    "stop_sequence": Self.sequence(choice.finish), "stop_details": Self.details(choice),
                ]),
        ]
        if !request.directives.hidesUsage {
            members.append(
                .init(
                    "usage",
                    [
                        "input_tokens": .int(cache.uncached), "cache_creation_input_tokens": .int(cache.written),
                        "cache_read_input_tokens": .int(cache.read), "output_tokens": .int(Self.billed(choice)),
                        "output_tokens_details": ["thinking_tokens": .int(choice.reasoningTokens)],
                    ]))
        }
        return Self.step(.object(members))
    }

    private func thinking(_ text: String, index: Int) -> [StreamStep] {
        let block = thought(text)
        guard let shown = block["thinking"]?.text, let signature = block["signature"] else {
            return [Self.start(index, block, tokens: SimulatedTokenizer.count(text)), Self.stop(index)]
        }
        return [Self.start(index, ["type": "thinking", "thinking": "", "signature": ""])]
            + SimulatedTokenizer.tokens(of: shown).map {
                Self.delta(index, ["type": "thinking_delta", "thinking": .string($0)], tokens: 1)
            }
            + [Self.delta(index, ["type": "signature_delta", "signature": signature]), Self.stop(index)]
    }

    private static func text(_ text: String, index: Int) -> [StreamStep] {
        [start(index, ["type": "text", "text": ""])]
            + SimulatedTokenizer.tokens(of: text).map {
                delta(index, ["type": "text_delta", "text": .string($0)], tokens: 1)
            } + [stop(index)]
    }

    private static func toolUse(_ call: SimulatedAnswer.ToolCall, index: Int) -> [StreamStep] {
        let opening: JSONTree = [
            "type": "tool_use", "id": .string("toolu_\(call.id)"), "name": .string(call.name), "input": [:],
        ]
        let pieces = [""] + SimulatedTokenizer.tokens(of: call.arguments.compactText)
        return [start(index, opening, tokens: SimulatedTokenizer.count(call.name))]
            + pieces.map {
                delta(index, ["type": "input_json_delta", "partial_json": .string($0)], tokens: $0.isEmpty ? 0 : 1)
            } + [stop(index)]
    }

    private static func start(_ index: Int, _ block: JSONTree, tokens: Int = 0) -> StreamStep {
        step(["type": "content_block_start", "index": .int(index), "content_block": block], tokens: tokens)
    }

    private static func delta(_ index: Int, _ delta: JSONTree, tokens: Int = 0) -> StreamStep {
        step(["type": "content_block_delta", "index": .int(index), "delta": delta], tokens: tokens)
    }

    private static func stop(_ index: Int) -> StreamStep {
        step(["type": "content_block_stop", "index": .int(index)])
    }

    private static func step(_ value: JSONTree, tokens: Int = 0) -> StreamStep {
        .event(value, tokens: tokens)
    }
}
