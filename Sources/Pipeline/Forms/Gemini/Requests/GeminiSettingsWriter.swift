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
        config.object { object in
            writeConfig(settings, form, model: model, to: &object, &report)
            conversation.writeGeminis(in: "generationConfig.", to: &object)
        }
        if config.buffer.readableBytes > 2 { root.member("generationConfig", raw: config.buffer) }
        if form == .geminiGenerate {
            root.member("safetySettings", ifPresent: settings.safetySettings)
        } else if settings.safetySettings != nil {
            report.drop(.safetySettings, of: form)
        }
        writeTier(settings.serviceTier, form, to: &root, &report)
        root.member("store", ifPresent: settings.store)
        let unsaid: [(ConversationField, Bool)] = [
            (.logitBias, settings.logitBias != nil), (.verbosity, settings.verbosity != nil),
            (.metadata, settings.metadata != nil), (.userID, settings.userID != nil),
            (.promptCacheKey, settings.promptCacheKey != nil),
            (.audio, settings.audio != nil && form != .geminiGenerate),
        ]
        for (field, isSet) in unsaid where isSet { report.drop(field, of: form) }
    }

    /// `standard`, `flex` and `priority` (package google-genai 3.4.0, types.ServiceTier, read 2026-11).
    private static func writeTier(
        _ tier: JSONText?, _ form: RequestForm, to root: inout JSONWriter, _ report: inout FidelityReport
    ) {
        guard let tier else { return }
        if form == .geminiGenerate || tier.means("flex") || tier.means("priority") {
            root.member("serviceTier", tier)
        } else if tier.means("default") || tier.means("standard_only") {
            root.member("serviceTier", raw: #""standard""#)
        } else if !tier.means("auto") {
            report.drop(.serviceTier, of: form)
        }
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
        writeOutput(settings, form, to: &config, &report)
        if let reasoning = settings.reasoning {
            GeminiThinking.write(reasoning, form, model: model, to: &config, &report)
        }
    }

    /// Five at most (the API's reference, read 2026-11).
    private static func writeStops(
        _ stops: [JSONText], _ form: RequestForm, to config: inout JSONWriter, _ report: inout FidelityReport
    ) {
        guard !stops.isEmpty else { return }
        if stops.count > 5 { report.drop(.stopSequences, of: form) }
        config.array("stopSequences") { list in for stop in stops.prefix(5) { list.text(stop) } }
    }

    private static func writeOutput(
        _ settings: GenerationSettings, _ form: RequestForm, to config: inout JSONWriter,
        _ report: inout FidelityReport
    ) {
        switch settings.outputFormat {
        case .json: config.member("responseMimeType", raw: "\"application/json\"")
        case .schema(let schema):
            config.member("responseMimeType", raw: "\"application/json\"")
            config.member("responseJsonSchema", schema.schema)
            if schema.description != nil {
                report.drop(ConversationField.outputFormat.name(in: form) + ".description")
            }
        case .text, nil: break
        }
        if !settings.modalities.isEmpty {
            config.array("responseModalities") { list in
                for modality in settings.modalities { list.string(modality.uppercased()) }
            }
        }
        if form == .geminiGenerate { config.member("speechConfig", ifPresent: settings.audio) }
    }
}
