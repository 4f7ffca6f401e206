/// Every kind of vendor that is built: one line each.
package enum DialectRegistry {
    private static let dialects: [String: Dialect] = [
        "openai": .openAI,
        "anthropic": .anthropic,
        "gemini": .gemini,
        "deepseek": .deepSeek,
        "qwen": .qwen,
        "doubao": .doubao,
        "azure-openai": .azureOpenAI,
        "openai-compatible": .openAICompatible,
        "simulator": .simulator,
    ]

    /// - Parameter kind: a provider's `kind` as the configuration spells it; nil is returned for one that is not built.
    package static func dialect(kind: String) -> Dialect? { dialects[kind] }
}
