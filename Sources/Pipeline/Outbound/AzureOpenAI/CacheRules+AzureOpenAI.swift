extension CacheRules {
    /// Azure OpenAI: a key as OpenAI's (learn.microsoft.com, prompt caching, read 2026-11). Whether a deployment takes
    /// breakpoints is not told by its name, which is the customer's: none is set, the client's own pass.
    static let azureOpenAI: CacheRules = {
        var rules = CacheRules()
        rules.takesKey = true
        rules.matching = .steps(128)
        rules.bindings = bindingsOfOpenAI
        return rules
    }()
}
