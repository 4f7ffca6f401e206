import Wire

extension Dialect {
    /// OpenAI's own API (package openai 3.52.0, read 2026-11).
    static let openAI = Dialect(
        forms: [.openAIChat, .openAIResponses], traits: .openAI, clientHeaders: [.openAIBeta],
        chooseForm: OpenAIModels.form)
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
        case .anthropicMessages, .geminiGenerate: return .openAIResponses
        case .openAIChat:
            guard question.view.toolsValue != nil else { return nil }
            return question.view.asksToReason || alwaysReasons(question.model) ? .openAIResponses : nil
        }
    }

    /// gpt-5.4 and later. A fine-tuned model's name keeps its base's behind `ft:`.
    static func isReasoningGeneration(_ model: String) -> Bool {
        let name = model.hasPrefix("ft:") ? model.dropFirst(3) : model[...]
        guard name.hasPrefix("gpt-") else { return false }
        let digits = name.dropFirst(4).prefix { $0.isNumber || $0 == "." }.split(separator: ".", maxSplits: 1)
        guard let major = digits.first.flatMap({ Int($0) }) else { return false }
        let minor = digits.dropFirst().first.flatMap { Int($0) } ?? 0
        return major > 5 && major < 100 || major == 5 && minor >= 4
    }

    /// Models that take no effort of `none` (the same thread).
    private static func alwaysReasons(_ model: String) -> Bool {
        model.hasPrefix("gpt-6-astra") || model.hasPrefix("gpt-6.1-sol")
    }
}
