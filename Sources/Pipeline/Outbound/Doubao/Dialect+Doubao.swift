import Wire

extension Dialect {
    /// Doubao on Volcengine Ark (package volcengine-ark-runtime 5.0.54, read 2026-11).
    static let doubao = Dialect(forms: [.openAIChat], traits: .doubao, operations: [.embeddings, .imageGeneration])
}
