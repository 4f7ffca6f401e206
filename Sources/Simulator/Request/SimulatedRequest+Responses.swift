extension SimulatedRequest {
    /// Reads `POST /responses`. Rendered order: tools, text format, effort and verbosity, instructions, items.
    init(responses body: JSONTree, header: String?) throws(RequestProblem) {
        try self.init(body: body, header: header)
        try ResponsesRules(family: ModelFamily(baseModel)).check(body)
        includesUsage = true
        echoed = body.members ?? []
        maxTokens = try Self.limit("max_output_tokens", in: body, atLeast: 16)
        try readResponsesTools(body)
        readTextFormat(body["text"]?["format"])
        readReasoning(body)
        if let instructions = body["instructions"]?.text {
            prompt.append(PromptBlock(Self.opening(ofRole: "developer"), isContent: false))
            prompt.append(PromptBlock(instructions, extraTokens: Self.messageFraming))
        }
        switch body["input"] {
        case .string(let text)?:
            prompt.append(PromptBlock(Self.opening(ofRole: "user"), isContent: false))
            prompt.append(PromptBlock(text, extraTokens: Self.messageFraming))
            hear(user: text)
        case .array(let items)? where !items.isEmpty:
            for (position, item) in items.enumerated() { try readItem(item, at: position) }
        default:
            throw RequestProblem(
                message: "Missing required parameter: 'input'.", parameter: "input", code: "missing_required_parameter")
        }
        cachePartition = body["prompt_cache_key"]?.text ?? ""
    }

    private mutating func readReasoning(_ body: JSONTree) {
        let effort = body["reasoning"]?["effort"]
        asksThinking = body["reasoning"]?.members != nil && effort != "none"
        showsThinking = isToldToThink || !(body["reasoning"]?["summary"] ?? .null).isNull
        sealsThinking = body["include"]?.elements?.contains("reasoning.encrypted_content") ?? false
        for value in [effort, body["text"]?["verbosity"]] {
            guard let value, !value.isNull else { continue }
            prompt.append(PromptBlock(value.compactText, isContent: false))
        }
    }

    /// Hosted tools are rendered, but never called.
    private mutating func readResponsesTools(_ body: JSONTree) throws(RequestProblem) {
        for (position, tool) in (body["tools"]?.elements ?? []).enumerated() {
            prompt.append(PromptBlock(tool.compactText))
            guard tool["type"] == "function" || tool["type"] == "custom" else { continue }
            guard let name = tool["name"]?.text, !name.isEmpty else {
                throw RequestProblem(
                    message: "Missing required parameter: 'tools[\(position)].name'.",
                    parameter: "tools[\(position)].name", code: "missing_required_parameter")
            }
            tools.append(Tool(name: name, schema: tool["parameters"] ?? .null))
        }
        allowsParallelTools = body["parallel_tool_calls"]?.flag ?? true
        switch body["tool_choice"] {
        case nil, .null, "auto": toolChoice = .auto
        case "none": toolChoice = .none
        case "required": toolChoice = .required
        case .object(let members)?: try readResponsesToolChoice(.object(members))
        default: throw RequestProblem(message: "Invalid value for 'tool_choice'.", parameter: "tool_choice")
        }
    }

    private mutating func readResponsesToolChoice(_ choice: JSONTree) throws(RequestProblem) {
        if choice["type"] == "allowed_tools" {
            let names = Set((choice["tools"]?.elements ?? []).compactMap { $0["name"]?.text })
            tools.removeAll { !names.contains($0.name) }
            toolChoice = choice["mode"] == "required" ? .required : .auto
            return
        }
        guard choice["type"] == "function" || choice["type"] == "custom" else { return }
        guard let name = choice["name"]?.text, tools.contains(where: { $0.name == name }) else {
            throw RequestProblem(
                message: "Tool choice 'function' not found in 'tools' parameter.", parameter: "tool_choice")
        }
        toolChoice = .named(name)
    }

    private mutating func readTextFormat(_ format: JSONTree?) {
        switch format?["type"] {
        case "json_object": responseFormat = .jsonObject
        case "json_schema":
            responseFormat = .jsonSchema(format?["schema"] ?? .null)
            prompt.append(PromptBlock(format?.compactText ?? ""))
        default: break
        }
    }

    private mutating func readItem(_ item: JSONTree, at position: Int) throws(RequestProblem) {
        switch item["type"] {
        case nil, "message": try readMessageItem(item, at: position)
        case "function_call", "custom_tool_call":
            prompt.append(PromptBlock(item.removing("id").compactText))
            hearOther()
        case "function_call_output", "custom_tool_call_output":
            let output = item["output"] ?? .null
            let text = output.text ?? (output.elements ?? []).compactMap { $0["text"]?.text }.joined(separator: "\n")
            prompt.append(
                PromptBlock(Self.opening(ofRole: "tool", id: item["call_id"]?.text ?? ""), isContent: false))
            prompt.append(PromptBlock(text, extraTokens: Self.messageFraming))
            hear(result: text)
        default:
            prompt.append(PromptBlock(item.removing("id").compactText))
            hearOther()
        }
    }

    private mutating func readMessageItem(_ item: JSONTree, at position: Int) throws(RequestProblem) {
        let roles = ["user", "assistant", "system", "developer"]
        guard let role = item["role"]?.text, roles.contains(role) else {
            throw RequestProblem(
                message:
                    "Invalid value for 'input[\(position)].role'. Supported values are: \(roles.joined(separator: ", ")).",
                parameter: "input[\(position)].role", code: "invalid_value")
        }
        prompt.append(PromptBlock(Self.opening(ofRole: role), isContent: false))
        let parts = item["content"]?.elements ?? [["text": item["content"] ?? ""]]
        var texts: [String] = []
        for (index, part) in parts.enumerated() {
            let framing = index == 0 ? Self.messageFraming : 0
            if let text = (part["text"] ?? part["refusal"])?.text {
                texts.append(text)
                prompt.append(PromptBlock(text, extraTokens: framing))
            } else {
                prompt.append(PromptBlock(part.compactText, isContent: false))
                prompt.append(PromptBlock("", extraTokens: framing + Self.mediaTokens))
            }
        }
        if role == "user" { hear(user: texts.joined(separator: "\n")) } else { hearOther() }
    }
}
