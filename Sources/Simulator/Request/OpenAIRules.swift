/// What OpenAI and the vendors of its form refuse on `POST /chat/completions` (as of 2026-11).
struct OpenAIRules {
    let family: ModelFamily
    /// The model is told to think, so DeepSeek wants its thoughts back.
    let thinks: Bool

    func check(_ body: JSONTree) throws(RequestProblem) {
        try checkModel(body)
        try checkTools(body)
        let messages = try SimulatedRequest.messages(of: body)
        for (position, message) in messages.enumerated() { try checkMessage(message, at: position) }
        try checkCalls(messages)
        if family.isDeepSeek { try checkThoughts(messages) }
    }

    private func checkModel(_ body: JSONTree) throws(RequestProblem) {
        if family.isOpenAIReasoning, let limit = body["max_tokens"], !limit.isNull {
            throw RequestProblem(
                message:
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                parameter: "max_tokens", code: "unsupported_parameter")
        }
        let effort = body["reasoning_effort"] ?? .null
        try Self.checkEffort(effort, name: "reasoning_effort")
        if family.refusesEffortNone, effort == "none" {
            throw RequestProblem(
                message: "Unsupported value: 'reasoning_effort' does not support 'none' with this model.",
                parameter: "reasoning_effort", code: "unsupported_value")
        }
        let hasTools = !(body["tools"]?.elements ?? []).isEmpty
        let reasons = family.refusesEffortNone || !effort.isNull && effort != "none"
        if hasTools, reasons, family.refusesToolsWithReasoningOnChat {
            throw RequestProblem(
                message:
                    "Function tools with reasoning_effort are not supported for this model in /v1/chat/completions. Please use /v1/responses instead.",
                parameter: "reasoning_effort")
        }
        let format = body["response_format"]?["type"]
        if format == "json_schema", body["response_format"]?["json_schema"]?["name"]?.text == nil {
            throw RequestProblem(
                message: "Missing required parameter: 'response_format.json_schema.name'.",
                parameter: "response_format.json_schema.name", code: "missing_required_parameter")
        }
        if family.isDeepSeek, format == "json_schema" {
            throw RequestProblem(message: "This response_format type is unavailable now", parameter: "response_format")
        }
        if family.isOpenAI, format == "json_object",
            !(body["messages"]?.compactText.lowercased().contains("json") ?? false)
        {
            throw RequestProblem(
                message:
                    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
                parameter: "messages")
        }
        for name in ["system", "contents", "input", "max_output_tokens", "stop_sequences", "generationConfig"]
        where family.isOpenAI && body[name] != nil {
            throw RequestProblem(
                message: "Unknown parameter: '\(name)'.", parameter: name, code: "unknown_parameter")
        }
    }

    static func checkEffort(_ effort: JSONTree, name: String) throws(RequestProblem) {
        let known: [JSONTree] = [.null, "none", "minimal", "low", "medium", "high", "xhigh", "max"]
        guard !known.contains(effort) else { return }
        throw RequestProblem(
            message:
                "Invalid value: '\(effort.text ?? effort.compactText)'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh' and 'max'.",
            parameter: name, code: "invalid_value")
    }

    private func checkTools(_ body: JSONTree) throws(RequestProblem) {
        guard let tools = body["tools"], !tools.isNull else {
            guard let choice = body["tool_choice"], !choice.isNull, choice != "none", family.isOpenAI else { return }
            throw RequestProblem(
                message: "'tool_choice' is only allowed when 'tools' are specified.", parameter: "tool_choice")
        }
        if tools.elements?.isEmpty ?? false, family.isOpenAI {
            throw RequestProblem(
                message:
                    "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                parameter: "tools", code: "empty_array")
        }
        for (position, tool) in (tools.elements ?? []).enumerated() {
            guard let name = (tool["function"] ?? tool["custom"])?["name"]?.text, !name.isEmpty else { continue }
            let isPlain = name.utf8.allSatisfy {
                $0 < 0x80
                    && (Character(Unicode.Scalar($0)).isLetter || (0x30...0x39).contains($0) || $0 == 0x5F
                        || $0 == 0x2D)
            }
            guard isPlain, name.utf8.count <= 64 else {
                throw RequestProblem(
                    message:
                        "Invalid 'tools[\(position)].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
                    parameter: "tools[\(position)].function.name", code: "invalid_value")
            }
        }
    }

    private func checkMessage(_ message: JSONTree, at position: Int) throws(RequestProblem) {
        let path = "messages[\(position)]"
        if family.isDeepSeek, message["role"] == "developer" {
            throw RequestProblem(
                message:
                    "Failed to deserialize the JSON body into the target type: \(path).role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`",
                parameter: "\(path).role")
        }
        let hasContent = !(message["content"] ?? .null).isNull
        let mayBeEmpty =
            message["role"] == "assistant"
            && ["tool_calls", "function_call", "refusal", "audio"].contains { !(message[$0] ?? .null).isNull }
        guard hasContent || mayBeEmpty || message["role"]?.text == nil else {
            throw RequestProblem(
                message: "Invalid value for 'content': expected a string, got null.", parameter: "\(path).content")
        }
        if let parts = message["content"]?.elements { try checkParts(parts, of: message, path: path) }
        for (index, call) in (message["tool_calls"]?.elements ?? []).enumerated() {
            guard call["id"]?.text?.isEmpty == false else {
                throw RequestProblem(
                    message: "Missing required parameter: '\(path).tool_calls[\(index)].id'.",
                    parameter: "\(path).tool_calls[\(index)].id", code: "missing_required_parameter")
            }
            guard let function = call["function"], function["arguments"]?.text == nil else { continue }
            throw RequestProblem(
                message: "Invalid type for '\(path).tool_calls[\(index)].function.arguments': expected a string.",
                parameter: "\(path).tool_calls[\(index)].function.arguments", code: "invalid_type")
        }
    }

    private func checkParts(_ parts: [JSONTree], of message: JSONTree, path: String) throws(RequestProblem) {
        let kinds: [JSONTree] =
            switch message["role"] {
            case "user": ["text", "image_url", "input_audio", "file", "video_url", "video"]
            case "assistant": ["text", "refusal"]
            default: ["text"]
            }
        for (index, part) in parts.enumerated() where !kinds.contains(part["type"] ?? .null) {
            let names = kinds.compactMap(\.text).joined(separator: "', '")
            throw RequestProblem(
                message: "Invalid value: '\(part["type"]?.text ?? "")'. Supported values are: '\(names)'.",
                parameter: "\(path).content[\(index)].type", code: "invalid_value")
        }
        for (index, part) in parts.enumerated() {
            try MediaRules.checkChat(part, at: "\(path).content[\(index)]")
        }
    }

    /// Each call is answered before anybody else speaks.
    private func checkCalls(_ messages: [JSONTree]) throws(RequestProblem) {
        var open: [String] = []
        for (position, message) in messages.enumerated() {
            if message["role"] == "tool" {
                guard let id = message["tool_call_id"]?.text else {
                    throw RequestProblem(
                        message: "Missing required parameter: 'messages[\(position)].tool_call_id'.",
                        parameter: "messages[\(position)].tool_call_id", code: "missing_required_parameter")
                }
                guard let found = open.firstIndex(of: id) else {
                    throw RequestProblem(
                        message:
                            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
                        parameter: "messages.[\(position)].role")
                }
                open.remove(at: found)
            } else {
                guard open.isEmpty else { throw Self.unanswered(open, at: position) }
                open = (message["tool_calls"]?.elements ?? []).compactMap { $0["id"]?.text }
            }
        }
        guard open.isEmpty else { throw Self.unanswered(open, at: messages.count) }
    }

    private static func unanswered(_ calls: [String], at position: Int) -> RequestProblem {
        RequestProblem(
            message:
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: \(calls.joined(separator: ", "))",
            parameter: "messages.[\(position)].role")
    }

    /// In thinking mode the thoughts of the running turn come back with its calls.
    private func checkThoughts(_ messages: [JSONTree]) throws(RequestProblem) {
        guard thinks else { return }
        let start = messages.lastIndex { $0["role"] == "user" } ?? -1
        for (position, message) in messages.enumerated() where position > start {
            guard !(message["tool_calls"]?.elements ?? []).isEmpty, message["reasoning_content"]?.text == nil else {
                continue
            }
            throw RequestProblem(
                message: "Missing `reasoning_content` field in the assistant message at message index \(position)",
                parameter: "messages")
        }
    }
}
