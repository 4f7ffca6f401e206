/// What OpenAI refuses on `POST /responses` (as of 2026-11).
struct ResponsesRules {
    let family: ModelFamily

    /// Chat's names, and where the Responses API has them.
    private static let moved: [(name: String, instead: String)] = [
        ("messages", "input"), ("max_tokens", "max_output_tokens"),
        ("max_completion_tokens", "max_output_tokens"), ("response_format", "text.format"),
        ("reasoning_effort", "reasoning.effort"), ("verbosity", "text.verbosity"),
    ]
    private static let unknown = [
        "n", "stop", "seed", "logit_bias", "logprobs", "frequency_penalty", "presence_penalty", "modalities", "audio",
        "functions", "function_call", "web_search_options", "max_output_token", "system", "contents",
    ]

    func check(_ body: JSONTree) throws(RequestProblem) {
        try checkNames(body)
        try checkState(body)
        let effort = body["reasoning"]?["effort"] ?? .null
        try OpenAIRules.checkEffort(effort, name: "reasoning.effort")
        let format = body["text"]?["format"]
        if format?["type"] == "json_schema", format?["name"]?.text == nil || format?["schema"]?.members == nil {
            let name = format?["name"]?.text == nil ? "name" : "schema"
            throw RequestProblem(
                message: "Missing required parameter: 'text.format.\(name)'.", parameter: "text.format.\(name)",
                code: "missing_required_parameter")
        }
        if family.refusesEffortNone, effort == "none" {
            throw RequestProblem(
                message: "Unsupported value: 'none' is not supported with this model.", parameter: "reasoning.effort",
                code: "unsupported_value")
        }
        for name in ["temperature", "top_p"] where family.refusesSamplingWithReasoning && effort != "none" {
            guard let value = body[name], !value.isNull else { continue }
            throw RequestProblem(
                message: "Unsupported parameter: '\(name)' is not supported with this model.", parameter: name,
                code: "unsupported_parameter")
        }
        for (position, tool) in (body["tools"]?.elements ?? []).enumerated() where tool["function"] != nil {
            throw RequestProblem(
                message: "Unknown parameter: 'tools[\(position)].function'.",
                parameter: "tools[\(position)].function", code: "unknown_parameter")
        }
        try checkItems(body["input"]?.elements ?? [], isStored: body["store"]?.flag ?? true)
    }

    private func checkNames(_ body: JSONTree) throws(RequestProblem) {
        for (name, instead) in Self.moved where body[name] != nil {
            throw RequestProblem(
                message:
                    "Unsupported parameter: '\(name)'. In the Responses API, this parameter has moved to '\(instead)'.",
                parameter: name, code: "unsupported_parameter")
        }
        for name in Self.unknown where body[name] != nil {
            throw RequestProblem(
                message: "Unknown parameter: '\(name)'.", parameter: name, code: "unknown_parameter")
        }
    }

    /// Nothing is stored here, so nothing is found.
    private func checkState(_ body: JSONTree) throws(RequestProblem) {
        if let id = body["previous_response_id"]?.text {
            throw RequestProblem(
                message: "Previous response with id '\(id)' not found.", parameter: "previous_response_id",
                code: "previous_response_not_found")
        }
        if body["background"] == true {
            throw RequestProblem(message: "Background mode is not supported.", parameter: "background")
        }
    }

    private func checkItems(_ items: [JSONTree], isStored: Bool) throws(RequestProblem) {
        var open: [String] = []
        for (position, item) in items.enumerated() {
            let path = "input[\(position)]"
            switch item["type"] {
            case nil, "message":
                if item["role"] != "assistant", let call = open.first { throw Self.unanswered(call) }
                try Self.checkParts(of: item, path: path)
            case "function_call", "custom_tool_call":
                open.append(try Self.checkedCall(item, path: path))
            case "function_call_output", "custom_tool_call_output":
                let call = item["call_id"]?.text ?? ""
                guard let found = open.firstIndex(of: call) else {
                    throw RequestProblem(
                        message: "No tool call found for function call output with call_id \(call).",
                        parameter: "input")
                }
                open.remove(at: found)
            case "reasoning":
                try Self.checkReasoning(item, next: items.dropFirst(position + 1).first, isStored: isStored, path: path)
            case "item_reference":
                throw RequestProblem(
                    status: 404, message: "Item with id '\(item["id"]?.text ?? "")' not found.", parameter: "input")
            default: break
            }
        }
        if let call = open.first { throw Self.unanswered(call) }
    }

    private static func unanswered(_ call: String) -> RequestProblem {
        RequestProblem(message: "No tool output found for function call \(call).", parameter: "input")
    }

    private static func checkedCall(_ item: JSONTree, path: String) throws(RequestProblem) -> String {
        for name in ["call_id", "name", item["type"] == "custom_tool_call" ? "input" : "arguments"] {
            guard item[name]?.text == nil else { continue }
            throw RequestProblem(
                message: "Missing required parameter: '\(path).\(name)'.", parameter: "\(path).\(name)",
                code: "missing_required_parameter")
        }
        if let id = item["id"]?.text, !id.hasPrefix("fc") && !id.hasPrefix("ctc") {
            throw RequestProblem(
                message: "Invalid '\(path).id': '\(id)'. Expected an ID that begins with 'fc'.",
                parameter: "\(path).id",
                code: "invalid_value")
        }
        let id = item["call_id"]?.text ?? ""
        guard (1...64).contains(id.utf8.count) else {
            throw RequestProblem(
                message: "Invalid '\(path).call_id': string too long. Expected a string with maximum length 64.",
                parameter: "\(path).call_id", code: "string_above_max_length")
        }
        return id
    }

    private static func checkReasoning(
        _ item: JSONTree, next: JSONTree?, isStored: Bool, path: String
    ) throws(RequestProblem) {
        let id = item["id"]?.text ?? ""
        guard item["summary"]?.elements != nil else {
            throw RequestProblem(
                message: "Missing required parameter: '\(path).summary'.", parameter: "\(path).summary",
                code: "missing_required_parameter")
        }
        if let content = item["encrypted_content"]?.text, !Seal.openAI.isGenuine(content) {
            throw RequestProblem(
                message: "The encrypted content for item \(id) could not be verified.", parameter: "input",
                code: "invalid_encrypted_content")
        }
        if item["encrypted_content"]?.text == nil, !isStored {
            throw RequestProblem(
                status: 404,
                message: "Item with id '\(id)' not found. Items are not persisted when `store` is set to false.",
                parameter: "input")
        }
        let follows =
            switch next?["type"] {
            case "function_call", "custom_tool_call", "reasoning": true
            case nil, "message": next?["role"] == "assistant"
            default: false
            }
        guard follows else {
            throw RequestProblem(
                message: "Item '\(id)' of type 'reasoning' was provided without its required following item.",
                parameter: "input")
        }
    }

    /// The kinds of parts depend on who speaks.
    private static func checkParts(of item: JSONTree, path: String) throws(RequestProblem) {
        let kinds: [JSONTree] =
            item["role"] == "assistant"
            ? ["output_text", "refusal"] : ["input_text", "input_image", "input_file", "input_audio"]
        guard item["content"]?.text == nil else { return }
        guard let parts = item["content"]?.elements else {
            throw RequestProblem(
                message: "Missing required parameter: '\(path).content'.", parameter: "\(path).content",
                code: "missing_required_parameter")
        }
        for (index, part) in parts.enumerated() where !kinds.contains(part["type"] ?? .null) {
            let names = kinds.compactMap(\.text).joined(separator: "', '")
            throw RequestProblem(
                message: "Invalid value: '\(part["type"]?.text ?? "")'. Supported values are: '\(names)'.",
                parameter: "\(path).content[\(index)].type", code: "invalid_value")
        }
        for (index, part) in parts.enumerated() {
            try MediaRules.checkResponses(part, at: "\(path).content[\(index)]")
        }
    }
}
