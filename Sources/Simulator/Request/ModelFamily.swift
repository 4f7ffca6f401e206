/// What a model's name says about the vendor's rules: the family and the version in it. Facts as of 2026-11-21.
struct ModelFamily: Sendable, Equatable {
    private let name: String

    /// - Parameter model: without directives.
    init(_ model: String) { name = String(model.lowercased().map { $0 == "." ? "-" : $0 }) }

    /// The version behind the word, `(5, 4)` for `gpt-5.4-mini`; nil when the name does not begin with the word and a
    /// number. A date is no version.
    private func version(after word: String) -> (Int, Int)? {
        guard name.hasPrefix(word) else { return nil }
        let parts = name.dropFirst(word.count).split(separator: "-", omittingEmptySubsequences: false)
        guard let major = parts.first.flatMap({ Int($0) }), major < 1000 else { return nil }
        let minor = parts.dropFirst().first.flatMap { $0.count <= 2 ? Int($0) : nil } ?? 0
        return (major, minor)
    }

    private func isAtLeast(_ least: (Int, Int), after words: [String]) -> Bool {
        words.contains { word in version(after: word).map { $0 >= least } ?? false }
    }

    /// OpenAI's own reasoning models: they show no thoughts on chat and take no `max_tokens`.
    var isOpenAIReasoning: Bool {
        isAtLeast((5, 0), after: ["gpt-"]) || ["o1", "o3", "o4"].contains { name == $0 || name.hasPrefix("\($0)-") }
    }

    var isOpenAI: Bool { isOpenAIReasoning || name.hasPrefix("gpt-") || name.hasPrefix("chatgpt-") }

    /// gpt-5.4 and later: no tools with reasoning on chat.
    var refusesToolsWithReasoningOnChat: Bool { isAtLeast((5, 4), after: ["gpt-"]) }

    /// They think always.
    var refusesEffortNone: Bool { name.hasPrefix("gpt-6-astra") || name.hasPrefix("gpt-6-1-sol") }

    /// GPT-6: no sampling while it reasons.
    var refusesSamplingWithReasoning: Bool { isAtLeast((6, 0), after: ["gpt-"]) }

    var isDeepSeek: Bool { name.hasPrefix("deepseek") }

    /// Gemini 3 and later: a function call comes back with its thought signature.
    var wantsThoughtSignatures: Bool { isAtLeast((3, 0), after: ["gemini-"]) }

    /// Before Gemini 3: budgets instead of levels of thinking.
    var isOldGemini: Bool { version(after: "gemini-").map { $0 < (3, 0) } ?? false }

    private static let claudes = ["claude-opus-", "claude-sonnet-", "claude-haiku-", "claude-fable-", "claude-mythos-"]

    /// From 4.6 on the conversation may not end with the assistant.
    var refusesPrefill: Bool { isAtLeast((4, 6), after: Self.claudes) }

    /// Non-default sampling is refused even on the old version of the API.
    var refusesSampling: Bool {
        isAtLeast((4, 7), after: ["claude-opus-"]) || isAtLeast((5, 0), after: Self.claudes)
    }

    /// Messages of the role `system`; not on Sonnet 5.
    var takesSystemMessages: Bool {
        isAtLeast((4, 8), after: ["claude-opus-"]) || isAtLeast((5, 1), after: ["claude-sonnet-", "claude-haiku-"])
            || isAtLeast((5, 0), after: ["claude-fable-", "claude-mythos-"])
    }

    /// Thinking cannot be switched off.
    var alwaysThinks: Bool {
        isAtLeast((5, 5), after: ["claude-opus-"]) || isAtLeast((5, 0), after: ["claude-fable-"])
    }
}
