extension PromptView {
    /// Reads a `generateContent` or `countTokens` request from `bytes`, which `index` must have read last. Names may be
    /// spelled in camel case or with underscores (package google-genai 3.4.0 mixes both).
    ///
    /// - Parameters:
    ///   - model: what the path says; never empty.
    ///   - isStream: what the path says.
    package init(
        gemini bytes: UnsafeRawBufferPointer, index: JSONIndex, model: String, isStream: Bool
    ) throws(RequestError) {
        var reader = GeminiRequestReader(bytes, index: index)
        try reader.readMembers()
        self = try reader.view(model: model, isStream: isStream)
    }
}
