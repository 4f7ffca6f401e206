import Wire

extension Dialect {
    /// Any server of OpenAI's form: vLLM, llama.cpp, Ollama and hosted ones. Those that know no `stream_options` skip it, as
    /// they do every field they do not know (their references, read 2026-11). In their own form they are sent the client's
    /// bytes: most know the newer names, and which do is not told by the kind. Those that cache do so by themselves.
    static let openAICompatible = Dialect(
        forms: [.openAIChat], traits: .openAICompatible, operations: Set(Operation.allCases),
        cacheRules: { _, _ in .openAICompatible })
}
