/// What OpenAI's form offers besides conversations. A request of one passes to a vendor of the same form as it is, but for
/// the model's name (OpenAI's reference, Jina's and Cohere's for `rerank`; read 2026-11).
package enum Operation: UInt8, Sendable, CaseIterable {
    case embeddings, imageGeneration, imageEdit, speech, transcription, moderation, rerank

    /// How a request's body is written.
    package enum RequestFormat: Sendable, Equatable {
        case json
        /// `multipart/form-data`
        case multipart
    }

    /// How an answer's body is written that is no stream.
    package enum AnswerFormat: Sendable, Equatable {
        case json
        /// Whatever the vendor's content type says: not looked into.
        case bytes
    }

    /// The path behind the version; begins with a slash.
    package var path: String {
        switch self {
        case .embeddings: "/embeddings"
        case .imageGeneration: "/images/generations"
        case .imageEdit: "/images/edits"
        case .speech: "/audio/speech"
        case .transcription: "/audio/transcriptions"
        case .moderation: "/moderations"
        case .rerank: "/rerank"
        }
    }

    /// - Parameter path: behind the version, query left out.
    package init?(path: some StringProtocol) {
        guard let operation = Self.allCases.first(where: { path == $0.path }) else { return nil }
        self = operation
    }

    /// How a request's body is written. Pictures to edit are sent as files, or named in JSON (`images: [{"image_url"}]`;
    /// OpenAI's reference of `/images/edits`, read 2026-11).
    ///
    /// - Parameter contentType: the field's value as it came; nil: there is none.
    package func requestFormat(contentType: String?) -> RequestFormat {
        switch self {
        case .embeddings, .imageGeneration, .speech, .moderation, .rerank: .json
        case .imageEdit: contentType.map(Self.isJSON) ?? false ? .json : .multipart
        case .transcription: .multipart
        }
    }

    private static func isJSON(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" && $0 != " " && $0 != "\t" }
        return type.lowercased() == "application/json"
    }

    /// What a request gets that does not ask for another: see `OperationRequest.answerFormat`.
    package var answerFormat: AnswerFormat {
        switch self {
        case .embeddings, .imageGeneration, .imageEdit, .transcription, .moderation, .rerank: .json
        case .speech: .bytes
        }
    }

    /// The form has a way to ask for events.
    package var canStream: Bool {
        switch self {
        case .imageGeneration, .imageEdit, .speech, .transcription: true
        case .embeddings, .moderation, .rerank: false
        }
    }

    /// The same request has the same answer, or one as good.
    package var isRepeatable: Bool {
        switch self {
        case .embeddings, .moderation, .rerank: true
        case .imageGeneration, .imageEdit, .speech, .transcription: false
        }
    }

    /// What OpenAI takes where the request names no model; nil: the form asks for one.
    package var defaultModel: String? {
        switch self {
        case .moderation: "omni-moderation-latest"
        case .embeddings, .imageGeneration, .imageEdit, .speech, .transcription, .rerank: nil
        }
    }
}
