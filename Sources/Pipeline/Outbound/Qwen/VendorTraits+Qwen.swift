extension VendorTraits {
    /// Tongyi Qianwen in compatible mode (alibabacloud.com, compatibility with OpenAI, read 2026-11).
    static let qwen: VendorTraits = {
        var traits = VendorTraits()
        traits.takesDeveloperRole = false
        traits.takesMaxCompletionTokens = false
        traits.reasoningControl = .enableThinking
        traits.takesStrictTools = false
        traits.takesFiles = false
        traits.unknownFields = [
            .frequencyPenalty, .logitBias, .verbosity, .metadata, .promptCacheKey, .store, .serviceTier, .userID,
        ]
        return traits
    }()
}
