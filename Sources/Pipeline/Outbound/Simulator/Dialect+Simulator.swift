extension Dialect {
    /// The provider simulator, which answers each form in its own.
    static let simulator = Dialect(
        forms: [.openAIChat, .openAIResponses, .anthropicMessages, .geminiGenerate],
        countsTokens: [.anthropicMessages, .geminiGenerate],
        clientHeaders: [.anthropicVersion, .anthropicBeta, .openAIBeta])
}
