import Wire

extension Dialect {
    /// The provider simulator, which answers each form in its own.
    static let simulator = Dialect(
        forms: [.openAIChat, .openAIResponses, .anthropicMessages, .geminiGenerate],
        countsTokens: [.anthropicMessages, .geminiGenerate],
        operations: Set(Operation.allCases),
        clientHeaders: [.anthropicVersion, .anthropicBeta, .openAIBeta],
        cacheRules: { model, form in
            switch form {
            case .anthropicMessages: .anthropic(model)
            case .openAIChat, .openAIResponses: .openAI(model)
            case .geminiGenerate: .gemini(model)
            }
        })
}
