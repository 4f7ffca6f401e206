package import Wire

/// How a kind of vendor speaks: everything that a vendor's name decides. Nothing else asks for the name.
///
/// A target that speaks the client's own form gets the client's bytes: unknown fields and deprecated ones pass as they are,
/// and what the vendor thinks of them is its answer. Any other gets the conversation in its own words.
package final class Dialect: Sendable {
    /// How its usage counts cached input, in OpenAI's form.
    package enum UsageStyle: Sendable {
        /// The prompt's count includes what was read from and written to a cache.
        case inclusive
        /// Hits and misses are counted apart and together make the prompt.
        case hitsAndMisses
    }

    /// How a request carries the provider's key.
    package enum Authorization: Sendable, Equatable {
        /// `authorization: Bearer <key>`
        case bearer
        /// The key alone in a field of this name, in lower case.
        case header(String)
    }

    /// What a vendor's choice of form depends on.
    package struct FormQuestion {
        package let client: RequestForm
        /// What the vendor is asked for.
        package let model: String
        package let view: PromptView
    }

    /// What a vendor's path depends on.
    package struct PathQuestion {
        package let kind: RequestKind
        package let model: String
        package let isStream: Bool
        /// `api_version` of the configuration.
        package let apiVersion: String?
        /// The last segment of the base URL's path (`v1`); empty: there is none.
        package let baseSegment: String
    }

    /// The forms it is spoken to in, the one it is translated to first; empty: this kind is not built.
    package let forms: [RequestForm]
    private let usualTraits: VendorTraits
    private let traitsOfModel: (@Sendable (String) -> VendorTraits)?
    /// Forms in which it counts a prompt's tokens.
    package let countsTokens: [RequestForm]
    /// What it offers in OpenAI's form besides conversations.
    package let operations: Set<Operation>
    /// What it offers besides in words of its own; nil: nothing.
    package let nativeOperations: (any NativeOperations)?
    /// It makes vectors in Gemini's form.
    package let embedsInGemini: Bool
    /// It answers `stream_options.include_usage` with a usage chunk, or at least does not refuse it.
    package let takesStreamUsage: Bool
    package let usageStyle: UsageStyle
    package let authorization: Authorization
    /// Fields of clients that go on to it, where the form is its own.
    package let clientHeaders: [ClientHeader]
    private let rulesOfModel: @Sendable (String, RequestForm) -> CacheRules
    private let chooseForm: @Sendable (FormQuestion) -> RequestForm?
    private let makePath: @Sendable (PathQuestion) -> String

    /// - Parameters:
    ///   - traitsOfModel: in place of `traits` where models differ.
    ///   - cacheRules: how it caches one of its models' prompts, by the form they come in.
    ///   - chooseForm: where not the client's own form, or else the first of `forms`, is right; nil says that it is.
    ///   - path: behind the base URL, with its slash.
    init(
        forms: [RequestForm], traits: VendorTraits = VendorTraits(), countsTokens: [RequestForm] = [],
        operations: Set<Operation> = [], nativeOperations: (any NativeOperations)? = nil, embedsInGemini: Bool = false,
        takesStreamUsage: Bool = true, usageStyle: UsageStyle = .inclusive, authorization: Authorization = .bearer,
        clientHeaders: [ClientHeader] = [], traitsOfModel: (@Sendable (String) -> VendorTraits)? = nil,
        cacheRules: @escaping @Sendable (String, RequestForm) -> CacheRules = { _, _ in .automatic },
        chooseForm: @escaping @Sendable (FormQuestion) -> RequestForm? = { _ in nil },
        path: @escaping @Sendable (PathQuestion) -> String = Dialect.usualPath
    ) {
        self.forms = forms
        usualTraits = traits
        self.traitsOfModel = traitsOfModel
        self.countsTokens = countsTokens
        self.operations = operations
        self.nativeOperations = nativeOperations
        self.embedsInGemini = embedsInGemini
        self.takesStreamUsage = takesStreamUsage
        self.usageStyle = usageStyle
        self.authorization = authorization
        self.clientHeaders = clientHeaders
        rulesOfModel = cacheRules
        self.chooseForm = chooseForm
        makePath = path
    }

    /// Stands for a kind of vendor that is not built: rendering for it fails.
    package static let unbuilt = Dialect(forms: [])

    /// The form a conversation goes out in; nil: this kind is not built.
    package func form(for question: FormQuestion) -> RequestForm? {
        if let chosen = chooseForm(question) { return chosen }
        return forms.contains(question.client) ? question.client : forms.first
    }

    /// How it differs from others of its form, for one of its models.
    package func traits(of model: String) -> VendorTraits { traitsOfModel?(model) ?? usualTraits }

    /// How it caches the prompts of one of its models, by the form they come in.
    package func cacheRules(of model: String, in form: RequestForm) -> CacheRules { rulesOfModel(model, form) }

    /// Whether what is known of a session matters for a request to a model: false where its caches ask for nothing in
    /// whatever form.
    package func usesOutlook(of model: String) -> Bool {
        forms.contains {
            let rules = cacheRules(of: model, in: $0)
            return rules.marks != .none || rules.takesKey
        }
    }

    /// It can be sent requests of this kind, in whatever form.
    package func serves(_ kind: RequestKind) -> Bool {
        switch kind {
        case .conversation: !forms.isEmpty
        case .tokenCount(let form): countsTokens.contains(form)
        case .operation(let operation):
            operations.contains(operation) || nativeOperations?.operations.contains(operation) ?? false
                || operation == .embeddings && embedsInGemini
        case .geminiEmbedding: embedsInGemini || operations.contains(.embeddings)
        }
    }

    package func path(for question: PathQuestion) -> String { makePath(question) }

    /// The paths that vendors of each form have in common.
    @Sendable package static func usualPath(_ question: PathQuestion) -> String {
        switch question.kind {
        case .conversation(.openAIChat): "/chat/completions"
        case .conversation(.openAIResponses): "/responses"
        case .conversation(.anthropicMessages): "/messages"
        case .conversation(.geminiGenerate):
            "/models/" + URLText.segment(question.model)
                + (question.isStream ? ":streamGenerateContent?alt=sse" : ":generateContent")
        case .tokenCount(.openAIChat), .tokenCount(.openAIResponses): "/responses/input_tokens"
        case .tokenCount(.anthropicMessages): "/messages/count_tokens"
        case .tokenCount(.geminiGenerate): "/models/" + URLText.segment(question.model) + ":countTokens"
        case .operation(let operation): operation.path
        case .geminiEmbedding(let isBatch):
            "/models/" + URLText.segment(question.model) + (isBatch ? ":batchEmbedContents" : ":embedContent")
        }
    }
}
