extension VendorTraits {
    /// DeepSeek (api-docs.deepseek.com, guides/thinking_mode and the chat reference, read 2026-11). Thoughts of a turn with
    /// calls must come back, or it answers 400. Its `user_id` sets caches apart, which nobody asks for by `user`.
    static let deepSeek: VendorTraits = {
        var traits = VendorTraits()
        traits.takesDeveloperRole = false
        traits.takesMaxCompletionTokens = false
        traits.reasoningControl = .thinkingAndEffort
        traits.takesJSONSchema = false
        traits.takesReasoningBack = true
        traits.takesStrictTools = false
        traits.takesCustomTools = false
        traits.takesAllowedTools = false
        traits.takesImages = false
        traits.takesAudio = false
        traits.takesFiles = false
        traits.unknownFields = [
            .topK, .seed, .logitBias, .choiceCount, .verbosity, .modalities, .audio, .metadata, .userID,
            .promptCacheKey,
            .store, .serviceTier, .safetySettings,
        ]
        return traits
    }()
}
