extension CacheRules {
    /// Gemini caches by itself, prefixes from 2,048 tokens on with the 2.x models and from 4,096 with later ones; in which steps
    /// it matches is not told (ai.google.dev, context caching, read 2026-11).
    static func gemini(_ model: String) -> CacheRules {
        var rules = CacheRules()
        let name = model.lowercased()
        rules.minimumTokens = name.hasPrefix("gemini-2") || name.hasPrefix("gemini-1") ? 2_048 : 4_096
        return rules
    }
}
