/// What a request asks for.
package enum RequestKind: Sendable, Equatable {
    /// An answer of a model, in a form's own words.
    case conversation(RequestForm)
    /// How many tokens a conversation's prompt has.
    case tokenCount(RequestForm)

    /// The form that the client speaks: its errors are written in it.
    package var form: RequestForm {
        switch self {
        case .conversation(let form), .tokenCount(let form): form
        }
    }
}
