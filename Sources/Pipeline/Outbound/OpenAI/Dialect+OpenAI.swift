extension Dialect {
    /// OpenAI's own API (package openai 3.52.0, read 2026-11).
    static let openAI = Dialect(form: .openAIChat)
}
