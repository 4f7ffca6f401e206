extension VendorTraits {
    /// Servers of the form in general: what not all of them know is written the older way, which all do (references of vLLM,
    /// llama.cpp and Ollama, read 2026-11).
    static let openAICompatible: VendorTraits = {
        var traits = VendorTraits()
        traits.takesDeveloperRole = false
        traits.takesMaxCompletionTokens = false
        traits.unknownFields = [.verbosity, .metadata, .promptCacheKey, .store, .serviceTier]
        return traits
    }()
}
