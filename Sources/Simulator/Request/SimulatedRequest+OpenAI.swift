extension SimulatedRequest {
    /// Reads `POST /chat/completions`. Rendered order: tools, response format, reasoning effort and verbosity, messages.
    init(openAI body: JSONTree, header: String?) throws(RequestProblem) {
        try self.init(body: body, header: header)
        let family = ModelFamily(baseModel)
        try OpenAIRules(family: family, thinks: isToldToThink).check(body)
        asksThinking = !(body["reasoning_effort"] ?? .null).isNull && body["reasoning_effort"] != "none"
        asksThinking = asksThinking || body["thinking"]?["type"] == "enabled" || body["enable_thinking"] == true
        showsThinking = isToldToThink || !family.isOpenAIReasoning
        includesUsage = body["stream_options"]?["include_usage"]?.flag ?? false
        let limits = [
            try Self.limit("max_completion_tokens", in: body, atLeast: 1),
            try Self.limit("max_tokens", in: body, atLeast: 1),
        ]
        maxTokens = limits.compactMap { $0 }.first
        choices = try Self.limit("n", in: body, atLeast: 1) ?? 1
        guard choices <= 128 else { throw RequestProblem(message: "'n' must be at most 128.", parameter: "n") }
        try readStops(body["stop"])
        try readOpenAITools(body)
        readFormat(body["response_format"])
        for name in ["reasoning_effort", "verbosity"] {
            guard let value = body[name], !value.isNull else { continue }
            prompt.append(PromptBlock(name + value.compactText, isContent: false))
        }
        for (position, message) in try Self.messages(of: body).enumerated() {
            try readOpenAIMessage(message, at: position)
        }
        cachePartition = (body["prompt_cache_key"] ?? body["user_id"])?.text ?? ""
    }

    private mutating func readStops(_ value: JSONTree?) throws(RequestProblem) {
        switch value {
        case nil, .null: break
        case .string(let stop): stops = [stop]
        case .array(let elements) where elements.count <= 4 && elements.allSatisfy({ $0.text != nil }):
            stops = elements.compactMap(\.text)
        default:
            throw RequestProblem(message: "'stop' must be a string or up to four strings.", parameter: "stop")
        }
        stops.removeAll(where: \.isEmpty)
    }

    private mutating func readOpenAITools(_ body: JSONTree) throws(RequestProblem) {
        for (position, tool) in (body["tools"]?.elements ?? []).enumerated() {
            let definition = tool["function"] ?? tool["custom"]
            guard let name = definition?["name"]?.text, !name.isEmpty else {
                throw RequestProblem(
                    message: "Missing required parameter: 'tools[\(position)].function.name'.",
                    parameter: "tools[\(position)].function.name")
            }
            tools.append(Tool(name: name, schema: definition?["parameters"] ?? .null))
            prompt.append(PromptBlock(tool.compactText))
        }
        allowsParallelTools = body["parallel_tool_calls"]?.flag ?? true
        switch body["tool_choice"] {
        case nil, .null, "auto": toolChoice = .auto
        case "none": toolChoice = .none
        case "required": toolChoice = .required
        case .object(let members)?:
            try readToolChoice(.object(members))
        default: throw RequestProblem(message: "Invalid value for 'tool_choice'.", parameter: "tool_choice")
        }
    }

    private mutating func readToolChoice(_ choice: JSONTree) throws(RequestProblem) {
        if let allowed = choice["allowed_tools"] {
            let names = Set((allowed["tools"]?.elements ?? []).compactMap { $0["function"]?["name"]?.text })
            tools.removeAll { !names.contains($0.name) }
            toolChoice = allowed["mode"] == "required" ? .required : .auto
            return
        }
        guard let name = (choice["function"] ?? choice["custom"])?["name"]?.text,
            tools.contains(where: { $0.name == name })
        else {
            throw RequestProblem(message: "'tool_choice' names no tool of the request.", parameter: "tool_choice")
        }
        toolChoice = .named(name)
    }

    private mutating func readFormat(_ format: JSONTree?) {
        guard let format else { return }
        switch format["type"] {
        case "json_object": responseFormat = .jsonObject
        case "json_schema":
            responseFormat = .jsonSchema(format["json_schema"]?["schema"] ?? .null)
            prompt.append(PromptBlock(format.compactText))
        default: break
        }
    }

    private mutating func readOpenAIMessage(_ message: JSONTree, at position: Int) throws(RequestProblem) {
        let roles = ["system", "developer", "user", "assistant", "tool", "function"]
        guard let role = message["role"]?.text, roles.contains(role) else {
            throw RequestProblem(
                message: "'messages[\(position)].role' must be one of \(roles.joined(separator: ", ")).",
                parameter: "messages[\(position)].role")
        }
        let idText = message["tool_call_id"]?.text ?? message["name"]?.text ?? ""
        prompt.append(PromptBlock(Self.opening(ofRole: role, id: idText), isContent: false))
        let text = renderOpenAIContent(message["content"] ?? .null)
        if let reasoning = message["reasoning_content"]?.text, !reasoning.isEmpty {
            prompt.append(PromptBlock(reasoning))
        }
        for call in message["tool_calls"]?.elements ?? [] { prompt.append(PromptBlock(call.compactText)) }
        switch role {
        case "user": hear(user: text)
        case "tool", "function": hear(result: text)
        default: hearOther()
        }
    }

    static func opening(ofRole role: String, id: String = "") -> String { role + "\n" + id }

    /// Appends the content's blocks, the first of them with the message's framing; answers the text.
    private mutating func renderOpenAIContent(_ content: JSONTree) -> String {
        guard let parts = content.elements else {
            let text = content.text ?? ""
            prompt.append(PromptBlock(text, extraTokens: Self.messageFraming))
            return text
        }
        var texts: [String] = []
        for (position, part) in parts.enumerated() {
            let framing = position == 0 ? Self.messageFraming : 0
            if let text = (part["text"] ?? part["refusal"])?.text {
                texts.append(text)
                prompt.append(PromptBlock(text, extraTokens: framing))
            } else {
                prompt.append(PromptBlock(part.compactText, isContent: false))
                prompt.append(PromptBlock("", extraTokens: framing + Self.mediaTokens))
            }
        }
        return texts.joined(separator: "\n")
    }
}
