extension VendorTraits {
    /// Servers of the form in general: what not all of them know is written the older way, which all do (references of vLLM
    /// 0.26, llama.cpp and Ollama, read 2026-11). Templates of models that are served so refuse a second system message.
    static let openAICompatible: VendorTraits = {
        var traits = VendorTraits()
        traits.takesDeveloperRole = false
        traits.takesSystemAnywhere = false
        traits.takesMaxCompletionTokens = false
        traits.takesCustomTools = false
        traits.takesAllowedTools = false
        traits.unknownFields = [.verbosity, .metadata, .promptCacheKey, .store, .serviceTier, .safetySettings]
        return traits
    }()
}
