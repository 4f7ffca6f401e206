extension VendorTraits {
    /// DeepSeek (api-docs.deepseek.com, guides/thinking_mode and chat reference, read 2026-11).
    static let deepSeek: VendorTraits = {
        var traits = VendorTraits()
        traits.takesDeveloperRole = false
        traits.takesMaxCompletionTokens = false
        traits.reasoningControl = .thinkingAndEffort
        traits.takesJSONSchema = false
        traits.takesReasoningBack = true
        traits.takesStrictTools = false
        traits.takesImages = false
        traits.takesAudio = false
        traits.takesFiles = false
        traits.unknownFields = [
            .topK, .seed, .logitBias, .choiceCount, .verbosity, .modalities, .metadata, .promptCacheKey, .store,
            .serviceTier,
        ]
        return traits
    }()
}
