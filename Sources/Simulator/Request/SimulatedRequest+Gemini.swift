extension SimulatedRequest {
    /// Reads `:generateContent`, `:streamGenerateContent` and `:countTokens`, whose model stands in the path. Rendered
    /// order: tools, system instruction, contents.
    init(gemini body: JSONTree, model: String, header: String?, streams: Bool) throws(RequestProblem) {
        try self.init(model: model, header: header)
        guard body.members != nil else { throw RequestProblem(message: "Invalid JSON payload received.") }
        self.streams = streams
        includesUsage = true
        try GeminiRules(family: ModelFamily(baseModel)).check(body)
        try readGeneration(body.google("generationConfig") ?? [:])
        try readGeminiTools(body)
        if let system = body.google("systemInstruction"), !system.isNull {
            for part in system["parts"]?.elements ?? [] { prompt.append(PromptBlock(part["text"]?.text ?? "")) }
        }
        for content in body["contents"]?.elements ?? [] { readContent(content) }
    }

    private mutating func readGeneration(_ config: JSONTree) throws(RequestProblem) {
        func limit(_ name: String, _ most: Int) throws(RequestProblem) -> Int? {
            guard let value = config.google(name), !value.isNull else { return nil }
            guard let number = value.integer, (1...most).contains(number) else {
                throw RequestProblem(
                    message: "Invalid value at 'generation_config.\(name)': it must be from 1 to \(most).",
                    parameter: name)
            }
            return number
        }
        maxTokens = try limit("maxOutputTokens", Int.max)
        choices = try limit("candidateCount", 8) ?? 1
        stops = (config.google("stopSequences")?.elements ?? []).compactMap(\.text).filter { !$0.isEmpty }
        guard stops.count <= 5 else {
            throw RequestProblem(message: "The number of stop sequences must be at most 5.", parameter: "stopSequences")
        }
        if config.google("responseMimeType") == "application/json" {
            let schema = config.google("responseJsonSchema") ?? config.google("responseSchema")
            responseFormat = schema.map { .jsonSchema($0) } ?? .jsonObject
        }
        readThinking(config.google("thinkingConfig") ?? .null)
    }

    private mutating func readThinking(_ config: JSONTree) {
        let shows = config.google("includeThoughts")?.flag ?? false
        let budget = config.google("thinkingBudget")
        let level = config.google("thinkingLevel")
        asksThinking = budget != 0 && (shows || budget != nil || level != nil)
        showsThinking = shows || isToldToThink
        guard config.members != nil else { return }
        prompt.append(PromptBlock(config.compactText, isContent: false))
    }

    private mutating func readGeminiTools(_ body: JSONTree) throws(RequestProblem) {
        for tool in body["tools"]?.elements ?? [] {
            prompt.append(PromptBlock(tool.compactText))
            for function in tool.google("functionDeclarations")?.elements ?? [] {
                let schema = function.google("parametersJsonSchema") ?? function["parameters"]
                tools.append(Tool(name: function["name"]?.text ?? "", schema: schema ?? .null))
            }
        }
        guard let config = body.google("toolConfig")?.google("functionCallingConfig") else { return }
        let allowed = (config.google("allowedFunctionNames")?.elements ?? []).compactMap(\.text)
        switch config["mode"]?.text?.uppercased() {
        case nil, "AUTO", "VALIDATED", "MODE_UNSPECIFIED": toolChoice = .auto
        case "ANY": toolChoice = .required
        case "NONE": toolChoice = .none
        default:
            throw RequestProblem(
                message: "Invalid value at 'tool_config.function_calling_config.mode'.", parameter: "toolConfig")
        }
        if !allowed.isEmpty { tools.removeAll { !allowed.contains($0.name) } }
    }

    private mutating func readContent(_ content: JSONTree) {
        let isModel = content["role"] == "model"
        prompt.append(PromptBlock(isModel ? "model" : "user", isContent: false))
        var texts: [String] = []
        if isModel { hearOther() }
        for (position, part) in (content["parts"]?.elements ?? []).enumerated() {
            let framing = position == 0 ? Self.messageFraming : 0
            if let text = part["text"]?.text {
                prompt.append(PromptBlock(text, extraTokens: framing))
                if part["thought"] != true { texts.append(text) }
            } else if part.google("inlineData") != nil || part.google("fileData") != nil {
                prompt.append(PromptBlock(part.compactText, isContent: false))
                prompt.append(PromptBlock("", extraTokens: framing + Self.mediaTokens))
            } else {
                prompt.append(
                    PromptBlock(part.removing("thoughtSignature").compactText, extraTokens: framing))
            }
            if let response = part.google("functionResponse") { hear(result: Self.resultText(gemini: response)) }
        }
        if !isModel, !texts.isEmpty { hear(user: texts.joined(separator: "\n")) }
    }

    /// A text that was wrapped because the response must be an object is unwrapped.
    private static func resultText(gemini response: JSONTree) -> String {
        let value = response["response"] ?? .null
        if let members = value.members, members.count == 1, ["output", "result", "error"].contains(members[0].name),
            let text = members[0].value.text
        {
            return text
        }
        return value.compactText
    }
}
