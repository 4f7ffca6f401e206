extension CacheRules {
    /// OpenAI: prefixes from 1,024 tokens on are cached by themselves; a key keeps a conversation on one machine. From gpt-5.6 on
    /// writing costs 1.25 times input for 30 minutes at least and 2.5 times for twelve hours, only what ends at a breakpoint is
    /// found again, and the vendor sets one at the prompt's end besides the latest three of the request's own; older models
    /// refuse them (developers.openai.com, prompt caching, read 2026-11). A breakpoint of ours costs nothing then, for the
    /// whole prompt is written anyway: it lets other conversations begin where the instructions end. Older models match in
    /// steps of 128 tokens (the same page).
    static func openAI(_ model: String) -> CacheRules {
        var rules = CacheRules()
        rules.takesKey = true
        rules.matching = .steps(128)
        rules.bindings = bindingsOfOpenAI
        guard OpenAIModels.takesBreakpoints(model) else { return rules }
        rules.marks = .breakpoints
        rules.matching = .marks
        rules.marksEnd = true
        rules.shortLife = .seconds(1_800)
        rules.longLife = .seconds(43_200)
        rules.longWritePermille = 2_500
        if model.hasPrefix("gpt-6.1") { rules.readPermille = 50 }
        return rules
    }

    /// The reasons that its diagnostics give for a miss beside the prompt's own (the same page).
    static let bindingsOfOpenAI = [CacheSetting.cacheKey, .textFormat, .effort, .verbosity, .serviceTier].map {
        Binding(setting: $0, keeps: .nothing)
    }
}
