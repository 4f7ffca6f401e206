/// Answers of `POST /messages`, complete as Anthropic sends them (Anthropic's API types, 2026-11).
struct AnthropicForm: AnswerForm {
    let request: SimulatedRequest
    let identifier: String
    let cache: CacheReading

    /// What a vendor signs a thinking block with; it must come back unchanged.
    private static let signature = "c2ltdWxhdG9yLXNpZ25hdHVyZQ=="

    var garbage: String {
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":\n\n"
    }

    var streamError: String {
        Self.event(AnthropicError(status: 529, message: "Overloaded", requestID: "req_\(identifier)").body)
    }

    func body(of answer: SimulatedAnswer) -> JSONTree {
        guard let choice = answer.choices.first else { return .null }
        return message(
            content: .array(blocks(of: choice)), stop: .string(Self.reason(choice.finish)),
            sequence: Self.sequence(choice.finish), usage: usage(output: choice.tokens))
    }

    private func message(content: JSONTree, stop: JSONTree, sequence: JSONTree, usage: JSONTree) -> JSONTree {
        var members: [JSONTree.Member] = [
            .init("id", .string("msg_\(identifier)")), .init("type", "message"), .init("role", "assistant"),
            .init("model", .string(request.model)), .init("content", content), .init("stop_reason", stop),
            .init("stop_sequence", sequence), .init("stop_details", .null),
        ]
        if !request.directives.hidesUsage { members.append(.init("usage", usage)) }
        return .object(members)
    }

    private func blocks(of choice: SimulatedAnswer.Choice) -> [JSONTree] {
        var blocks: [JSONTree] = []
        if !choice.reasoning.isEmpty {
            blocks.append([
                "type": "thinking", "thinking": .string(choice.reasoning), "signature": .string(Self.signature),
            ])
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
        }
    }

    private static func sequence(_ finish: SimulatedAnswer.Finish) -> JSONTree {
        if case .stopSequence(let text) = finish { .string(text) } else { .null }
    }

    private func usage(output: Int) -> JSONTree {
        [
            "input_tokens": .int(cache.uncached), "cache_creation_input_tokens": .int(cache.written),
            "cache_read_input_tokens": .int(cache.read),
            "cache_creation": [
                "ephemeral_5m_input_tokens": .int(cache.writtenFiveMinutes),
                "ephemeral_1h_input_tokens": .int(cache.writtenOneHour),
            ],
            "output_tokens": .int(output), "service_tier": "standard",
        ]
    }
}

extension AnthropicForm {
    /// `message_start`, the blocks one after another, `message_delta` with the final usage, `message_stop`.
    func stream(of answer: SimulatedAnswer) -> [StreamStep] {
        guard let choice = answer.choices.first else { return [] }
        let start = message(content: [], stop: .null, sequence: .null, usage: usage(output: 1))
        var steps = [Self.step(["type": "message_start", "message": start]), Self.step(["type": "ping"])]
        var index = 0
        if !choice.reasoning.isEmpty {
            steps += Self.thinking(choice.reasoning, index: index)
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
                ["stop_reason": .string(Self.reason(choice.finish)), "stop_sequence": Self.sequence(choice.finish)]),
        ]
        if !request.directives.hidesUsage {
            members.append(
                .init(
                    "usage",
                    [
                        "input_tokens": .int(cache.uncached), "cache_creation_input_tokens": .int(cache.written),
                        "cache_read_input_tokens": .int(cache.read), "output_tokens": .int(choice.tokens),
                    ]))
        }
        return Self.step(.object(members))
    }

    private static func thinking(_ text: String, index: Int) -> [StreamStep] {
        [start(index, ["type": "thinking", "thinking": "", "signature": ""])]
            + SimulatedTokenizer.tokens(of: text).map {
                delta(index, ["type": "thinking_delta", "thinking": .string($0)], tokens: 1)
            }
            + [delta(index, ["type": "signature_delta", "signature": .string(signature)]), stop(index)]
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
        StreamStep(event(value), tokens: tokens)
    }

    private static func event(_ value: JSONTree) -> String {
        "event: \(value["type"]?.text ?? "message")\ndata: \(value.compactText)\n\n"
    }
}
