import Wire

/// Reads how an answer is to be made from a Messages request.
enum AnthropicSettingsReader {
    static func read(_ root: JSONView, into conversation: inout Conversation) {
        var settings = GenerationSettings()
        settings.maximumOutputTokens = root["max_tokens"]?.int64.map { max(1, $0) }
        settings.temperature = root["temperature"]?.fragment
        settings.topP = root["top_p"]?.fragment
        settings.topK = root["top_k"]?.fragment
        settings.stopSequences = root["stop_sequences"]?.elements.compactMap(\.text) ?? []
        settings.serviceTier = root["service_tier"]?.text
        if let metadata = root["metadata"] {
            settings.userID = metadata["user_id"]?.text
            conversation.others += metadata.others(than: knownMetadata, prefix: "metadata.")
        }
        settings.reasoning = reasoning(root["thinking"])
        readOutput(root["output_config"], into: &settings, others: &conversation.others)
        if root["cache_control"] != nil {
            conversation.others.append(
                OtherField(name: "cache_control", value: root["cache_control"]?.fragment ?? .null))
        }
        conversation.settings = settings
    }

    private static let knownMetadata: FieldNames = ["user_id"]
    private static let knownOutput: FieldNames = ["effort", "format"]

    private static func reasoning(_ thinking: JSONView?) -> ReasoningSettings? {
        guard let thinking, let type = thinking["type"]?.string else { return nil }
        let shows: Bool? = thinking["display"].map { !$0.means("omitted") }
        switch type {
        case "enabled":
            return ReasoningSettings(budgetTokens: thinking["budget_tokens"]?.int64, showsThoughts: shows)
        case "disabled": return ReasoningSettings(effort: ReasoningEffort.none)
        default: return ReasoningSettings(isAdaptive: true, showsThoughts: shows)
        }
    }

    private static func readOutput(
        _ output: JSONView?, into settings: inout GenerationSettings, others: inout [OtherField]
    ) {
        guard let output else { return }
        if let effort = output["effort"]?.string.flatMap(ReasoningEffort.init(rawValue:)) {
            var reasoning = settings.reasoning ?? ReasoningSettings()
            if !reasoning.isOff { reasoning.effort = effort }
            settings.reasoning = reasoning
        }
        if let format = output["format"], let schema = format["schema"]?.fragment {
            settings.outputFormat = .schema(OutputSchema(schema: schema, isStrict: true))
        }
        others += output.others(than: knownOutput, prefix: "output_config.")
    }
}
