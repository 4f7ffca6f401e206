/// Answers of `POST /chat/completions`, complete as OpenAI sends them (OpenAI's API types, 2026-11); DeepSeek's with
/// its two counters besides.
struct OpenAIForm: AnswerForm {
    let request: SimulatedRequest
    let identifier: String
    /// Unix seconds.
    let created: Int
    let vendor: SimulatedVendor
    let cache: CacheReading

    private var id: String { "chatcmpl-\(identifier)" }

    var garbage: String { "data: {\"id\":\"\(id)\",\"choices\":[{\"index\":0,\"delta\":\n\n" }

    func streamError(after events: Int) -> String {
        let error: JSONTree = OpenAIError(
            status: 500, message: "The server had an error while processing your request.", type: "server_error"
        ).body
        return Self.event(error)
    }

    func body(of answer: SimulatedAnswer) -> JSONTree {
        var members: [JSONTree.Member] = head(object: "chat.completion")
        members.append(.init("choices", .array(answer.choices.enumerated().map(whole))))
        if !request.directives.hidesUsage { members.append(.init("usage", usage(of: answer))) }
        members += tail
        return .object(members)
    }

    private func head(object: String) -> [JSONTree.Member] {
        [
            .init("id", .string(id)), .init("object", .string(object)), .init("created", .int(created)),
            .init("model", .string(request.model)),
        ]
    }

    private var tail: [JSONTree.Member] {
        [.init("service_tier", "default"), .init("system_fingerprint", "fp_simulator")]
    }

    private func whole(index: Int, choice: SimulatedAnswer.Choice) -> JSONTree {
        var message: [JSONTree.Member] = [.init("role", "assistant")]
        let hasText = choice.toolCalls.isEmpty
        message.append(.init("content", hasText && choice.refusal.isEmpty ? .string(choice.text) : .null))
        if !choice.reasoning.isEmpty, request.showsThinking {
            message.append(.init("reasoning_content", .string(choice.reasoning)))
        }
        message.append(.init("refusal", choice.refusal.isEmpty ? .null : .string(choice.refusal)))
        if !choice.toolCalls.isEmpty {
            message.append(.init("tool_calls", .array(choice.toolCalls.map(Self.call))))
        }
        message.append(.init("annotations", []))
        return [
            "index": .int(index), "message": .object(message), "logprobs": .null,
            "finish_reason": .string(Self.reason(choice.finish)),
        ]
    }

    static func call(_ call: SimulatedAnswer.ToolCall) -> JSONTree {
        [
            "id": .string("call_\(call.id)"), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments.compactText)],
        ]
    }

    private static func reason(_ finish: SimulatedAnswer.Finish) -> String {
        switch finish {
        case .stop, .stopSequence, .refusal: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        }
    }

    private func usage(of answer: SimulatedAnswer) -> JSONTree {
        var usage: [JSONTree.Member] = [
            .init("prompt_tokens", .int(cache.total)), .init("completion_tokens", .int(answer.tokens)),
            .init("total_tokens", .int(cache.total + answer.tokens)),
            .init(
                "prompt_tokens_details",
                ["cached_tokens": .int(cache.read), "cache_write_tokens": 0, "audio_tokens": 0]),
            .init(
                "completion_tokens_details",
                [
                    "reasoning_tokens": .int(answer.reasoningTokens), "audio_tokens": 0,
                    "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
                ]),
        ]
        if vendor == .deepSeek || vendor == .deepSeekV4 {
            usage.append(.init("prompt_cache_hit_tokens", .int(cache.read)))
            usage.append(.init("prompt_cache_miss_tokens", .int(cache.total - cache.read)))
        }
        return .object(usage)
    }
}

extension OpenAIForm {
    /// Role, deltas, finish, usage when asked for, `[DONE]`. The deltas of several choices take turns.
    func stream(of answer: SimulatedAnswer) -> [StreamStep] {
        var lanes = answer.choices.enumerated().map { lane(index: $0, choice: $1)[...] }
        var steps: [StreamStep] = []
        while lanes.contains(where: { !$0.isEmpty }) {
            for index in lanes.indices {
                if let step = lanes[index].popFirst() { steps.append(step) }
            }
        }
        if request.includesUsage, !request.directives.hidesUsage {
            steps.append(StreamStep(chunk(choices: [], usage: usage(of: answer))))
        }
        steps.append(StreamStep("data: [DONE]\n\n"))
        return steps
    }

    private static func event(_ value: JSONTree) -> String { "data: \(value.compactText)\n\n" }

    /// With `include_usage` every chunk but the last has a null usage.
    private func chunk(choices: JSONTree, usage: JSONTree = .null) -> String {
        var members = head(object: "chat.completion.chunk")
        members += tail
        members.append(.init("choices", choices))
        if request.includesUsage { members.append(.init("usage", usage)) }
        return Self.event(.object(members))
    }

    private func chunk(index: Int, delta: JSONTree, finish: JSONTree = .null) -> String {
        chunk(choices: [["index": .int(index), "delta": delta, "logprobs": .null, "finish_reason": finish]])
    }

    private func lane(index: Int, choice: SimulatedAnswer.Choice) -> [StreamStep] {
        let content: JSONTree = choice.toolCalls.isEmpty && choice.refusal.isEmpty ? "" : .null
        var steps = [
            StreamStep(chunk(index: index, delta: ["role": "assistant", "content": content, "refusal": .null]))
        ]
        for token in request.showsThinking ? SimulatedTokenizer.tokens(of: choice.reasoning) : [] {
            steps.append(StreamStep(chunk(index: index, delta: ["reasoning_content": .string(token)]), tokens: 1))
        }
        for token in SimulatedTokenizer.tokens(of: choice.text) {
            steps.append(StreamStep(chunk(index: index, delta: ["content": .string(token)]), tokens: 1))
        }
        for token in SimulatedTokenizer.tokens(of: choice.refusal) {
            steps.append(StreamStep(chunk(index: index, delta: ["refusal": .string(token)]), tokens: 1))
        }
        for (position, call) in choice.toolCalls.enumerated() {
            let opening: JSONTree = [
                "index": .int(position), "id": .string("call_\(call.id)"), "type": "function",
                "function": ["name": .string(call.name), "arguments": ""],
            ]
            steps.append(
                StreamStep(
                    chunk(index: index, delta: ["tool_calls": [opening]]), tokens: SimulatedTokenizer.count(call.name)))
            for token in SimulatedTokenizer.tokens(of: call.arguments.compactText) {
                let piece: JSONTree = ["index": .int(position), "function": ["arguments": .string(token)]]
                steps.append(StreamStep(chunk(index: index, delta: ["tool_calls": [piece]]), tokens: 1))
            }
        }
        steps.append(StreamStep(chunk(index: index, delta: [:], finish: .string(Self.reason(choice.finish)))))
        return steps
    }
}
