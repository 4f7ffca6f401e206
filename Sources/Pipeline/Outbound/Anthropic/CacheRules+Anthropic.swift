extension CacheRules {
    /// Anthropic: four marks in all, on tools, instructions and blocks of messages; each finds entries among the 20 blocks up to
    /// its own. Writes cost 1.25 times input for five minutes and twice for an hour, reads a tenth or, with the newest models,
    /// less (platform.claude.com, prompt caching and pricing, read 2026-11).
    static func anthropic(_ model: String) -> CacheRules {
        let name = ModelName(model)
        var rules = CacheRules()
        rules.marks = .blocks
        rules.matching = .marks
        rules.bindings = bindings
        rules.lookBack = 20
        rules.longLife = .seconds(3_600)
        rules.minimumTokens = minimum(name)
        if name.contains("opus-5-5") || name.contains("sonnet-5-5") { rules.readPermille = 50 }
        if name.contains("fable-5-1") || name.contains("mythos-5-1") { rules.readPermille = 25 }
        return rules
    }

    /// What changes take with them (the first page, "what invalidates the cache").
    private static let bindings = [
        Binding(setting: .speed, keeps: .tools), Binding(setting: .toolChoice, keeps: .instructions),
        Binding(setting: .thinking, keeps: .instructions), Binding(setting: .images, keeps: .instructions),
    ]

    /// Shorter prefixes are silently not cached. A name that is not here is taken for one of 1,024 (the same page).
    private static func minimum(_ name: ModelName) -> Int64 {
        minimums.first { $0.names.contains(where: name.contains) }?.tokens ?? 1_024
    }

    private static let minimums: [(tokens: Int64, names: [StaticString])] = [
        (512, ["opus-5", "sonnet-5-5", "haiku-5-5", "fable-5", "mythos-5"]),
        (2_048, ["opus-4-7", "haiku-3-5", "3-5-haiku"]),
        (4_096, ["opus-4-6", "opus-4-5", "haiku-4-5"]),
    ]
}
