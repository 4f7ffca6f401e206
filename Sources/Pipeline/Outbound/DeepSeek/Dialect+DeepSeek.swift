extension Dialect {
    /// DeepSeek: usage carries `prompt_cache_hit_tokens` and `prompt_cache_miss_tokens`; in streams it comes with the finish
    /// chunk (api-docs.deepseek.com, read 2026-11). It caches by itself, in units that end where prompts and answers end, and
    /// takes no marks; nothing is set. Its `user_id` would part the cache of one user from that of another.
    static let deepSeek = Dialect(
        forms: [.openAIChat], traits: .deepSeek, usageStyle: .hitsAndMisses, cacheRules: { model, _ in .deepSeek(model) })
}
