import Wire

extension Dialect {
    /// Doubao on Volcengine Ark (package volcengine-ark-runtime 5.0.54, read 2026-11). Chat caches by itself; what else it has
    /// (contexts, `caching` in Responses) are objects that are stored, billed by the hour and named by later requests, which a
    /// client that sends its whole history does not.
    static let doubao = Dialect(forms: [.openAIChat], traits: .doubao, operations: [.embeddings, .imageGeneration])
}
