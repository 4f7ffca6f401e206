extension CacheRules {
    /// Tongyi Qianwen: four marks on parts of messages, for five minutes, each finding entries 20 blocks back. A request with a
    /// mark gives up the implicit cache, which costs nothing to write, is read at a fifth and may or may not be hit: half of
    /// the time is assumed (help.aliyun.com, context cache, read 2026-11). Qwen4 knows an hour too, at a price not stated.
    static func qwen(_ model: String) -> CacheRules {
        var rules = CacheRules()
        let name = model.lowercased()
        guard isMarkable(name) else { return rules }
        rules.marks = .parts
        rules.matching = .marks
        rules.lookBack = 20
        rules.implicit = Implicit(readPermille: name.hasPrefix("qwen4") ? 50 : 200, hitPermille: 500)
        return rules
    }

    /// The commercial families; others take a mark for nothing, which would only cost the implicit cache.
    private static func isMarkable(_ name: String) -> Bool {
        let families = ["qwen4", "qwen3.", "qwen3-max", "qwen3-coder-plus", "qwen3-coder-flash", "qwen3-vl-plus"]
        return families.contains(where: name.hasPrefix) || name.hasPrefix("qwen-plus") || name.hasPrefix("qwen-flash")
    }
}
