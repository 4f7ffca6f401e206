/// An error body of the OpenAI form.
struct OpenAIError {
    let status: Int
    let message: String
    let type: String
    var parameter: String?
    var code: String?

    var body: JSONTree {
        [
            "error": [
                "message": .string(message), "type": .string(type), "param": .optional(parameter),
                "code": .optional(code),
            ]
        ]
    }

    init(status: Int, message: String, type: String, parameter: String? = nil, code: String? = nil) {
        self.status = status
        self.message = message
        self.type = type
        self.parameter = parameter
        self.code = code
    }

    /// What OpenAI says with that status (its error guide, 2026-11).
    init(status: Int) {
        switch status {
        case 401:
            self.init(
                status: status, message: "Incorrect API key provided.", type: "invalid_request_error",
                code: "invalid_api_key")
        case 404:
            self.init(
                status: status, message: "The model does not exist or you do not have access to it.",
                type: "invalid_request_error", parameter: "model", code: "model_not_found")
        case 429:
            self.init(
                status: status, message: "Rate limit reached for requests.", type: "rate_limit_error",
                code: "rate_limit_exceeded")
        case 500...:
            self.init(
                status: status, message: "The server had an error while processing your request.",
                type: "server_error")
        default:
            self.init(status: status, message: "The simulator was asked to refuse.", type: "invalid_request_error")
        }
    }

    init(_ problem: RequestProblem) {
        self.init(
            status: problem.status, message: problem.message, type: "invalid_request_error",
            parameter: problem.parameter, code: problem.code)
    }
}

/// An error body of the Anthropic form. Its type follows from the status.
struct AnthropicError {
    let status: Int
    let message: String
    let requestID: String

    var body: JSONTree {
        [
            "type": "error", "error": ["type": .string(type), "message": .string(message)],
            "request_id": .string(requestID),
        ]
    }

    private var type: String {
        switch status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 409: "conflict_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 504: "timeout_error"
        case 529: "overloaded_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }
}
