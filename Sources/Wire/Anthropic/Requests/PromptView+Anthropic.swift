extension PromptView {
    /// Reads a Messages request from `bytes`, which `index` must have read last.
    ///
    /// Refuses only what the vendor would: a missing or mistyped field among those it knows, and one that stands twice.
    /// - Parameter isCount: the body asks for a count of tokens, where `max_tokens` has no place.
    package init(
        anthropic bytes: UnsafeRawBufferPointer, index: JSONIndex, isCount: Bool = false
    ) throws(RequestError) {
        var reader = AnthropicRequestReader(bytes, index: index)
        try reader.readMembers()
        self = try reader.view(isCount: isCount)
    }
}
