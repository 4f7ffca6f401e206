/// What a path of the data plane means (contract, section 4).
package enum Endpoint: Sendable, Equatable {
    case chatCompletions
    case models
    /// `/v1/models/{id}`; the id is percent-decoded by the caller.
    case model
    case health
    case ready
    /// A path of the contract that is not built yet.
    case notBuilt
    case unknown

    /// The one method the endpoint takes.
    package var isPost: Bool {
        switch self {
        case .chatCompletions: true
        case .models, .model, .health, .ready, .notBuilt, .unknown: false
        }
    }

    /// True where a key must be shown before anything else is said.
    package var needsKey: Bool {
        switch self {
        case .chatCompletions, .models, .model, .notBuilt: true
        case .health, .ready, .unknown: false
        }
    }

    /// The endpoint of a path as it came, without its query.
    package static func of(path: UnsafeRawBufferPointer) -> Endpoint {
        func equals(_ text: StaticString) -> Bool {
            path.count == text.utf8CodeUnitCount
                && text.withUTF8Buffer { path.elementsEqual($0) }
        }
        func begins(_ text: StaticString) -> Bool {
            path.count >= text.utf8CodeUnitCount
                && text.withUTF8Buffer { path.prefix($0.count).elementsEqual($0) }
        }
        if equals("/v1/chat/completions") { return .chatCompletions }
        if equals("/health") { return .health }
        if equals("/ready") { return .ready }
        if equals("/v1/models") { return .models }
        if begins("/v1/models/") { return path.contains(UInt8(ascii: ":")) && Self.isGeminiVerb(path) ? .notBuilt : .model }
        if begins("/v1beta/") { return .notBuilt }
        return unbuiltPaths.contains { $0.withUTF8Buffer { path.starts(with: $0) } } ? .notBuilt : .unknown
    }

    private static let unbuiltPaths: [StaticString] = [
        "/v1/responses", "/v1/messages", "/v1/embeddings", "/v1/images/", "/v1/audio/", "/v1/moderations", "/v1/rerank",
        "/v1/files", "/v1/batches", "/v1/jobs", "/v1/realtime",
    ]

    private static func isGeminiVerb(_ path: UnsafeRawBufferPointer) -> Bool {
        let verbs: [StaticString] = [":generateContent", ":streamGenerateContent", ":countTokens", ":embedContent"]
        return verbs.contains { verb in verb.withUTF8Buffer { path.suffix($0.count).elementsEqual($0) } }
    }
}
