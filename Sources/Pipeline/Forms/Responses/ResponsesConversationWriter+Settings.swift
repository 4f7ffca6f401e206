import NIOCore
import Wire

extension ResponsesRequestComposer {
    /// OpenAI takes no smaller limit (API reference, 2026-11).
    private static let minimumOutputTokens: Int64 = 16
    /// OpenAI takes no longer identifier (API reference, 2026-11).
    private static let maximumUserIDBytes = 64

    mutating func writeSettings(into writer: inout JSONWriter) {
        let settings = conversation.settings
        writeText(settings, into: &writer)
        writeReasoning(settings, into: &writer)
        writeInclude(settings, into: &writer)
        if let store = settings.store ?? (isOwnForm ? nil : false), keeps(store) { writer.member("store", store) }
        writeLimit(settings, into: &writer)
        writeSampling(settings, into: &writer)
        if let count = settings.topLogprobs, takes(.topLogprobs) { writer.member("top_logprobs", count) }
        writeServiceTier(settings, into: &writer)
        if let metadata = settings.metadata, takes(.metadata) { writer.member("metadata", metadata) }
        writeUser(settings, into: &writer)
        if let key = settings.promptCacheKey, takes(.promptCacheKey) { writer.member("prompt_cache_key", key) }
        if let safety = settings.safetySettings {
            if isOwnForm || conversation.form == .openAIChat, takes(.safetySettings) {
                writer.member("moderation", safety)
            } else {
                report.drop(.safetySettings, of: conversation.form)
            }
        }
        if conversation.isStream { writer.member("stream", true) }
        dropUnknown(settings)
    }

    /// The target's model can think.
    var canReason: Bool { !traits.unknownFields.contains(.reasoning) }

    /// The target is asked to think, and can.
    private var asksToReason: Bool {
        guard let reasoning = conversation.settings.reasoning else { return false }
        return !reasoning.isOff && canReason
    }

    /// Thoughts are to be in the answer. Anthropic shows them whenever it is asked to think and told nothing else.
    private func showsThoughts(_ reasoning: ReasoningSettings) -> Bool {
        guard !reasoning.isOff else { return false }
        let isUsual = conversation.form == .anthropicMessages && (reasoning.budgetTokens != nil || reasoning.isAdaptive)
        return reasoning.showsThoughts ?? isUsual
    }

    /// A vendor that knows no `store` keeps nothing, which is what a client wants that says `false`.
    private mutating func keeps(_ store: Bool) -> Bool {
        store ? takes(.store) : !traits.unknownFields.contains(.store)
    }

    private mutating func writeText(_ settings: GenerationSettings, into writer: inout JSONWriter) {
        let verbosity = settings.verbosity.flatMap { takes(.verbosity) ? $0 : nil }
        guard settings.outputFormat != nil || verbosity != nil || hasOthers(of: "text") else { return }
        var format = settings.outputFormat
        if case .schema = format, !traits.takesJSONSchema {
            format = .json
            report.rewrite(.outputFormat, of: conversation.form)
        }
        writer.object("text") {
            if let format {
                $0.key("format")
                $0.outputFormat(format)
            }
            $0.member("verbosity", ifPresent: verbosity)
            writeOthers(of: "text", into: &$0)
        }
    }

    private mutating func writeReasoning(_ settings: GenerationSettings, into writer: inout JSONWriter) {
        let reasoning = settings.reasoning ?? ReasoningSettings()
        guard settings.reasoning != nil || hasOthers(of: "reasoning") else { return }
        // A model that cannot think does as it is told when told not to.
        guard canReason || !reasoning.isOff, takes(.reasoning) else { return }
        let effort = effort(reasoning)
        let summary = reasoning.summary ?? (showsThoughts(reasoning) ? "auto" : nil)
        guard effort != nil || summary != nil || hasOthers(of: "reasoning") else { return }
        writer.object("reasoning") {
            if let effort { $0.member("effort", effort.rawValue) }
            $0.member("summary", ifPresent: summary)
            writeOthers(of: "reasoning", into: &$0)
        }
    }

    /// A budget becomes the effort that spends about as much.
    private mutating func effort(_ reasoning: ReasoningSettings) -> ReasoningEffort? {
        if let effort = reasoning.effort { return effort }
        guard let budget = reasoning.budgetTokens else { return nil }
        report.rewrite(.reasoning, of: conversation.form)
        switch budget {
        case ...0: return ReasoningEffort.none
        case ..<4_096: return .low
        case ..<16_384: return .medium
        default: return .high
        }
    }

    private mutating func writeInclude(_ settings: GenerationSettings, into writer: inout JSONWriter) {
        let wantsLogprobs = settings.logprobs == true && takes(.logprobs)
        let wantsThoughts = asksToReason || returnsReasoning
        let others = isOwnForm ? conversation.others.first { $0.name == "include" } : nil
        guard wantsLogprobs || wantsThoughts || others != nil else { return }
        writer.array("include") {
            if let others {
                let known = [#""reasoning.encrypted_content""#, #""message.output_text.logprobs""#]
                for element in elements(of: others.value) where !known.contains(String(buffer: element.bytes)) {
                    $0.fragment(element)
                }
            }
            if wantsThoughts { $0.string("reasoning.encrypted_content") }
            if wantsLogprobs { $0.string("message.output_text.logprobs") }
        }
    }

    private func elements(of array: JSONFragment) -> [JSONFragment] {
        array.bytes.withUnsafeReadableBytes { bytes in
            var index = JSONIndex()
            guard (try? index.read(bytes)) != nil else { return [] }
            return index.elements(of: 0).map { JSONFragment($0, of: array.bytes, index: index) }
        }
    }

    private mutating func writeLimit(_ settings: GenerationSettings, into writer: inout JSONWriter) {
        guard let limit = settings.maximumOutputTokens, takes(.maximumOutputTokens) else { return }
        if isOwnForm { return writer.member("max_output_tokens", limit) }
        if limit < Self.minimumOutputTokens { report.rewrite(.maximumOutputTokens, of: conversation.form) }
        writer.member("max_output_tokens", max(limit, Self.minimumOutputTokens))
    }

    /// Models that think refuse them (community.openai.com/t/1386454, read 2026-11).
    private mutating func writeSampling(_ settings: GenerationSettings, into writer: inout JSONWriter) {
        for (name, field, value) in [
            ("temperature", ConversationField.temperature, settings.temperature), ("top_p", .topP, settings.topP),
        ] {
            guard let value else { continue }
            if asksToReason, !isOwnForm {
                report.drop(field, of: conversation.form)
            } else if takes(field) {
                writer.key(name)
                writer.fragment(value)
            }
        }
    }

    private mutating func writeServiceTier(_ settings: GenerationSettings, into writer: inout JSONWriter) {
        guard let tier = settings.serviceTier, takes(.serviceTier) else { return }
        if isOwnForm { return writer.member("service_tier", tier) }
        switch tier.string.lowercased() {
        case "auto", "default", "flex", "scale", "priority", "fast", "ultrafast": writer.member("service_tier", tier)
        case "standard_only", "standard":
            report.rewrite(.serviceTier, of: conversation.form)
            writer.member("service_tier", "default")
        default: report.drop(.serviceTier, of: conversation.form)
        }
    }

    private mutating func writeUser(_ settings: GenerationSettings, into writer: inout JSONWriter) {
        guard let user = settings.userID, takes(.userID) else { return }
        if user.byteCount > Self.maximumUserIDBytes { report.rewrite(.userID, of: conversation.form) }
        writer.member("safety_identifier", Self.callID(user))
    }

    /// What this form cannot say.
    private mutating func dropUnknown(_ settings: GenerationSettings) {
        let said: [(ConversationField, Bool)] = [
            (.topK, settings.topK != nil), (.seed, settings.seed != nil),
            (.frequencyPenalty, settings.frequencyPenalty != nil), (.presencePenalty, settings.presencePenalty != nil),
            (.logitBias, settings.logitBias != nil), (.choiceCount, (settings.choiceCount ?? 1) != 1),
            (.stopSequences, !settings.stopSequences.isEmpty),
            (.modalities, settings.modalities.contains { $0 != "text" }), (.audio, settings.audio != nil),
        ]
        for (field, isSaid) in said where isSaid { report.drop(field, of: conversation.form) }
    }
}

extension JSONWriter {
    /// The value of `text.format`.
    mutating func outputFormat(_ format: OutputFormat) {
        object {
            switch format {
            case .text: $0.member("type", "text")
            case .json: $0.member("type", "json_object")
            case .schema(let schema):
                $0.member("type", "json_schema")
                $0.member("name", schema.name ?? "response")
                $0.member("description", ifPresent: schema.description)
                $0.member("schema", schema.schema)
                $0.member("strict", ifPresent: schema.isStrict)
            }
        }
    }
}
