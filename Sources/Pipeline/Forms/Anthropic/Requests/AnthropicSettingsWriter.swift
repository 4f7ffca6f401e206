import NIOCore
import Wire

/// Writes how an answer is to be made, and reports what the form has no word for.
enum AnthropicSettingsWriter {
    /// Sampling parameters go out: the model takes them, and does not think.
    static func usesSampling(
        _ conversation: Conversation, model: AnthropicModel, _ thinking: AnthropicThinking
    ) -> Bool {
        let settings = conversation.settings
        let isAsked = settings.temperature != nil || settings.topP != nil || settings.topK != nil
        return isAsked && model.takesSampling && !thinking.isThinking
    }

    static func write(
        _ conversation: Conversation, usesSampling: Bool, effort: String?, to root: inout JSONWriter,
        _ report: inout FidelityReport
    ) {
        let settings = conversation.settings
        let form = conversation.form
        writeSampling(settings, form, isUsed: usesSampling, to: &root, &report)
        let stops = settings.stopSequences.filter { !$0.isBlank }
        if stops.count < settings.stopSequences.count { report.drop(.stopSequences, of: form) }
        if !stops.isEmpty {
            root.array("stop_sequences") { list in for stop in stops { list.text(stop) } }
        }
        if let user = settings.userID { root.object("metadata") { $0.member("user_id", user) } }
        writeOutput(settings, effort: effort, to: &root)
        writeTier(settings.serviceTier, form, to: &root, &report)
        reportRest(settings, form, &report)
    }

    private static func writeSampling(
        _ settings: GenerationSettings, _ form: RequestForm, isUsed: Bool, to root: inout JSONWriter,
        _ report: inout FidelityReport
    ) {
        guard isUsed else {
            if settings.temperature != nil { report.drop(.temperature, of: form) }
            if settings.topP != nil { report.drop(.topP, of: form) }
            if settings.topK != nil { report.drop(.topK, of: form) }
            return
        }
        if let temperature = settings.temperature {
            if temperature.isAboveOne {
                root.member("temperature", 1)
                report.rewrite(.temperature, of: form)
            } else {
                root.member("temperature", temperature)
            }
        }
        root.member("top_p", ifPresent: settings.topP)
        root.member("top_k", ifPresent: settings.topK)
    }

    private static func writeOutput(_ settings: GenerationSettings, effort: String?, to root: inout JSONWriter) {
        var schema: OutputSchema?
        if case .schema(let wanted) = settings.outputFormat { schema = wanted }
        guard schema != nil || effort != nil else { return }
        root.object("output_config") { output in
            if let effort { output.member("effort", effort) }
            guard let schema else { return }
            output.object("format") { format in
                format.member("type", raw: "\"json_schema\"")
                format.member("schema", schema.schema)
            }
        }
    }

    private static func writeTier(
        _ tier: JSONText?, _ form: RequestForm, to root: inout JSONWriter, _ report: inout FidelityReport
    ) {
        guard let tier else { return }
        if tier.means("auto") {
            root.member("service_tier", raw: "\"auto\"")
        } else if tier.means("default") || tier.means("standard_only") || tier.means("standard") {
            root.member("service_tier", raw: "\"standard_only\"")
        } else {
            report.drop(.serviceTier, of: form)
        }
    }

    private static func reportRest(
        _ settings: GenerationSettings, _ form: RequestForm, _ report: inout FidelityReport
    ) {
        let unsaid: [(ConversationField, Bool)] = [
            (.seed, settings.seed != nil), (.frequencyPenalty, settings.frequencyPenalty != nil),
            (.presencePenalty, settings.presencePenalty != nil), (.logitBias, settings.logitBias != nil),
            (.logprobs, settings.logprobs == true), (.topLogprobs, settings.topLogprobs != nil),
            (.choiceCount, settings.choiceCount ?? 1 > 1), (.verbosity, settings.verbosity != nil),
            (.modalities, settings.modalities.contains { $0 != "text" }), (.audio, settings.audio != nil),
            (.metadata, settings.metadata != nil), (.promptCacheKey, settings.promptCacheKey != nil),
            (.store, settings.store == true), (.safetySettings, settings.safetySettings != nil),
        ]
        for (field, isSet) in unsaid where isSet { report.drop(field, of: form) }
    }
}

extension JSONFragment {
    /// A number larger than one.
    fileprivate var isAboveOne: Bool {
        guard kind == .number, let value = Double(String(buffer: bytes)) else { return false }
        return value > 1
    }
}
