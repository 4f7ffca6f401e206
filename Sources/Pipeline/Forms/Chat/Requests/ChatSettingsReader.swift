import Wire

/// Reads how an answer is to be made from a chat request.
enum ChatSettingsReader {
    static func read(_ root: JSONView, into conversation: inout Conversation) {
        var settings = GenerationSettings()
        let limits = [root["max_completion_tokens"]?.int64, root["max_tokens"]?.int64]
        settings.maximumOutputTokens = limits.compactMap(\.self).first { $0 >= 1 }
        settings.temperature = root["temperature"]?.fragment
        settings.topP = root["top_p"]?.fragment
        settings.topK = root["top_k"]?.fragment
        settings.seed = root["seed"]?.fragment
        settings.frequencyPenalty = root["frequency_penalty"]?.fragment
        settings.presencePenalty = root["presence_penalty"]?.fragment
        settings.logitBias = root["logit_bias"]?.fragment
        settings.logprobs = root["logprobs"]?.bool
        settings.topLogprobs = root["top_logprobs"]?.fragment
        settings.choiceCount = root["n"]?.int64
        if let stop = root["stop"] {
            settings.stopSequences = stop.text.map { [$0] } ?? stop.elements.compactMap(\.text)
        }
        settings.outputFormat = root["response_format"].flatMap(outputFormat)
        if let effort = root["reasoning_effort"]?.string.flatMap(ReasoningEffort.init(rawValue:)) {
            settings.reasoning = ReasoningSettings(effort: effort)
        }
        settings.verbosity = root["verbosity"]?.text
        settings.modalities = root["modalities"]?.elements.compactMap { $0.string?.lowercased() } ?? []
        settings.audio = root["audio"]?.fragment
        settings.serviceTier = root["service_tier"]?.text
        settings.metadata = root["metadata"]?.fragment
        settings.userID = root["safety_identifier"]?.text ?? root["user"]?.text
        settings.promptCacheKey = root["prompt_cache_key"]?.text
        settings.store = root["store"]?.bool
        settings.safetySettings = root["moderation"]?.fragment
        conversation.settings = settings
    }

    private static func outputFormat(_ format: JSONView) -> OutputFormat? {
        switch format["type"]?.string {
        case "json_object": return .json
        case "json_schema":
            guard let wanted = format["json_schema"], let schema = wanted["schema"]?.fragment else { return .json }
            return .schema(
                OutputSchema(
                    schema: schema, name: wanted["name"]?.text, description: wanted["description"]?.text,
                    isStrict: wanted["strict"]?.bool))
        case "text": return .text
        default: return nil
        }
    }
}
