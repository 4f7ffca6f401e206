import NIOCore
import Wire

/// Writes how an answer is to be made, and reports what the vendor has no word for.
struct ChatSettingsWriter {
    let conversation: Conversation
    let target: WritingTarget

    private var traits: VendorTraits { target.traits }
    private var settings: GenerationSettings { conversation.settings }
    private var form: RequestForm { conversation.form }

    func write(to root: inout JSONWriter, _ report: inout FidelityReport) {
        if let limit = settings.maximumOutputTokens {
            root.key(traits.takesMaxCompletionTokens ? "max_completion_tokens" : "max_tokens")
            root.integer(limit)
        }
        writeNumbers(to: &root, &report)
        if let count = settings.choiceCount, count > 1, isKnown(.choiceCount, &report) { root.member("n", count) }
        writeStops(to: &root, &report)
        writeOutput(to: &root, &report)
        writeReasoning(to: &root, &report)
        writeRest(to: &root, &report)
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

    /// Four at most (platform.openai.com, read 2026-11).
    private func writeStops(to root: inout JSONWriter, _ report: inout FidelityReport) {
        guard !settings.stopSequences.isEmpty, isKnown(.stopSequences, &report) else { return }
        if settings.stopSequences.count > 4 { report.drop(.stopSequences, of: form) }
        root.array("stop") { list in for stop in settings.stopSequences.prefix(4) { list.text(stop) } }
    }

    private func writeOutput(to root: inout JSONWriter, _ report: inout FidelityReport) {
        switch settings.outputFormat {
        case .schema(let schema) where traits.takesJSONSchema:
            root.object("response_format") { format in
                format.member("type", raw: "\"json_schema\"")
                format.object("json_schema") { wanted in
                    wanted.member("name", schema.name ?? "response")
                    wanted.member("description", ifPresent: schema.description)
                    wanted.member("schema", schema.schema)
                    wanted.member("strict", ifPresent: schema.isStrict)
                }
            }
        case .schema:
            report.rewrite(.outputFormat, of: form)
            root.object("response_format") { $0.member("type", raw: "\"json_object\"") }
        case .json: root.object("response_format") { $0.member("type", raw: "\"json_object\"") }
        case .text, nil: break
        }
    }

    // MARK: Reasoning

    private func writeReasoning(to root: inout JSONWriter, _ report: inout FidelityReport) {
        guard let reasoning = settings.reasoning, isKnown(.reasoning, &report) else { return }
        switch traits.reasoningControl {
        case .effort: writeEffort(of: reasoning, to: &root, &report)
        case .thinkingAndEffort:
            writeSwitch(reasoning, to: &root)
            guard !reasoning.isOff, let effort = effort(of: reasoning, &report) else { return }
            // low, high and max alone (api-docs.deepseek.com, guides/thinking_mode, read 2026-11).
            let word: String =
                switch effort {
                case .none, .minimal, .low: "low"
                case .medium, .high, .xhigh: "high"
                case .max: "max"
                }
            if word != effort.rawValue { report.rewrite(.reasoning, of: form) }
            root.member("reasoning_effort", word)
        case .enableThinking:
            root.member("enable_thinking", !reasoning.isOff)
            if let budget = reasoning.budgetTokens, budget > 0 { root.member("thinking_budget", budget) }
            if reasoning.budgetTokens == nil, reasoning.effort != nil, !reasoning.isOff {
                report.rewrite(.reasoning, of: form)
            }
        case .thinkingType:
            writeSwitch(reasoning, to: &root)
            guard !reasoning.isOff, let effort = effort(of: reasoning, &report) else { return }
            let most = min(effort, .high)
            if most != effort { report.rewrite(.reasoning, of: form) }
            root.member("reasoning_effort", most.rawValue)
        }
    }

    private func writeSwitch(_ reasoning: ReasoningSettings, to root: inout JSONWriter) {
        root.object("thinking") { $0.member("type", raw: reasoning.isOff ? "\"disabled\"" : "\"enabled\"") }
    }

    private func writeEffort(
        of reasoning: ReasoningSettings, to root: inout JSONWriter, _ report: inout FidelityReport
    ) {
        if reasoning.isOff { return root.member("reasoning_effort", raw: "\"none\"") }
        if let effort = effort(of: reasoning, &report) { root.member("reasoning_effort", effort.rawValue) }
    }

    /// The effort, or the one nearest to a budget; nil: the vendor's own.
    private func effort(of reasoning: ReasoningSettings, _ report: inout FidelityReport) -> ReasoningEffort? {
        if let effort = reasoning.effort { return effort }
        guard let budget = reasoning.budgetTokens else { return nil }
        report.rewrite(.reasoning, of: form)
        return budget <= 2_048 ? .low : budget <= 8_192 ? .medium : .high
    }

    // MARK: The rest

    private func writeRest(to root: inout JSONWriter, _ report: inout FidelityReport) {
        if let verbosity = settings.verbosity, isKnown(.verbosity, &report) { root.member("verbosity", verbosity) }
        if settings.modalities.contains(where: { $0 != "text" }), isKnown(.modalities, &report) {
            root.array("modalities") { list in for modality in settings.modalities { list.string(modality) } }
        }
        if let audio = settings.audio {
            if form == .openAIChat { root.member("audio", audio) } else { report.drop(.audio, of: form) }
        }
        if let tier = settings.serviceTier { writeTier(tier, to: &root, &report) }
        if let metadata = settings.metadata, isKnown(.metadata, &report) { root.member("metadata", metadata) }
        if let user = settings.userID, isKnown(.userID, &report) { root.member("user", user) }
        if let key = settings.promptCacheKey, isKnown(.promptCacheKey, &report) { root.member("prompt_cache_key", key) }
        if let store = settings.store, isKnown(.store, &report) { root.member("store", store) }
        if settings.safetySettings != nil { report.drop(.safetySettings, of: form) }
    }

    private func writeTier(_ tier: JSONText, to root: inout JSONWriter, _ report: inout FidelityReport) {
        guard isKnown(.serviceTier, &report) else { return }
        if tier.means("standard_only") || tier.means("standard") {
            root.member("service_tier", raw: "\"default\"")
        } else {
            root.member("service_tier", tier)
        }
    }
}
