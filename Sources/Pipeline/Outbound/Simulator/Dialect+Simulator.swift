import Wire

extension Dialect {
    /// The provider simulator, which answers each form in its own.
    static let simulator = Dialect(
        forms: [.openAIChat, .openAIResponses, .anthropicMessages, .geminiGenerate],
        countsTokens: [.anthropicMessages, .geminiGenerate],
        operations: Set(Operation.allCases),
        clientHeaders: [.anthropicVersion, .anthropicBeta, .openAIBeta])
}
