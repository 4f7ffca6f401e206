package import NIOCore
package import Wire

/// Where an attempt goes.
package struct OutboundTarget: Sendable {
    package var dialect: Dialect
    /// What the vendor is asked for.
    package var model: String
    /// `api_version` of the provider's configuration.
    package var apiVersion: String?
    /// The last segment of the base URL's path (`v1`); empty: there is none.
    package var baseSegment: String
    /// The base URL's path, no slash at its end; empty: there is none.
    package var basePath: String
    /// What the model's tokens cost; nil: by the vendor's usual ratios.
    package var cacheTerms: CacheTerms?

    package init(
        dialect: Dialect, model: String, apiVersion: String? = nil, baseSegment: String = "v1",
        basePath: String = "/v1", cacheTerms: CacheTerms? = nil
    ) {
        self.dialect = dialect
        self.model = model
        self.apiVersion = apiVersion
        self.baseSegment = baseSegment
        self.basePath = basePath
        self.cacheTerms = cacheTerms
    }

    func path(_ kind: RequestKind, isStream: Bool) -> String {
        dialect.path(
            for: .init(
                kind: kind, model: model, isStream: isStream, apiVersion: apiVersion, baseSegment: baseSegment))
    }
}

/// What an attempt knows of its exchange besides the request.
package struct RenderContext: Sendable {
    package var headers: ClientHeaders
    /// Sets this exchange apart from others: what ids are made of where a vendor gives none.
    package var idSeed: UInt64
    /// Seconds since 1970 when the request came.
    package var createdSeconds: Int64
    /// The client's, where a body may be other than JSON.
    package var contentType: String?
    /// What is known of the session and of the cache this attempt goes to.
    package var cache: CacheOutlook

    package init(
        headers: ClientHeaders = ClientHeaders(), idSeed: UInt64 = 0, createdSeconds: Int64 = 0,
        contentType: String? = nil, cache: CacheOutlook = CacheOutlook()
    ) {
        self.cache = cache
        self.headers = headers
        self.contentType = contentType
        self.idSeed = idSeed
        self.createdSeconds = createdSeconds
    }
}

/// A request in a target's words.
package struct RenderedRequest: Sendable {
    package enum Content: Sendable {
        /// The client's body with changes.
        case edits(JSONEdits)
        /// A body of its own.
        case body(ByteBuffer)
    }

    /// Behind the provider's base URL; begins with a slash.
    package let path: String
    /// `path` begins at the host's root: nothing of the base URL but its host is meant.
    package var isPathWhole = false
    /// The answer comes as events, whether the client wants them or not.
    package var asksForEvents = false
    package let content: Content
    /// nil: JSON.
    package let contentType: String?
    /// Fields besides the provider's own, names in lower case.
    package let headers: [(name: String, value: String)]
    /// How the answer comes back to the client.
    package let answer: AnswerRoute
    /// The model's name and the usage chunk are not reported.
    package let report: FidelityReport
    /// What was decided about the vendor's cache.
    package internal(set) var cachePlan = CachePlan.leftAlone

    init(
        path: String, content: Content, contentType: String? = nil, headers: [(name: String, value: String)] = [],
        answer: AnswerRoute, report: FidelityReport
    ) {
        self.path = path
        self.content = content
        self.contentType = contentType
        self.headers = headers
        self.answer = answer
        self.report = report
    }
}

/// How an answer comes back.
package enum AnswerRoute: Sendable {
    /// In the client's own form, byte for byte. `hidesUsageChunk`: the extra chunk was asked for on the gateway's own
    /// account and is not shown.
    case sameForm(RequestForm, Dialect.UsageStyle, hidesUsageChunk: Bool)
    /// In the vendor's form, to be told in the client's.
    case translated(Translation)
    /// A count of tokens, in the client's own form.
    case tokenCount
    /// An operation's answer, byte for byte.
    case operation(OperationRequest)
    /// Vectors, in the vendor's form, to be told in the client's.
    case embedding(EmbeddingTranslation)
    /// An operation's answer in the vendor's own words, to be told in OpenAI's.
    case native(NativeTranslation)
}

/// What it takes to tell a vendor's vectors in a client's form.
package final class EmbeddingTranslation: Sendable {
    /// The vendor speaks Gemini's form; false: OpenAI's.
    let isGemini: Bool
    let request: EmbeddingRequest
    let upstreamModel: String
    let estimatedInputTokens: Int64

    init(isGemini: Bool, request: EmbeddingRequest, upstreamModel: String, estimatedInputTokens: Int64) {
        self.isGemini = isGemini
        self.request = request
        self.upstreamModel = upstreamModel
        self.estimatedInputTokens = estimatedInputTokens
    }
}

/// What it takes to tell a vendor's answer in a client's form. A class, because attempts hand it about.
package final class Translation: Sendable {
    package let vendorForm: RequestForm
    package let context: CompletionContext

    package var clientForm: RequestForm { context.conversation.form }

    init(vendorForm: RequestForm, context: CompletionContext) {
        self.vendorForm = vendorForm
        self.context = context
    }
}
