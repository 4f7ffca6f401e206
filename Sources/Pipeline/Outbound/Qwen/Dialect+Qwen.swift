import Wire

extension Dialect {
    /// Tongyi Qianwen in DashScope's compatible mode (alibabacloud.com, compatibility with OpenAI, read 2026-11).
    static let qwen = Dialect(forms: [.openAIChat], traits: .qwen, operations: [.embeddings])
}
