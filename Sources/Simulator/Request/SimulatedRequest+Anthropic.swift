extension SimulatedRequest {
    /// Reads `POST /messages`. Rendered order: tools, system, messages; a marker ends a prefix at its block. Tool
    /// choice, thinking and the presence of images stand between system and messages, since a change of them loses
    /// the cached messages only.
    /// - Parameter counting: for `count_tokens`, which wants no `max_tokens`.
    init(
        anthropic body: JSONTree, version: AnthropicVersion, header: String?, counting: Bool = false
    ) throws(RequestProblem) {
        try self.init(body: body, header: header)
        includesUsage = true
        maxTokens = try Self.limit("max_tokens", in: body, atLeast: 0)
        guard counting || maxTokens != nil else {
            throw RequestProblem(message: "max_tokens: Field required", parameter: "max_tokens")
        }
        try AnthropicRules(family: ModelFamily(baseModel), version: version).check(body)
        let thinking = body["thinking"] ?? .null
        asksThinking = ["adaptive", "enabled", "between_tools"].contains(thinking["type"] ?? .null)
        showsThinking = thinking["display"] != "omitted"
        stops = (body["stop_sequences"]?.elements ?? []).compactMap(\.text).filter { !$0.isEmpty }
        if let format = body["output_config"]?["format"], format["type"] == "json_schema" {
            responseFormat = .jsonSchema(format["schema"] ?? .null)
        }
        try readAnthropicTools(body)
        try readSystem(body["system"])
        let messages = try Self.messages(of: body)
        let hasImages = messages.contains { $0["content"]?.elements?.contains { $0["type"] == "image" } ?? false }
        let tier = [body["tool_choice"], body["thinking"]].map { $0?.compactText ?? "" } + [String(hasImages)]
        prompt.append(PromptBlock(tier.joined(separator: "\n"), isContent: false))
        for (position, message) in messages.enumerated() { try readAnthropicMessage(message, at: position) }
        try checkMarkers(automatic: try Self.marker(of: body))
        cachePartition = ""
    }

    /// The marker on this block; nil when there is none.
    private static func marker(of block: JSONTree) throws(RequestProblem) -> CacheLifetime? {
        guard let control = block["cache_control"], !control.isNull else { return nil }
        guard control["type"] == "ephemeral" else {
            throw RequestProblem(message: "cache_control.type: must be 'ephemeral'", parameter: "cache_control")
        }
        switch control["ttl"] {
        case nil, .null, "5m": return .fiveMinutes
        case "1h": return .oneHour
        default: throw RequestProblem(message: "cache_control.ttl: must be '5m' or '1h'", parameter: "cache_control")
        }
    }

    private mutating func append(_ block: JSONTree, text: String?, framing: Int) throws(RequestProblem) {
        let marker = try Self.marker(of: block)
        let rendered = block.removing("cache_control").compactText
        switch block["type"] {
        case "thinking": prompt.append(PromptBlock(block["thinking"]?.text ?? "", extraTokens: framing))
        case "image", "document":
            prompt.append(PromptBlock(rendered, isContent: false))
            prompt.append(PromptBlock("", extraTokens: framing + Self.mediaTokens, marker: marker))
        default: prompt.append(PromptBlock(text ?? rendered, extraTokens: framing, marker: marker))
        }
    }

    private mutating func readAnthropicTools(_ body: JSONTree) throws(RequestProblem) {
        for (position, tool) in (body["tools"]?.elements ?? []).enumerated() {
            guard let name = tool["name"]?.text, !name.isEmpty else {
                throw RequestProblem(message: "tools.\(position).name: Field required", parameter: "tools")
            }
            tools.append(Tool(name: name, schema: tool["input_schema"] ?? .null))
            try append(tool, text: nil, framing: 0)
        }
        guard let choice = body["tool_choice"], !choice.isNull else { return }
        allowsParallelTools = !(choice["disable_parallel_tool_use"]?.flag ?? false)
        switch choice["type"] {
        case "auto": toolChoice = .auto
        case "any": toolChoice = .required
        case "none": toolChoice = .none
        case "tool":
            guard let name = choice["name"]?.text, tools.contains(where: { $0.name == name }) else {
                throw RequestProblem(
                    message: "tool_choice.name: names no tool of the request", parameter: "tool_choice")
            }
            toolChoice = .named(name)
        default: throw RequestProblem(message: "tool_choice.type: unknown", parameter: "tool_choice")
        }
    }

    private mutating func readSystem(_ system: JSONTree?) throws(RequestProblem) {
        switch system {
        case nil, .null: break
        case .string(let text): prompt.append(PromptBlock(text))
        case .array(let blocks):
            for block in blocks { try append(block, text: block["text"]?.text, framing: 0) }
        default: throw RequestProblem(message: "system: must be a string or an array", parameter: "system")
        }
    }

    private mutating func readAnthropicMessage(_ message: JSONTree, at position: Int) throws(RequestProblem) {
        guard let role = message["role"]?.text, ["user", "assistant", "system"].contains(role) else {
            throw RequestProblem(message: "messages.\(position).role: unknown role", parameter: "messages")
        }
        prompt.append(PromptBlock(role, isContent: false))
        let blocks: [JSONTree]
        switch message["content"] {
        case .string(let text)?: blocks = [["type": "text", "text": .string(text)]]
        case .array(let elements)?: blocks = elements
        default: throw RequestProblem(message: "messages.\(position).content: Field required", parameter: "messages")
        }
        var texts: [String] = []
        if role == "assistant" { hearOther() }
        for (index, block) in blocks.enumerated() {
            let text = block["type"] == "text" ? block["text"]?.text : nil
            try append(block, text: text, framing: index == 0 ? Self.messageFraming : 0)
            if let text { texts.append(text) }
            if block["type"] == "tool_result" { hear(result: Self.resultText(block["content"] ?? .null)) }
        }
        if role == "user", !texts.isEmpty { hear(user: texts.joined(separator: "\n")) }
    }

    private static func resultText(_ content: JSONTree) -> String {
        content.text ?? (content.elements ?? []).compactMap { $0["text"]?.text }.joined(separator: "\n")
    }

    /// At most four markers, the automatic one among them; an hour never after five minutes.
    private mutating func checkMarkers(automatic: CacheLifetime?) throws(RequestProblem) {
        var count = prompt.count { $0.marker != nil }
        if let automatic, let last = prompt.lastIndex(where: { $0.isContent }) {
            count += 1
            let block = prompt[last]
            prompt[last] = PromptBlock(block.text, extraTokens: block.extraTokens, marker: block.marker ?? automatic)
        }
        guard count <= 4 else {
            throw RequestProblem(
                message: "A maximum of 4 blocks with cache_control may be provided. Found \(count).",
                parameter: "cache_control")
        }
        let lifetimes = prompt.compactMap(\.marker)
        let firstShort = lifetimes.firstIndex(of: .fiveMinutes) ?? lifetimes.endIndex
        guard !lifetimes[firstShort...].contains(.oneHour) else {
            throw RequestProblem(
                message: "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
                parameter: "cache_control")
        }
    }
}
