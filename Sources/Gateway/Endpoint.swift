package import Pipeline
private import Wire

/// What a path of the data plane means (contract, section 4).
package enum Endpoint: Sendable, Equatable {
    /// A call that a target answers.
    case request(RequestKind)
    case models
    /// `/v1/models/{id}`
    case model
    case health
    case ready
    /// A path of the contract that is not built yet.
    case notBuilt
    case unknown

    package static let chatCompletions = Endpoint.request(.conversation(.openAIChat))

    /// The one method the endpoint takes.
    package var isPost: Bool {
        switch self {
        case .request: true
        case .models, .model, .health, .ready, .notBuilt, .unknown: false
        }
    }

    /// True where a key must be shown before anything else is said.
    package var needsKey: Bool {
        switch self {
        case .request, .models, .model, .notBuilt: true
        case .health, .ready, .unknown: false
        }
    }

    /// The endpoint of a path as it came, without its query.
    package static func of(path: UnsafeRawBufferPointer) -> Endpoint {
        if path.equals("/v1/chat/completions") { return .chatCompletions }
        if path.equals("/v1/messages") { return .request(.conversation(.anthropicMessages)) }
        if path.equals("/v1/responses") { return .request(.conversation(.openAIResponses)) }
        if path.equals("/health") { return .health }
        if path.equals("/ready") { return .ready }
        if path.equals("/v1/messages/count_tokens") { return .request(.tokenCount(.anthropicMessages)) }
        if path.equals("/v1/models") || path.equals("/v1beta/models") { return .models }
        if path.begins("/v1/"), let operation = Operation(path: String(decoding: path.dropFirst(3), as: UTF8.self)) {
            return .request(.operation(operation))
        }
        if let call = GeminiPath(path) { return call.endpoint }
        if path.begins("/v1/models/") || path.begins("/v1beta/models/") { return .model }
        return unbuiltPaths.contains { path.begins($0) } ? .notBuilt : .unknown
    }

    private static let unbuiltPaths: [StaticString] = [
        "/v1/responses/", "/v1/files", "/v1/batches", "/v1/jobs", "/v1/realtime", "/v1beta/",
    ]
}

/// A path of Gemini's form: `/v1beta/models/{model}:{verb}`, or the same under `/v1`.
package struct GeminiPath {
    package enum Verb: Sendable {
        case generate, streamGenerate, countTokens, embed, batchEmbed
    }

    package let verb: Verb
    private let modelBytes: [UInt8]

    /// - Parameter path: as it came, without its query; nil: it is no path of this form.
    package init?(_ path: UnsafeRawBufferPointer) {
        let prefix: StaticString = path.begins("/v1beta/models/") ? "/v1beta/models/" : "/v1/models/"
        guard path.begins(prefix), let colon = path.lastIndex(of: UInt8(ascii: ":")),
            colon > prefix.utf8CodeUnitCount
        else { return nil }
        let verbBytes = UnsafeRawBufferPointer(rebasing: path[(colon + 1)...])
        if verbBytes.equals("generateContent") {
            verb = .generate
        } else if verbBytes.equals("streamGenerateContent") {
            verb = .streamGenerate
        } else if verbBytes.equals("countTokens") {
            verb = .countTokens
        } else if verbBytes.equals("embedContent") {
            verb = .embed
        } else if verbBytes.equals("batchEmbedContents") {
            verb = .batchEmbed
        } else {
            return nil
        }
        modelBytes = Array(path[prefix.utf8CodeUnitCount..<colon])
    }

    var endpoint: Endpoint {
        switch verb {
        case .generate, .streamGenerate: .request(.conversation(.geminiGenerate))
        case .countTokens: .request(.tokenCount(.geminiGenerate))
        case .embed: .request(.geminiEmbedding(isBatch: false))
        case .batchEmbed: .request(.geminiEmbedding(isBatch: true))
        }
    }

    /// What the path says; the model's name percent-decoded.
    ///
    /// - Parameter query: behind the `?`; nil: there is none.
    package func parameters(query: String?) -> RequestDetail.Path {
        let model = String(decoding: modelBytes, as: UTF8.self)
        let isEventStream = query?.split(separator: "&").contains("alt=sse") ?? false
        let isStream = verb == .streamGenerate && isEventStream
        return RequestDetail.Path(
            parameters: PathParameters(model: PercentDecoding.decoded(model[...]) ?? model, isStream: isStream),
            isAnswerArray: verb == .streamGenerate && !isEventStream)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && text.withUTF8Buffer { elementsEqual($0) }
    }

    fileprivate func begins(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount && text.withUTF8Buffer { prefix($0.count).elementsEqual($0) }
    }
}
