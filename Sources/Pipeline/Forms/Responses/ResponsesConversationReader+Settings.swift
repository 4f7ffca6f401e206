import Wire

extension ResponsesRequestParser {
    /// Reads a member that says how the answer is to be made; false for any other.
    mutating func readSetting(_ name: String, _ value: Int) throws(ConversationError) -> Bool {
        switch name {
        case "max_output_tokens":
            guard let count = text.index.int64(value, in: text.bytes), count >= 1 else {
                throw .mistyped(name, "a whole number of at least 1")
            }
            conversation.settings.maximumOutputTokens = count
        case "temperature": conversation.settings.temperature = try number(value, name)
        case "top_p": conversation.settings.topP = try number(value, name)
        case "top_logprobs": try readTopLogprobs(value)
        case "include": try readInclude(value)
        case "text": try readText(try object(value, name))
        case "reasoning": try readReasoning(try object(value, name))
        case "service_tier": conversation.settings.serviceTier = try string(value, name)
        case "metadata": conversation.settings.metadata = text.fragment(try object(value, name))
        case "user":
            let user = try string(value, name)
            if text.member("safety_identifier", of: 0) == nil {
                conversation.settings.userID = user
            } else {
                return false
            }
        case "safety_identifier": conversation.settings.userID = try string(value, name)
        case "prompt_cache_key": conversation.settings.promptCacheKey = try string(value, name)
        case "store": conversation.settings.store = try flag(value, name)
        case "moderation": conversation.settings.safetySettings = text.fragment(value)
        case "truncation": return text.equals(value, "disabled")
        case "stream_options":
            return text.member("include_obfuscation", of: value).map { text.kind($0) != .true } ?? true
        default: return false
        }
        return true
    }

    private mutating func readTopLogprobs(_ value: Int) throws(ConversationError) {
        conversation.settings.topLogprobs = try number(value, "top_logprobs")
        if text.index.int64(value, in: text.bytes) != 0 { conversation.settings.logprobs = true }
    }

    /// Encrypted thoughts are given unasked.
    private mutating func readInclude(_ value: Int) throws(ConversationError) {
        guard text.kind(value) == .array else { throw .mistyped("include", "an array of strings") }
        var hasOthers = false
        for element in text.index.elements(of: value) {
            if text.equals(element, "message.output_text.logprobs") {
                conversation.settings.logprobs = true
            } else if !text.equals(element, "reasoning.encrypted_content") {
                hasOthers = true
            }
        }
        if hasOthers { addOther("include", value) }
    }

    private mutating func readText(_ value: Int) throws(ConversationError) {
        for (key, member) in text.index.members(of: value) where text.kind(member) != .null {
            let name = "text." + text.string(key)
            switch name {
            case "text.format": conversation.settings.outputFormat = try outputFormat(try object(member, name))
            case "text.verbosity": conversation.settings.verbosity = try string(member, name)
            default: addOther(name, member)
            }
        }
    }

    private func outputFormat(_ format: Int) throws(ConversationError) -> OutputFormat {
        guard let type = text.member("type", of: format) else { throw .mistyped("text.format.type", "a string") }
        if text.equals(type, "text") { return .text }
        if text.equals(type, "json_object") { return .json }
        guard text.equals(type, "json_schema") else {
            throw .mistyped("text.format.type", "\"text\", \"json_object\" or \"json_schema\"")
        }
        guard let schema = text.member("schema", of: format), text.kind(schema) == .object else {
            throw .mistyped("text.format.schema", "an object")
        }
        return .schema(
            OutputSchema(
                schema: text.fragment(schema), name: try string("name", of: format, path: "text.format"),
                description: text.text("description", of: format),
                isStrict: text.member("strict", of: format).flatMap { text.index.bool($0) }))
    }

    private mutating func readReasoning(_ value: Int) throws(ConversationError) {
        var reasoning = ReasoningSettings()
        for (key, member) in text.index.members(of: value) where text.kind(member) != .null {
            let name = "reasoning." + text.string(key)
            switch name {
            case "reasoning.effort":
                guard let effort = ReasoningEffort(rawValue: text.string(member)) else {
                    let known = ReasoningEffort.allCases.map(\.rawValue).joined(separator: ", ")
                    throw .mistyped(name, "one of \(known)")
                }
                reasoning.effort = effort
            case "reasoning.summary", "reasoning.generate_summary":
                reasoning.summary = try string(member, name)
                reasoning.showsThoughts = true
            default: addOther(name, member)
            }
        }
        if reasoning != ReasoningSettings() { conversation.settings.reasoning = reasoning }
    }
}
