extension Dialect {
    /// DeepSeek: usage carries `prompt_cache_hit_tokens` and `prompt_cache_miss_tokens`; in streams it comes with the finish
    /// chunk (api-docs.deepseek.com, read 2026-11).
    static let deepSeek = Dialect(forms: [.openAIChat], traits: .deepSeek, usageStyle: .hitsAndMisses)
}
