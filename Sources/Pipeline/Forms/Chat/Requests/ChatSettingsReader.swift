import Wire

/// Reads how an answer is to be made from a chat request.
enum ChatSettingsReader {
    static func read(_ root: JSONView, into conversation: inout Conversation) throws(ConversationError) {
        var settings = GenerationSettings()
        let olderLimit = try limit("max_tokens", root)
        settings.maximumOutputTokens = try limit("max_completion_tokens", root) ?? olderLimit
        settings.temperature = try root.number("temperature")
        settings.topP = try root.number("top_p")
        settings.topK = try root.number("top_k")
        settings.seed = try root.number("seed")
        settings.frequencyPenalty = try root.number("frequency_penalty")
        settings.presencePenalty = try root.number("presence_penalty")
        settings.logitBias = try root.object("logit_bias")?.fragment
        settings.logprobs = try root.flag("logprobs")
        settings.topLogprobs = try root.number("top_logprobs")
        settings.choiceCount = try root.count("n", least: 1)
        settings.stopSequences = try stops(root)
        settings.outputFormat = try outputFormat(root, &conversation)
        settings.reasoning = try reasoning(root, &conversation)
        settings.verbosity = try root.string("verbosity")
        settings.modalities = try root.strings("modalities").map { $0.string.lowercased() }
        settings.audio = try root.object("audio")?.fragment
        settings.serviceTier = try root.string("service_tier")
        settings.metadata = try root.object("metadata")?.fragment
        settings.promptCacheKey = try root.string("prompt_cache_key")
        settings.store = try root.flag("store")
        settings.safetySettings = root["moderation"]?.fragment
        settings.userID = try root.string("safety_identifier")
        if settings.userID == nil {
            settings.userID = try root.string("user")
        } else if let user = root["user"] {
            conversation.note("user", user)
        }
        conversation.settings = settings
        for (name, value) in try root.object("stream_options")?.unknown(["include_usage"]) ?? [] {
            conversation.note("stream_options." + name, value)
        }
    }

    /// −1 means that there is none (Ollama, llama.cpp).
    private static func limit(_ name: StaticString, _ root: JSONView) throws(ConversationError) -> Int64? {
        if root[name]?.int64 == -1 { return nil }
        return try root.count(name, least: 1)
    }

    private static func stops(_ root: JSONView) throws(ConversationError) -> [JSONText] {
        guard let stop = root["stop"] else { return [] }
        if let text = stop.text { return [text] }
        let elements = stop.elements
        let texts = elements.compactMap(\.text)
        guard stop.kind == .array, texts.count == elements.count else {
            throw .mistyped("stop", "a string or an array of strings")
        }
        return texts
    }

    private static func outputFormat(
        _ root: JSONView, _ conversation: inout Conversation
    ) throws(ConversationError) -> OutputFormat? {
        guard let format = try root.object("response_format") else { return nil }
        guard let type = try format.string("type", "response_format.") else {
            throw .missing("response_format.type", "a string such as \"json_schema\"")
        }
        if type.means("text") { return .text }
        if type.means("json_object") { return .json }
        guard type.means("json_schema") else {
            conversation.note("response_format", format)
            return nil
        }
        guard let wanted = try format.object("json_schema", "response_format.") else {
            throw .missing("response_format.json_schema", "an object")
        }
        let path = "response_format.json_schema."
        guard let schema = try wanted.object("schema", path)?.fragment else { return .json }
        return .schema(
            OutputSchema(
                schema: schema, name: try wanted.string("name", path),
                description: try wanted.string("description", path),
                isStrict: try wanted.flag("strict", path)))
    }

    // MARK: Reasoning

    /// OpenAI's word, or what vendors of the form have in its place: `reasoning` (OpenRouter, Ollama), `thinking` (DeepSeek,
    /// Doubao), `enable_thinking` and `thinking_budget` (Qwen).
    private static func reasoning(
        _ root: JSONView, _ conversation: inout Conversation
    ) throws(ConversationError) -> ReasoningSettings? {
        var reasoning = ReasoningSettings()
        reasoning.effort = try effort("reasoning_effort", root, "", &conversation)
        if let wanted = try root.object("reasoning") {
            let nested = try effort("effort", wanted, "reasoning.", &conversation)
            reasoning.effort = reasoning.effort ?? nested
            reasoning.budgetTokens = try wanted.count("max_tokens", least: 0, "reasoning.")
            if wanted["enabled"]?.bool == false { reasoning.effort = ReasoningEffort.none }
            if wanted["enabled"]?.bool == true, reasoning == ReasoningSettings() { reasoning.isAdaptive = true }
            reasoning.showsThoughts = wanted["exclude"]?.bool.map { !$0 }
        }
        if let thinking = try root.object("thinking") {
            if thinking["type"]?.means("disabled") == true { reasoning.effort = ReasoningEffort.none }
            let budget = try thinking.count("budget_tokens", least: 0, "thinking.")
            reasoning.budgetTokens = reasoning.budgetTokens ?? budget
            if reasoning == ReasoningSettings() { reasoning.isAdaptive = true }
        }
        let budget = try root.count("thinking_budget", least: 0)
        reasoning.budgetTokens = reasoning.budgetTokens ?? budget
        switch try root.flag("enable_thinking") {
        case false?: reasoning.effort = ReasoningEffort.none
        case true? where reasoning == ReasoningSettings(): reasoning.isAdaptive = true
        case true?, nil: break
        }
        return reasoning == ReasoningSettings() ? nil : reasoning
    }

    /// A word that OpenAI does not have is noted.
    private static func effort(
        _ name: StaticString, _ object: JSONView, _ path: String, _ conversation: inout Conversation
    ) throws(ConversationError) -> ReasoningEffort? {
        guard let word = try object.string(name, path) else { return nil }
        if let effort = ReasoningEffort(rawValue: word.string) { return effort }
        if let value = object[name] { conversation.note(path + "\(name)", value) }
        return nil
    }
}
