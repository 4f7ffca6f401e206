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

    /// Every kind that is built, by name.
    package static var kinds: [String] { dialects.keys.sorted() }

    /// The kind of vendor that most likely serves a model of this name to who asks in this form.
    package static func likelyKind(ofModel model: String, form: RequestForm) -> String {
        let name = model.lowercased()
        let families = [
            ("claude", "anthropic"), ("gemini", "gemini"), ("deepseek", "deepseek"), ("qwen", "qwen"), ("doubao", "doubao"),
            ("gpt-", "openai"),
        ]
        if let family = families.first(where: { name.contains($0.0) }) { return family.1 }
        return switch form {
        case .openAIChat, .openAIResponses: "openai"
        case .anthropicMessages: "anthropic"
        case .geminiGenerate: "gemini"
        }
    }

    /// - Parameter kind: a provider's `kind` as the configuration spells it; nil is returned for one that is not built.
    package static func dialect(kind: String) -> Dialect? { dialects[kind] }
}
