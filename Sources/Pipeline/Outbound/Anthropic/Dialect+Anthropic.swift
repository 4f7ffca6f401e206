extension Dialect {
    /// Anthropic's own API. Keys go as `x-api-key`, which every version takes (package anthropic 2.11.0, read 2026-11).
    static let anthropic = Dialect(
        forms: [.anthropicMessages], countsTokens: [.anthropicMessages], authorization: .header("x-api-key"),
        clientHeaders: [.anthropicVersion, .anthropicBeta],
        cacheRules: { model, _ in .anthropic(model) })
}
