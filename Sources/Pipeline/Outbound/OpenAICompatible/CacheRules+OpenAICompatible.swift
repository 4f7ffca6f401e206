extension CacheRules {
    /// Engines that serve OpenAI's form cache by themselves: vLLM in blocks of 16 tokens, others to the token (their
    /// documentation, read 2026-11).
    static let openAICompatible: CacheRules = {
        var rules = CacheRules()
        rules.matching = .steps(16)
        rules.minimumTokens = 16
        return rules
    }()
}
