package import Wire

/// What a request asks for.
package enum RequestKind: Sendable, Equatable {
    /// An answer of a model, in a form's own words.
    case conversation(RequestForm)
    /// How many tokens a conversation's prompt has.
    case tokenCount(RequestForm)
    /// What OpenAI's form offers besides.
    case operation(Operation)
    /// Vectors of texts, in Gemini's form.
    case geminiEmbedding(isBatch: Bool)

    /// The form that the client speaks: its errors are written in it.
    package var form: RequestForm {
        switch self {
        case .conversation(let form), .tokenCount(let form): form
        case .operation: .openAIChat
        case .geminiEmbedding: .geminiGenerate
        }
    }
}
