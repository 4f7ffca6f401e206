import Wire

extension Dialect {
    /// Tongyi Qianwen in DashScope's compatible mode (alibabacloud.com, compatibility with OpenAI, read 2026-11); images, speech
    /// and ranking in its own API, which compatible mode has not, or not for every model.
    static let qwen = Dialect(
        forms: [.openAIChat], traits: .qwen, operations: [.embeddings], nativeOperations: DashScopeOperations(),
        cacheRules: { model, _ in .qwen(model) })
}
