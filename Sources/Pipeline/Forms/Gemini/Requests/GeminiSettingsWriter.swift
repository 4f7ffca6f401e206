import NIOCore
import Wire

/// Writes how an answer is to be made, and reports what the form has no word for.
enum GeminiSettingsWriter {
    static func write(
        _ conversation: Conversation, model: GeminiModel, to root: inout JSONWriter, _ report: inout FidelityReport
    ) {
        let settings = conversation.settings
        let form = conversation.form
        var config = JSONWriter()
        config.object { writeConfig(settings, form, model: model, to: &$0, &report) }
        if config.buffer.readableBytes > 2 { root.member("generationConfig", raw: config.buffer) }
        if form == .geminiGenerate {
            root.member("safetySettings", ifPresent: settings.safetySettings)
        } else if settings.safetySettings != nil {
            report.drop(.safetySettings, of: form)
        }
        let unsaid: [(ConversationField, Bool)] = [
            (.logitBias, settings.logitBias != nil), (.verbosity, settings.verbosity != nil),
            (.serviceTier, settings.serviceTier != nil), (.metadata, settings.metadata != nil),
            (.userID, settings.userID != nil), (.promptCacheKey, settings.promptCacheKey != nil),
            (.store, settings.store != nil), (.audio, settings.audio != nil),
        ]
        for (field, isSet) in unsaid where isSet { report.drop(field, of: form) }
    }

    private static func writeConfig(
        _ settings: GenerationSettings, _ form: RequestForm, model: GeminiModel, to config: inout JSONWriter,
        _ report: inout FidelityReport
    ) {
        config.member("maxOutputTokens", ifPresent: settings.maximumOutputTokens)
        config.member("temperature", ifPresent: settings.temperature)
        config.member("topP", ifPresent: settings.topP)
        config.member("topK", ifPresent: settings.topK)
        config.member("seed", ifPresent: settings.seed)
        config.member("frequencyPenalty", ifPresent: settings.frequencyPenalty)
        config.member("presencePenalty", ifPresent: settings.presencePenalty)
        if settings.logprobs == true { config.member("responseLogprobs", true) }
        config.member("logprobs", ifPresent: settings.topLogprobs)
        if let count = settings.choiceCount, count > 1 { config.member("candidateCount", count) }
        writeStops(settings.stopSequences, form, to: &config, &report)
        writeOutput(settings, to: &config)
        writeReasoning(settings.reasoning, form, model: model, to: &config, &report)
    }

    /// Five at most (the API's reference, read 2026-11).
    private static func writeStops(
        _ stops: [JSONText], _ form: RequestForm, to config: inout JSONWriter, _ report: inout FidelityReport
    ) {
        guard !stops.isEmpty else { return }
        if stops.count > 5 { report.drop(.stopSequences, of: form) }
        config.array("stopSequences") { list in for stop in stops.prefix(5) { list.text(stop) } }
    }

    private static func writeOutput(_ settings: GenerationSettings, to config: inout JSONWriter) {
        switch settings.outputFormat {
        case .json: config.member("responseMimeType", raw: "\"application/json\"")
        case .schema(let schema):
            config.member("responseMimeType", raw: "\"application/json\"")
            config.member("responseJsonSchema", schema.schema)
        case .text, nil: break
        }
        guard !settings.modalities.isEmpty else { return }
        config.array("responseModalities") { list in
            for modality in settings.modalities { list.string(modality.uppercased()) }
        }
    }

    private static func writeReasoning(
        _ reasoning: ReasoningSettings?, _ form: RequestForm, model: GeminiModel, to config: inout JSONWriter,
        _ report: inout FidelityReport
    ) {
        guard let reasoning else { return }
        config.object("thinkingConfig") { thinking in
            thinking.member("includeThoughts", reasoning.showsThoughts ?? !reasoning.isOff)
            if model.takesThinkingLevel {
                if let level = level(of: reasoning, form, &report) { thinking.member("thinkingLevel", level) }
            } else if let budget = budget(of: reasoning) {
                thinking.member("thinkingBudget", budget)
            }
        }
    }

    private static func level(
        of reasoning: ReasoningSettings, _ form: RequestForm, _ report: inout FidelityReport
    ) -> String? {
        if let effort = reasoning.effort {
            switch effort {
            case .none:
                report.rewrite(.reasoning, of: form)
                return "MINIMAL"
            case .max:
                report.rewrite(.reasoning, of: form)
                return "XHIGH"
            case .minimal, .low, .medium, .high, .xhigh: return effort.rawValue.uppercased()
            }
        }
        guard let budget = reasoning.budgetTokens else { return nil }
        report.rewrite(.reasoning, of: form)
        return budget == 0 ? "MINIMAL" : budget <= 2_048 ? "LOW" : budget <= 8_192 ? "MEDIUM" : "HIGH"
    }

    private static func budget(of reasoning: ReasoningSettings) -> Int64? {
        if reasoning.isAdaptive { return -1 }
        if let budget = reasoning.budgetTokens { return budget }
        switch reasoning.effort {
        case .none?: return 0
        case .minimal, .low: return 1_024
        case .medium: return 2_048
        case .high: return 4_096
        case .xhigh: return 8_192
        case .max: return 16_384
        case nil: return nil
        }
    }
}
