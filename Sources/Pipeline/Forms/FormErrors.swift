package import Wire

/// Why a request cannot be put into a target's form. It is the client's to mend: 400.
package struct ConversationError: Error, Sendable, Equatable {
    /// The field at fault in the client's own spelling; nil: the whole body.
    package var param: String?
    package var message: String

    package init(_ message: String, param: String? = nil) {
        self.message = message
        self.param = param
    }
}

extension ConversationError {
    /// A field of another type, or another value, than the form allows.
    static func mistyped(_ name: String, _ expected: String) -> ConversationError {
        ConversationError("'\(name)' must be \(expected).", param: name)
    }
}

/// Why an upstream's whole answer is none.
package enum CompletionError: Error, Sendable, Equatable {
    /// Not one whole JSON text, or not the form's answer; the text says what is missing, in words of ours.
    case malformed(String)
    /// An error in an answer's place.
    case upstream(UpstreamError)
}

/// What a client is told in its form's error body or event.
package struct ClientError: Sendable, Equatable {
    /// The HTTP status, or the one it would have had, had the stream not begun.
    package var status: Int
    /// In OpenAI's words (`invalid_request_error`, `rate_limit_error`…).
    package var type: String
    /// The contract's code (`model_not_found`…), or the vendor's.
    package var code: String
    package var message: String
    /// The field at fault in the client's spelling; nil: none is.
    package var param: String?
    /// The exchange's id.
    package var requestID: String
    package var retryAfterSeconds: Int?

    package init(
        status: Int, type: String, code: String, message: String, param: String? = nil, requestID: String,
        retryAfterSeconds: Int? = nil
    ) {
        self.status = status
        self.type = type
        self.code = code
        self.message = message
        self.param = param
        self.requestID = requestID
        self.retryAfterSeconds = retryAfterSeconds
    }
}
