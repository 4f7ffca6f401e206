import Wire

extension Dialect {
    /// OpenAI's own API (package openai 3.52.0, read 2026-11).
    static let openAI = Dialect(
        forms: [.openAIChat, .openAIResponses], traits: .openAI,
        operations: Set(Operation.allCases).subtracting([.rerank]), clientHeaders: [.openAIBeta],
        traitsOfModel: OpenAIModels.traits, cacheRules: { model, _ in .openAI(model) }, chooseForm: OpenAIModels.form)
}

/// What OpenAI's models take where, by their names.
enum OpenAIModels {
    /// From gpt-5.4 on, Chat Completions refuses tools together with reasoning, and only Responses shows thoughts and takes
    /// them back (community.openai.com/t/1386454, read 2026-11): a request that came in another form goes to Responses, and
    /// so does a chat request that Chat Completions would refuse.
    @Sendable static func form(_ question: Dialect.FormQuestion) -> RequestForm? {
        guard isReasoningGeneration(question.model) else { return nil }
        switch question.client {
        case .openAIResponses: return nil
        case .anthropicMessages, .geminiGenerate:
            // Responses has no stop sequences, and without tools Chat Completions takes all else.
            let isChatEnough = question.view.hasStopSequences && question.view.toolsValue == nil
            return isChatEnough ? .openAIChat : .openAIResponses
        case .openAIChat:
            guard question.view.toolsValue != nil else { return nil }
            return question.view.asksToReason || alwaysReasons(question.model) ? .openAIResponses : nil
        }
    }

    /// Cache breakpoints are taken from gpt-5.6 on, sampling up to gpt-5 (prompt caching guide and the same thread,
    /// read 2026-11). Models before gpt-5, and gpt-5-chat, do not think and refuse to be told how much
    /// (platform.openai.com, models, read 2026-11).
    @Sendable static func traits(_ model: String) -> VendorTraits {
        var traits = VendorTraits.openAI
        let generation = generation(model) ?? 0
        traits.takesBreakpoints = generation >= 506
        traits.refusesOtherMarks = generation > 0
        if generation < 506 { traits.unknownFields.insert(.cacheMarks) }
        if !canReason(model) { traits.unknownFields.insert(.reasoning) }
        if generation >= 600 { traits.unknownFields.formUnion([.temperature, .topP]) }
        return traits
    }

    /// gpt-5.6 and later.
    static func takesBreakpoints(_ model: String) -> Bool {
        generation(model) ?? 0 >= 506
    }

    /// gpt-5.4 and later. A fine-tuned model's name keeps its base's behind `ft:`.
    static func isReasoningGeneration(_ model: String) -> Bool {
        generation(model) ?? 0 >= 504
    }

    /// A name of another shape may be any model's.
    private static func canReason(_ model: String) -> Bool {
        if let generation = generation(model), generation < 500 { return false }
        return !model.hasPrefix("chatgpt-") && !model.hasPrefix("gpt-5-chat")
    }

    /// Major times a hundred, plus minor: 504 for gpt-5.4; nil for a name of another shape.
    private static func generation(_ model: String) -> Int? {
        var name = model.utf8[...]
        if name.starts(with: "ft:".utf8) { name = name.dropFirst(3) }
        guard name.starts(with: "gpt-".utf8) else { return nil }
        name = name.dropFirst(4)
        guard let major = number(&name), major < 100 else { return nil }
        guard name.first == UInt8(ascii: ".") else { return major * 100 }
        name = name.dropFirst()
        return major * 100 + min(number(&name) ?? 0, 99)
    }

    /// Takes the digits at the beginning; nil: there is none.
    private static func number(_ name: inout Substring.UTF8View) -> Int? {
        var number: Int?
        while let digit = name.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
            number = min((number ?? 0) * 10 + Int(digit - UInt8(ascii: "0")), 10_000)
            name = name.dropFirst()
        }
        return number
    }

    /// Models that take no effort of `none` (the same thread).
    private static func alwaysReasons(_ model: String) -> Bool {
        model.hasPrefix("gpt-6-astra") || model.hasPrefix("gpt-6.1-sol")
    }
}
