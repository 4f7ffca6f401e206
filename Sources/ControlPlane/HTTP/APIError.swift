/// Why a call was refused or failed, in OpenAI's shape.
struct APIError: Error, Equatable {
    var status: Int
    /// OpenAI's `type`.
    var type: String
    var code: String
    var message: String
    /// The field, parameter or header at fault; nil: none is.
    var param: String?
    /// Goes beside `message` when there is more than one thing to say.
    var reasons: [String] = []
    /// The `allow` header of a 405.
    var allow: String?
    /// For the log, never for clients.
    var detail: String?

    /// The answer's body.
    var body: JSONValue {
        var members: [JSONMember] = [
            JSONMember(name: "message", value: .string(message)), JSONMember(name: "type", value: .string(type)),
            JSONMember(name: "param", value: .text(param)), JSONMember(name: "code", value: .string(code)),
        ]
        if !reasons.isEmpty { members.append(JSONMember(name: "reasons", value: .texts(reasons))) }
        return ["error": .object(members)]
    }
}

extension APIError {
    /// What the client sent cannot be taken.
    static func invalid(_ message: String, param: String? = nil) -> APIError {
        APIError(
            status: 400, type: "invalid_request_error", code: "invalid_request_error", message: message, param: param)
    }

    static func notFound(_ message: String) -> APIError {
        APIError(status: 404, type: "invalid_request_error", code: "not_found", message: message)
    }

    static func conflict(_ message: String, param: String?) -> APIError {
        APIError(status: 409, type: "invalid_request_error", code: "conflict", message: message, param: param)
    }

    static let missingKey = APIError(
        status: 401, type: "authentication_error", code: "invalid_api_key",
        message: "No admin key was given. Send it as 'Authorization: Bearer <admin key>'.")

    static let wrongKey = APIError(
        status: 401, type: "authentication_error", code: "invalid_api_key",
        message:
            "This is not the admin key. It was printed at the gateway's first start, or is 'auth.admin_key' in the configuration."
    )

    static let tooLarge = APIError(
        status: 413, type: "invalid_request_error", code: "request_too_large",
        message: "The body is larger than 1 MiB, the most the admin API takes.")

    static func notBuilt(_ what: String) -> APIError {
        APIError(
            status: 501, type: "not_implemented", code: "not_implemented",
            message: "\(what) is not built yet. GET /openapi.json lists what is.")
    }

    static func storeDown(_ detail: String) -> APIError {
        APIError(
            status: 503, type: "server_error", code: "overloaded",
            message: "The store does not answer. Nothing was changed; try again in a moment.", detail: detail)
    }

    static func `internal`(_ detail: String) -> APIError {
        APIError(
            status: 500, type: "server_error", code: "internal_error", message: "The control plane failed.",
            detail: detail)
    }
}
