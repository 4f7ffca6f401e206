import Wire

/// Reads how an answer is to be made from a `generateContent` request.
enum GeminiSettingsReader {
    static func read(_ root: JSONView, into conversation: inout Conversation) {
        var settings = GenerationSettings()
        settings.safetySettings = root["safetySettings", "safety_settings"]?.fragment
        settings.serviceTier = root["serviceTier", "service_tier"]?.text
        settings.store = root["store"]?.bool
        if let config = root["generationConfig", "generation_config"] {
            readConfig(config, into: &settings)
            conversation.others += config.geminiOthers(than: known, prefix: "generationConfig.")
        }
        conversation.settings = settings
    }

    private static let known: Set<String> = [
        "maxOutputTokens", "temperature", "topP", "topK", "seed", "frequencyPenalty", "presencePenalty",
        "responseLogprobs", "logprobs", "candidateCount", "stopSequences", "responseMimeType", "responseSchema",
        "responseJsonSchema", "responseModalities", "thinkingConfig", "speechConfig",
    ]

    private static func readConfig(_ config: JSONView, into settings: inout GenerationSettings) {
        settings.maximumOutputTokens = config["maxOutputTokens", "max_output_tokens"]?.int64
        settings.temperature = config["temperature"]?.fragment
        settings.topP = config["topP", "top_p"]?.fragment
        settings.topK = config["topK", "top_k"].map { $0.int64.map(JSONFragment.integer) ?? $0.fragment }
        settings.seed = config["seed"]?.fragment
        settings.frequencyPenalty = config["frequencyPenalty", "frequency_penalty"]?.fragment
        settings.presencePenalty = config["presencePenalty", "presence_penalty"]?.fragment
        settings.logprobs = config["responseLogprobs", "response_logprobs"]?.bool
        settings.topLogprobs = config["logprobs"]?.fragment
        settings.choiceCount = config["candidateCount", "candidate_count"]?.int64
        settings.stopSequences = config["stopSequences", "stop_sequences"]?.elements.compactMap(\.text) ?? []
        settings.modalities =
            config["responseModalities", "response_modalities"]?.elements.compactMap { $0.string?.lowercased() } ?? []
        settings.audio = config["speechConfig", "speech_config"]?.fragment
        settings.outputFormat = outputFormat(config)
        settings.reasoning = config["thinkingConfig", "thinking_config"].map(reasoning)
    }

    private static func outputFormat(_ config: JSONView) -> OutputFormat? {
        if let schema = config["responseJsonSchema", "response_json_schema"] {
            return .schema(OutputSchema(schema: schema.fragment))
        }
        if let schema = config["responseSchema", "response_schema"] {
            return .schema(OutputSchema(schema: GeminiSchema.jsonSchema(of: schema)))
        }
        let type = config["responseMimeType", "response_mime_type"]
        if type?.means("application/json") == true { return .json }
        return type?.means("text/plain") == true ? .text : nil
    }

    private static func reasoning(_ config: JSONView) -> ReasoningSettings {
        var reasoning = ReasoningSettings(
            showsThoughts: config["includeThoughts", "include_thoughts"]?.bool)
        if let level = config["thinkingLevel", "thinking_level"]?.string {
            reasoning.effort = ReasoningEffort(rawValue: level.lowercased())
        }
        if let budget = config["thinkingBudget", "thinking_budget"]?.int64 {
            if budget < 0 { reasoning.isAdaptive = true } else { reasoning.budgetTokens = budget }
        }
        return reasoning
    }
}
