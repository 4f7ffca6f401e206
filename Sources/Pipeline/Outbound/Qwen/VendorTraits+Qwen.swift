extension VendorTraits {
    /// Tongyi Qianwen in compatible mode (alibabacloud.com, compatibility with OpenAI, 2026-10-13; help.aliyun.com,
    /// qwen4-max and context-cache, read 2026-11). Qwen4 takes efforts, and refuses them beside `thinking_budget`. Explicit
    /// caching is by marks on content parts.
    static let qwen: VendorTraits = {
        var traits = VendorTraits()
        traits.takesDeveloperRole = false
        traits.takesSystemAnywhere = false
        traits.takesMaxCompletionTokens = false
        traits.reasoningControl = .enableThinking
        traits.effortModels = ["qwen4"]
        traits.takesStrictTools = false
        traits.takesCustomTools = false
        traits.takesAllowedTools = false
        traits.takesCacheControl = true
        traits.takesFiles = false
        traits.unknownFields = [
            .frequencyPenalty, .logitBias, .verbosity, .metadata, .promptCacheKey, .store, .serviceTier, .userID,
            .safetySettings,
        ]
        return traits
    }()
}
