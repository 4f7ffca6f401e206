extension VendorTraits {
    /// Doubao on Ark (package volcengine-ark-runtime 5.0.54, read 2026-11).
    static let doubao: VendorTraits = {
        var traits = VendorTraits()
        traits.takesDeveloperRole = false
        traits.reasoningControl = .thinkingType
        traits.takesCustomTools = false
        traits.takesAllowedTools = false
        traits.takesAudio = false
        traits.takesFiles = false
        traits.unknownFields = [
            .topK, .seed, .choiceCount, .verbosity, .modalities, .audio, .metadata, .userID, .promptCacheKey, .store,
            .safetySettings,
        ]
        return traits
    }()
}
