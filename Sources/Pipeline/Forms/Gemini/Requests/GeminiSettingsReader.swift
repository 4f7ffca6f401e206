import Wire

/// Reads how an answer is to be made from a `generateContent` request.
enum GeminiSettingsReader {
    static func read(_ root: JSONView, into conversation: inout Conversation) throws(ConversationError) {
        var settings = GenerationSettings()
        settings.safetySettings = root["safetySettings", "safety_settings"]?.fragment
        settings.serviceTier = try root["serviceTier", "service_tier"]?.string(named: "serviceTier")
        settings.store = try root["store"]?.flag(named: "store")
        settings.metadata = try root["labels"]?.object(named: "labels").fragment
        if let config = root["generationConfig", "generation_config"] {
            try readConfig(try config.object(named: "generationConfig"), into: &settings)
            conversation.others += config.geminiOthers(than: known, prefix: "generationConfig.")
            conversation.others += unsaid(config)
        }
        conversation.settings = settings
    }

    private static let known = knownWithoutSchemas + ["responseSchema", "responseJsonSchema"]

    private static let knownWithoutSchemas: FieldNames = [
        "maxOutputTokens", "temperature", "topP", "topK", "seed", "frequencyPenalty", "presencePenalty",
        "responseLogprobs", "logprobs", "candidateCount", "stopSequences", "responseMimeType", "responseModalities",
        "thinkingConfig", "speechConfig",
    ]

    private static func readConfig(
        _ config: JSONView, into settings: inout GenerationSettings
    ) throws(ConversationError) {
        func name(_ member: String) -> String { "generationConfig." + member }
        settings.maximumOutputTokens = try config["maxOutputTokens", "max_output_tokens"]?
            .count(named: name("maxOutputTokens"))
        settings.temperature = try config["temperature"]?.number(named: name("temperature"))
        settings.topP = try config["topP", "top_p"]?.number(named: name("topP"))
        // The package writes `4.0`; other vendors take whole numbers alone.
        if let topK = config["topK", "top_k"] {
            let number = try topK.number(named: name("topK"))
            settings.topK = topK.int64.map(JSONFragment.integer) ?? number
        }
        settings.seed = try config["seed"]?.number(named: name("seed"))
        settings.frequencyPenalty = try config["frequencyPenalty", "frequency_penalty"]?
            .number(named: name("frequencyPenalty"))
        settings.presencePenalty = try config["presencePenalty", "presence_penalty"]?
            .number(named: name("presencePenalty"))
        settings.logprobs = try config["responseLogprobs", "response_logprobs"]?.flag(named: name("responseLogprobs"))
        settings.topLogprobs = try config["logprobs"]?.number(named: name("logprobs"))
        settings.choiceCount = try config["candidateCount", "candidate_count"]?.count(named: name("candidateCount"))
        if let stops = config["stopSequences", "stop_sequences"] {
            for stop in try stops.list(named: name("stopSequences"), of: "strings") {
                settings.stopSequences.append(try stop.string(named: name("stopSequences")))
            }
        }
        if let modalities = config["responseModalities", "response_modalities"] {
            for modality in try modalities.list(named: name("responseModalities"), of: "strings") {
                settings.modalities.append(
                    try modality.string(named: name("responseModalities")).string.lowercased())
            }
        }
        settings.audio = try config["speechConfig", "speech_config"]?.object(named: name("speechConfig")).fragment
        settings.outputFormat = try outputFormat(config)
        settings.reasoning = try config["thinkingConfig", "thinking_config"].map(reasoning)
    }

    private static func outputFormat(_ config: JSONView) throws(ConversationError) -> OutputFormat? {
        let type = config["responseMimeType", "response_mime_type"]
        guard type?.means("text/x.enum") != true else { return nil }
        if let schema = config["responseJsonSchema", "response_json_schema"] {
            return .schema(
                OutputSchema(schema: try schema.object(named: "generationConfig.responseJsonSchema").fragment))
        }
        if let schema = config["responseSchema", "response_schema"] {
            return .schema(
                OutputSchema(
                    schema: GeminiSchema.jsonSchema(
                        of: try schema.object(named: "generationConfig.responseSchema"))))
        }
        guard let type else { return nil }
        return type.means("application/json") ? .json : type.means("text/plain") ? .text : nil
    }

    /// Formats of answers that the neutral model has none for: a bare word out of several.
    private static func unsaid(_ config: JSONView) -> [OtherField] {
        guard let type = config["responseMimeType", "response_mime_type"], !type.means("application/json"),
            !type.means("text/plain")
        else { return [] }
        return [OtherField(name: "generationConfig.responseMimeType", value: type.fragment)]
            + config.geminiOthers(
                than: type.means("text/x.enum") ? knownWithoutSchemas : known,
                prefix: "generationConfig."
            ).filter { $0.name.hasSuffix("Schema") }
    }

    private static func reasoning(_ config: JSONView) throws(ConversationError) -> ReasoningSettings {
        let path = "generationConfig.thinkingConfig"
        var reasoning = ReasoningSettings(
            showsThoughts: try config.object(named: path)["includeThoughts", "include_thoughts"]?
                .flag(named: "\(path).includeThoughts"))
        if let level = config["thinkingLevel", "thinking_level"] {
            let word = try level.string(named: "\(path).thinkingLevel").string.lowercased()
            reasoning.effort = ReasoningEffort(rawValue: word)
            guard reasoning.effort != nil || word == "thinking_level_unspecified" else {
                throw .mistyped(
                    "\(path).thinkingLevel", "\"MINIMAL\", \"LOW\", \"MEDIUM\", \"HIGH\" or \"XHIGH\"")
            }
        }
        if let budget = config["thinkingBudget", "thinking_budget"] {
            let tokens = try budget.whole(named: "\(path).thinkingBudget")
            guard tokens >= -1 else { throw .mistyped("\(path).thinkingBudget", "-1, 0 or a number of tokens") }
            if tokens < 0 { reasoning.isAdaptive = true } else { reasoning.budgetTokens = tokens }
        }
        return reasoning
    }
}
