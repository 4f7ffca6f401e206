/// What Anthropic refuses on `POST /messages` (as of 2026-11).
struct AnthropicRules {
    let family: ModelFamily
    let version: AnthropicVersion

    /// Names of the other forms; anything else unknown is let pass, since the API grows.
    private static let foreign = [
        "n", "seed", "stop", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs",
        "response_format", "reasoning_effort", "reasoning", "max_completion_tokens", "max_output_tokens",
        "stream_options", "parallel_tool_calls", "modalities", "user", "functions", "function_call", "input",
        "instructions", "contents", "generationConfig", "systemInstruction", "prompt_cache_key", "store", "verbosity",
    ]

    func check(_ body: JSONTree) throws(RequestProblem) {
        for name in Self.foreign where body[name] != nil {
            throw RequestProblem(message: "\(name): Extra inputs are not permitted", parameter: name)
        }
        let effort = body["output_config"]?["effort"] ?? .null
        guard [.null, "low", "medium", "high", "xhigh", "max"].contains(effort) else {
            throw RequestProblem(
                message: "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
                parameter: "output_config")
        }
        if let format = body["output_config"]?["format"], !format.isNull,
            format["type"] != "json_schema" || format["schema"]?.members == nil
        {
            throw RequestProblem(
                message: "output_config.format: a json_schema with its schema is required", parameter: "output_config")
        }
        try checkSampling(body)
        try checkThinking(body)
        try checkTools(body)
        for (position, stop) in (body["stop_sequences"]?.elements ?? []).enumerated() {
            guard stop.text?.allSatisfy(\.isWhitespace) ?? true else { continue }
            throw RequestProblem(
                message: "stop_sequences.\(position): each stop sequence must contain non-whitespace",
                parameter: "stop_sequences")
        }
        for (position, block) in (body["system"]?.elements ?? []).enumerated() {
            try Self.checkText(block, at: "system.\(position)", name: "system")
        }
        try AnthropicTurns(family: family, version: version).check(try SimulatedRequest.messages(of: body), of: body)
    }

    private func checkSampling(_ body: JSONTree) throws(RequestProblem) {
        for name in ["temperature", "top_p", "top_k"] {
            guard let value = body[name], !value.isNull else { continue }
            guard version == .june2023 else {
                throw RequestProblem(
                    message: "\(name): is not supported by anthropic-version \(version.rawValue)", parameter: name)
            }
            let isDefault = name != "top_k" && (value == 1 || value == .number("1.0"))
            guard family.refusesSampling, !isDefault else { continue }
            throw RequestProblem(message: "`\(name)` is deprecated for this model.", parameter: name)
        }
    }

    private func checkThinking(_ body: JSONTree) throws(RequestProblem) {
        guard let thinking = body["thinking"], !thinking.isNull else { return }
        switch thinking["type"] {
        case "adaptive", "between_tools": break
        case "disabled":
            guard !family.alwaysThinks else {
                throw RequestProblem(
                    message: "thinking.type: 'disabled' is not supported for this model.", parameter: "thinking")
            }
            return
        case "enabled":
            guard let budget = thinking["budget_tokens"]?.integer, budget >= 1024 else {
                throw RequestProblem(
                    message: "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
                    parameter: "thinking")
            }
            guard budget < body["max_tokens"]?.integer ?? Int.max else {
                throw RequestProblem(
                    message: "`max_tokens` must be greater than `thinking.budget_tokens`.", parameter: "max_tokens")
            }
        default:
            throw RequestProblem(
                message:
                    "thinking: Input tag does not match any of the expected tags: 'adaptive', 'between_tools', 'disabled', 'enabled'",
                parameter: "thinking")
        }
        let choice = body["tool_choice"]?["type"]
        if choice == "any" || choice == "tool" {
            throw RequestProblem(
                message: "Thinking may not be enabled when tool_choice forces tool use.", parameter: "tool_choice")
        }
        if let temperature = body["temperature"], temperature != 1, temperature != .number("1.0") {
            throw RequestProblem(
                message: "`temperature` may only be set to 1 when thinking is enabled.", parameter: "temperature")
        }
    }

    private func checkTools(_ body: JSONTree) throws(RequestProblem) {
        let tools = body["tools"]?.elements ?? []
        if tools.isEmpty, let choice = body["tool_choice"], !choice.isNull {
            throw RequestProblem(
                message: "tool_choice: may only be specified while providing tools", parameter: "tool_choice")
        }
        for (position, tool) in tools.enumerated() where tool["type"] == nil || tool["type"] == "custom" {
            if tool["function"] != nil || tool["parameters"] != nil {
                throw RequestProblem(
                    message:
                        "tools.\(position).custom.\(tool["function"] == nil ? "parameters" : "function"): Extra inputs are not permitted",
                    parameter: "tools")
            }
            if let name = tool["name"]?.text, !Self.isIdentifier(name, most: 128) {
                throw RequestProblem(
                    message: "tools.\(position).custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
                    parameter: "tools")
            }
            guard let schema = tool["input_schema"], schema["type"] == "object" else {
                let place = tool["input_schema"] == nil ? "input_schema" : "input_schema.type"
                throw RequestProblem(message: "tools.\(position).custom.\(place): Field required", parameter: "tools")
            }
        }
    }

    static func isIdentifier(_ text: String, most: Int) -> Bool {
        (1...most).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                $0 < 0x80
                    && (Character(Unicode.Scalar($0)).isLetter || (0x30...0x39).contains($0) || $0 == 0x5F
                        || $0 == 0x2D)
            }
    }

    static func checkText(_ block: JSONTree, at path: String, name: String) throws(RequestProblem) {
        guard block["type"] == "text" else { return }
        guard let text = block["text"]?.text else {
            throw RequestProblem(message: "\(path).text: Field required", parameter: name)
        }
        guard !text.isEmpty else {
            throw RequestProblem(message: "\(name): text content blocks must be non-empty", parameter: name)
        }
        guard !text.allSatisfy(\.isWhitespace) else {
            throw RequestProblem(
                message: "\(name): text content blocks must contain non-whitespace text", parameter: name)
        }
    }
}
