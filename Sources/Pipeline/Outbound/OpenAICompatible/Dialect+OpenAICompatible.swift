extension Dialect {
    /// Any server of OpenAI's form: vLLM, llama.cpp, Ollama and hosted ones. Those that know no `stream_options` skip it, as
    /// they do every field they do not know (their references, read 2026-11).
    static let openAICompatible = Dialect(form: .openAIChat)
}
