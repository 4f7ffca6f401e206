extension Dialect {
    /// The provider simulator, which answers in OpenAI's form.
    static let simulator = Dialect(form: .openAIChat)
}
