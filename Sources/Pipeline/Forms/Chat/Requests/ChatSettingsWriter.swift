import Wire

/// Writes how an answer is to be made, and reports what the vendor has no word for.
struct ChatSettingsWriter {
    private(set) var conversation: Conversation
    let target: WritingTarget

    private var traits: VendorTraits { target.traits }
    private var settings: GenerationSettings { conversation.settings }
    private var form: RequestForm { conversation.form }

    func write(to root: inout JSONWriter, _ report: inout FidelityReport) {
        if let limit = settings.maximumOutputTokens, isKnown(.maximumOutputTokens, &report) {
            root.key(traits.takesMaxCompletionTokens ? "max_completion_tokens" : "max_tokens")
            root.integer(limit)
        }
        writeNumbers(to: &root, &report)
        if let count = settings.choiceCount, count > 1, isKnown(.choiceCount, &report) { root.member("n", count) }
        writeStops(to: &root, &report)
        writeFormat(to: &root, &report)
        // A model that cannot think does as it is told when told not to.
        if let reasoning = settings.reasoning, !reasoning.isOff || !traits.unknownFields.contains(.reasoning),
            isKnown(.reasoning, &report)
        {
            let control = traits.reasoningControl(for: target.model)
            ChatReasoningWriter(reasoning: reasoning, control: control, form: form).write(to: &root, &report)
        }
        writeRest(to: &root, &report)
    }

    /// Asks for no thinking, whatever the client asked for (`ChatThoughts`).
    mutating func stopThinking(_ report: inout FidelityReport) {
        guard conversation.settings.reasoning?.isOff != true else { return }
        report.rewrite(.reasoning, of: form)
        conversation.settings.reasoning = ReasoningSettings(effort: ReasoningEffort.none)
    }

    /// False: the vendor has no such field, which is reported.
    private func isKnown(_ field: ConversationField, _ report: inout FidelityReport) -> Bool {
        guard traits.unknownFields.contains(field) else { return true }
        report.drop(field, of: form)
        return false
    }

    private func writeNumbers(to root: inout JSONWriter, _ report: inout FidelityReport) {
        let numbers: [(ConversationField, StaticString, JSONFragment?)] = [
            (.temperature, "temperature", settings.temperature), (.topP, "top_p", settings.topP),
            (.topK, "top_k", settings.topK), (.seed, "seed", settings.seed),
            (.frequencyPenalty, "frequency_penalty", settings.frequencyPenalty),
            (.presencePenalty, "presence_penalty", settings.presencePenalty),
            (.logitBias, "logit_bias", settings.logitBias),
        ]
        for (field, name, value) in numbers {
            guard let value, isKnown(field, &report) else { continue }
            root.member(name, value)
        }
        if let logprobs = settings.logprobs, isKnown(.logprobs, &report) { root.member("logprobs", logprobs) }
        if let top = settings.topLogprobs, isKnown(.topLogprobs, &report) { root.member("top_logprobs", top) }
    }

    /// Four at most (package openai 3.52.0, read 2026-11).
    private func writeStops(to root: inout JSONWriter, _ report: inout FidelityReport) {
        guard !settings.stopSequences.isEmpty, isKnown(.stopSequences, &report) else { return }
        if settings.stopSequences.count > 4 { report.drop(.stopSequences, of: form) }
        root.array("stop") { list in for stop in settings.stopSequences.prefix(4) { list.text(stop) } }
    }

    // MARK: The answer's format

    /// What the model must be told in words: a schema that the vendor does not take; that JSON is wanted, where the client's
    /// form does not ask for the word in the prompt as this form does (package openai 3.52.0, read 2026-11).
    var formatInstruction: JSONText? {
        guard !traits.unknownFields.contains(.outputFormat) else { return nil }
        switch settings.outputFormat {
        case .schema(let schema) where !traits.takesJSONSchema:
            return JSONText("Answer with one JSON object and nothing else. It must follow this JSON Schema: ")
                .joined(with: schema.schema.asText, separator: "")
        case .json where form == .anthropicMessages || form == .geminiGenerate:
            return "Answer with one JSON object and nothing else."
        case .schema, .json, .text, nil: return nil
        }
    }

    private func writeFormat(to root: inout JSONWriter, _ report: inout FidelityReport) {
        guard let wanted = settings.outputFormat, wanted != .text, isKnown(.outputFormat, &report) else { return }
        if formatInstruction != nil { report.rewrite(.outputFormat, of: form) }
        root.object("response_format") { format in
            guard case .schema(let schema) = wanted, traits.takesJSONSchema else {
                return format.member("type", raw: "\"json_object\"")
            }
            format.member("type", raw: "\"json_schema\"")
            format.object("json_schema") { wanted in
                wanted.member("name", schema.name ?? "response")
                wanted.member("description", ifPresent: schema.description)
                wanted.member("schema", schema.schema)
                wanted.member("strict", ifPresent: schema.isStrict)
            }
        }
    }

    // MARK: The rest

    private func writeRest(to root: inout JSONWriter, _ report: inout FidelityReport) {
        if let verbosity = settings.verbosity, isKnown(.verbosity, &report) { root.member("verbosity", verbosity) }
        writeModalities(to: &root, &report)
        if let tier = settings.serviceTier, isKnown(.serviceTier, &report) { write(tier: tier, to: &root, &report) }
        if let metadata = settings.metadata, isKnown(.metadata, &report) { root.member("metadata", metadata) }
        if let user = settings.userID, isKnown(.userID, &report) { root.member("user", user) }
        if let key = settings.promptCacheKey, isKnown(.promptCacheKey, &report) { root.member("prompt_cache_key", key) }
        // A vendor that knows no `store` keeps nothing, which is what a client wants that says `false`.
        if let store = settings.store, store || !traits.unknownFields.contains(.store), isKnown(.store, &report) {
            root.member("store", store)
        }
        if let safety = settings.safetySettings, isKnown(.safetySettings, &report) {
            if form == .openAIResponses || form == .openAIChat {
                root.member("moderation", safety)
            } else {
                report.drop(.safetySettings, of: form)
            }
        }
    }

    /// The form draws nothing, and speaks only with a voice, which Gemini's clients name in words of their own.
    private func writeModalities(to root: inout JSONWriter, _ report: inout FidelityReport) {
        let audio = form == .openAIChat ? settings.audio : nil
        let taken = settings.modalities.filter { $0 == "text" || $0 == "audio" && form != .geminiGenerate }
        if settings.modalities.contains(where: { $0 != "text" }), isKnown(.modalities, &report) {
            if taken.count < settings.modalities.count { report.drop(.modalities, of: form) }
            if taken.contains("audio") {
                root.array("modalities") { list in for modality in taken { list.string(modality) } }
            }
        }
        guard settings.audio != nil, isKnown(.audio, &report) else { return }
        if let audio { root.member("audio", audio) } else { report.drop(.audio, of: form) }
    }

    /// Other forms' words for tiers, as this form has them.
    private func write(tier: JSONText, to root: inout JSONWriter, _ report: inout FidelityReport) {
        let word = tier.string.lowercased()
        switch word {
        case "auto", "default", "flex", "scale", "priority", "fast": root.member("service_tier", word)
        case "standard", "standard_only": root.member("service_tier", raw: "\"default\"")
        default: report.drop(.serviceTier, of: form)
        }
    }
}
