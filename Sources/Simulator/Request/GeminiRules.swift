import FoundationEssentials

/// What Gemini refuses on `:generateContent` (as of 2026-11).
struct GeminiRules {
    let family: ModelFamily

    /// Histories that come from another model have no signatures; this stands for one.
    static let skip = "skip_thought_signature_validator"

    /// Names of the other forms; anything else unknown is let pass, since the API grows.
    private static let foreign: Set<String> = [
        "messages", "system", "stream", "stream_options", "max_tokens", "max_completion_tokens", "temperature", "top_p",
        "top_k", "stop", "stop_sequences", "n", "seed", "tool_choice", "parallel_tool_calls", "response_format",
        "reasoning_effort", "reasoning", "thinking", "metadata", "user", "input", "instructions",
        "frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "output_config", "max_output_tokens",
        "prompt_cache_key", "safety_identifier", "verbosity",
    ]
    /// The members of `Schema`, an OpenAPI subset (google-genai 3.4.0); JSON Schema goes into `parametersJsonSchema`.
    private static let schemaNames: Set<String> = [
        "additionalProperties", "defs", "$defs", "ref", "$ref", "anyOf", "default", "description", "enum", "example",
        "format", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength",
        "minProperties", "minimum", "nullable", "pattern", "properties", "propertyOrdering", "required", "title",
        "type",
    ]

    func check(_ body: JSONTree) throws(RequestProblem) {
        for member in body.members ?? [] where Self.foreign.contains(member.name) {
            throw Self.unknown(member.name, at: "")
        }
        try checkTools(body)
        try checkGeneration(body.google("generationConfig") ?? .null)
        guard let contents = body["contents"]?.elements, !contents.isEmpty else {
            throw RequestProblem(
                message: "* GenerateContentRequest.contents: contents is not specified\n", parameter: "contents")
        }
        for (position, content) in contents.enumerated() { try checkContent(content, at: position) }
        try checkTurns(contents)
        if family.wantsThoughtSignatures { try checkSignatures(contents) }
    }

    private func checkGeneration(_ config: JSONTree) throws(RequestProblem) {
        for member in config.members ?? [] where Self.foreign.contains(member.name) {
            // Snake case is taken, so these are Gemini's own.
            let own = [
                "temperature", "top_p", "top_k", "stop_sequences", "seed", "frequency_penalty", "presence_penalty",
                "logprobs", "max_output_tokens",
            ]
            guard !own.contains(member.name) else { continue }
            throw Self.unknown(member.name, at: "generation_config")
        }
        if let schema = config.google("responseSchema") {
            try Self.checkSchema(schema, at: "generation_config.response_schema")
        }
        let hasSchema = config.google("responseSchema") != nil || config.google("responseJsonSchema") != nil
        let type = config.google("responseMimeType")
        if hasSchema, type != "application/json", type != "text/x.enum" {
            throw RequestProblem(
                message:
                    "Response schema is only supported with a response mime type of application/json or text/x.enum.",
                parameter: "generationConfig")
        }
        let thinking = config.google("thinkingConfig") ?? .null
        guard let level = thinking.google("thinkingLevel"), !level.isNull else { return }
        guard ["MINIMAL", "LOW", "MEDIUM", "HIGH", "XHIGH"].contains(level.text?.uppercased()) else {
            throw RequestProblem(
                message: "Invalid value at 'generation_config.thinking_config.thinking_level'.",
                parameter: "thinkingLevel")
        }
        guard thinking.google("thinkingBudget") == nil, !family.isOldGemini else {
            throw RequestProblem(
                message: family.isOldGemini
                    ? "Thinking level is not supported for this model."
                    : "You can only set only one of thinking budget and thinking level.", parameter: "thinkingLevel")
        }
    }

    private static func unknown(_ name: String, at path: String) -> RequestProblem {
        let place = path.isEmpty ? "" : " at '\(path)'"
        return RequestProblem(
            message: "Invalid JSON payload received. Unknown name \"\(name)\"\(place): Cannot find field.",
            parameter: name)
    }

    private func checkTools(_ body: JSONTree) throws(RequestProblem) {
        for (position, tool) in (body["tools"]?.elements ?? []).enumerated() {
            let path = "tools[\(position)]"
            for name in ["function", "name", "input_schema", "type"] where tool[name] != nil {
                throw Self.unknown(name, at: path)
            }
            for (index, function) in (tool.google("functionDeclarations")?.elements ?? []).enumerated() {
                let place = "\(path).function_declarations[\(index)]"
                guard let name = function["name"]?.text, Self.isName(name) else {
                    throw RequestProblem(
                        message:
                            "Invalid function name at '\(place)'. It must start with a letter or an underscore and be alphanumeric, with a maximum length of 128.",
                        parameter: "tools")
                }
                if function["input_schema"] != nil { throw Self.unknown("input_schema", at: place) }
                if let schema = function["parameters"] { try Self.checkSchema(schema, at: "\(place).parameters") }
            }
        }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.first, first.isLetter || first == "_", name.utf8.count <= 128 else { return false }
        return name.utf8.allSatisfy {
            $0 < 0x80 && (Character(Unicode.Scalar($0)).isLetter || $0 >= 0x30 && $0 <= 0x3A || "_.-".utf8.contains($0))
        }
    }

    private static func checkSchema(_ schema: JSONTree, at path: String) throws(RequestProblem) {
        for member in schema.members ?? [] {
            let name = member.name.contains("_") ? camel(member.name) : member.name
            guard schemaNames.contains(name) else { throw unknown(member.name, at: path) }
            switch name {
            case "type" where member.value.text == nil:
                throw RequestProblem(message: "Invalid value at '\(path).type', starting an object.", parameter: path)
            case "items": try checkSchema(member.value, at: "\(path).items")
            case "anyOf":
                for inner in member.value.elements ?? [] { try checkSchema(inner, at: "\(path).any_of") }
            case "properties":
                for property in member.value.members ?? [] {
                    try checkSchema(property.value, at: "\(path).properties[\(property.name)]")
                }
            default: break
            }
        }
    }

    private static func camel(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    private func checkContent(_ content: JSONTree, at position: Int) throws(RequestProblem) {
        let path = "GenerateContentRequest.contents[\(position)]"
        switch content["role"] {
        case nil, .null, "user", "model", "function": break
        default: throw RequestProblem(message: "Please use a valid role: user, model.", parameter: "contents")
        }
        guard let parts = content["parts"]?.elements, !parts.isEmpty else {
            throw RequestProblem(message: "* \(path).parts: contents.parts must not be empty.\n", parameter: "contents")
        }
        for (index, part) in parts.enumerated() { try checkPart(part, at: "\(path).parts[\(index)]") }
    }

    private func checkPart(_ part: JSONTree, at path: String) throws(RequestProblem) {
        let kinds = [
            "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode",
            "codeExecutionResult",
        ]
        let count = kinds.count { part.google($0).map { !$0.isNull } ?? false }
        let signature = part.google("thoughtSignature")?.text
        guard count == 1 || count == 0 && signature != nil else {
            throw RequestProblem(
                message: "* \(path).data: required oneof field 'data' must have one initialized field\n",
                parameter: "contents")
        }
        if part["text"] == "", signature == nil {
            throw RequestProblem(
                message: "Unable to submit request because it has an empty text parameter. (\(path))",
                parameter: "contents")
        }
        for (kind, object) in [("functionCall", "args"), ("functionResponse", "response")] {
            guard let value = part.google(kind) else { continue }
            guard let name = value["name"]?.text, !name.isEmpty else {
                throw RequestProblem(message: "* \(path).\(kind).name: Name cannot be empty.\n", parameter: "contents")
            }
            guard let inner = value[object] else {
                guard object == "args" else {
                    throw RequestProblem(
                        message: "* \(path).\(kind).response: is required.\n", parameter: "contents")
                }
                continue
            }
            guard inner.members != nil else {
                throw RequestProblem(
                    message:
                        "Invalid value at '\(path).\(kind).\(object)' (type.googleapis.com/google.protobuf.Struct)",
                    parameter: "contents")
            }
        }
        try MediaRules.checkGemini(part, at: path)
        if let signature, signature != Self.skip, !Seal.gemini.isGenuine(signature),
            GoogleBytes.decode(signature) != Data(Self.skip.utf8)
        {
            throw RequestProblem(message: "Corrupted thought signature.", parameter: "contents")
        }
    }

    /// Calls follow the user or results; as many results follow as there were calls.
    private func checkTurns(_ contents: [JSONTree]) throws(RequestProblem) {
        var waiting = 0
        var lastRole: JSONTree?
        for content in contents {
            let parts = content["parts"]?.elements ?? []
            let calls = parts.count { $0.google("functionCall") != nil }
            let results = parts.count { $0.google("functionResponse") != nil }
            guard results == waiting else {
                throw RequestProblem(
                    message:
                        "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
                    parameter: "contents")
            }
            if calls > 0, lastRole == nil || lastRole == "model" {
                throw RequestProblem(
                    message:
                        "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
                    parameter: "contents")
            }
            waiting = calls
            lastRole = content["role"] ?? "user"
        }
        guard waiting == 0 else {
            throw RequestProblem(
                message:
                    "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
                parameter: "contents")
        }
    }

    /// In the turn since the user's last words, the first call of each step carries its signature.
    private func checkSignatures(_ contents: [JSONTree]) throws(RequestProblem) {
        let start = contents.lastIndex { content in
            content["role"] != "model"
                && (content["parts"]?.elements ?? []).contains { $0.google("functionResponse") == nil }
        }
        for (position, content) in contents.enumerated() where position > (start ?? -1) {
            let call = content["parts"]?.elements?.first { $0.google("functionCall") != nil }
            guard let call, call.google("thoughtSignature")?.text == nil else { continue }
            let name = call.google("functionCall")?["name"]?.text ?? ""
            throw RequestProblem(
                message:
                    "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly. Function call `default_api:\(name)`, position \(position + 1).",
                parameter: "contents")
        }
    }
}
