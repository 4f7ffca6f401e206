extension CacheRules {
    /// DeepSeek caches by itself, with no minimum that it states. From V4 on it stores whole units, which end where a prompt or
    /// its answer did, and what prompts have in common from the third on; older models match in steps of 64 tokens. `user_id`
    /// parts the caches of users (api-docs.deepseek.com, guides/kv_cache, read 2026-11).
    static func deepSeek(_ model: String) -> CacheRules {
        var rules = CacheRules()
        let name = model.lowercased()
        let hasUnits = name.contains("v4") || name.hasSuffix("flash")
        rules.matching = hasUnits ? .units : .steps(64)
        rules.minimumTokens = hasUnits ? 0 : 64
        rules.bindings = bindingsOfDeepSeek
        return rules
    }

    private static let bindingsOfDeepSeek = [Binding(setting: .user, keeps: .nothing)]
}
