internal import Pipeline

/// Why an exchange was refused or failed, as the client is told: one row of the contract's error table (section 4).
package struct GatewayError: Error, Sendable, Equatable {
    package var status: Int
    /// OpenAI's `type`.
    package var type: StaticText
    package var code: String
    package var message: String
    /// The field at fault; nil: none is.
    package var param: String?
    package var retryAfterSeconds: Int?

    package init(
        status: Int, type: StaticText, code: String, message: String, param: String? = nil,
        retryAfterSeconds: Int? = nil
    ) {
        self.status = status
        self.type = type
        self.code = code
        self.message = message
        self.param = param
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The `type` words that clients' libraries know.
    package enum StaticText: String, Sendable {
        case authentication = "authentication_error"
        case permission = "permission_error"
        case invalidRequest = "invalid_request_error"
        case rateLimit = "rate_limit_error"
        case quota = "insufficient_quota"
        case upstream = "upstream_error"
        case server = "server_error"
    }
}

extension GatewayError {
    package static let missingKey = GatewayError(
        status: 401, type: .authentication, code: "invalid_api_key",
        message: "No API key was given. Send it as 'Authorization: Bearer sk-tr-…' or in 'x-api-key'.")

    package static let unknownKey = GatewayError(
        status: 401, type: .authentication, code: "invalid_api_key",
        message: "The API key is unknown, revoked or expired. Ask your administrator for a new one.")

    package static let conflictingKeys = GatewayError(
        status: 401, type: .authentication, code: "invalid_api_key",
        message: "Two different API keys were given. Send the key in one place only.")

    package static let addressForbidden = GatewayError(
        status: 403, type: .permission, code: "permission_denied",
        message: "This API key may not be used from your address.")

    package static func modelForbidden(_ model: String) -> GatewayError {
        GatewayError(
            status: 403, type: .permission, code: "permission_denied",
            message: "This API key may not use the model '\(model)'. GET /v1/models lists those it may.", param: "model")
    }

    package static func modelNotFound(_ model: String) -> GatewayError {
        GatewayError(
            status: 404, type: .invalidRequest, code: "model_not_found",
            message: "The model '\(model)' does not exist. GET /v1/models lists those you may use.", param: "model")
    }

    package static func invalidRequest(_ message: String, param: String? = nil) -> GatewayError {
        GatewayError(status: 400, type: .invalidRequest, code: "invalid_request_error", message: message, param: param)
    }

    package static func bodyTooLarge(limitBytes: Int) -> GatewayError {
        GatewayError(
            status: 413, type: .invalidRequest, code: "request_too_large",
            message: "The request body is larger than the \(limitBytes) bytes this gateway takes.")
    }

    package static func pathNotFound(_ path: String) -> GatewayError {
        GatewayError(
            status: 404, type: .invalidRequest, code: "not_found",
            message: "There is nothing at '\(path)'. Chat completions are at POST /v1/chat/completions.")
    }

    package static func notBuilt(_ path: String) -> GatewayError {
        GatewayError(
            status: 501, type: .invalidRequest, code: "not_implemented", message: "'\(path)' is not built yet.")
    }

    package static func methodNotAllowed(_ path: String, allowed: String) -> GatewayError {
        GatewayError(
            status: 405, type: .invalidRequest, code: "method_not_allowed", message: "'\(path)' takes \(allowed) only.")
    }

    package static func rateLimited(retryAfterSeconds: Int) -> GatewayError {
        GatewayError(
            status: 429, type: .rateLimit, code: "rate_limit_exceeded",
            message: "Too many requests a minute. Try again in \(retryAfterSeconds) s.",
            retryAfterSeconds: retryAfterSeconds)
    }

    package static let outOfBalance = GatewayError(
        status: 429, type: .quota, code: "insufficient_quota",
        message: "The balance is used up. Ask your administrator to add credit.")

    package static let overloaded = GatewayError(
        status: 503, type: .server, code: "overloaded",
        message: "The gateway is at its limit of requests in flight. Try again shortly.", retryAfterSeconds: 1)

    package static let storeUnavailable = GatewayError(
        status: 503, type: .server, code: "overloaded",
        message: "The gateway cannot check keys right now. Try again shortly.", retryAfterSeconds: 2)

    package static let journalUnavailable = GatewayError(
        status: 503, type: .server, code: "overloaded",
        message: "The gateway cannot record usage right now. Try again shortly.", retryAfterSeconds: 2)

    package static let draining = GatewayError(
        status: 503, type: .server, code: "overloaded", message: "The gateway is shutting down. Try again.",
        retryAfterSeconds: 1)

    package static func unpriced(_ model: String) -> GatewayError {
        GatewayError(
            status: 503, type: .upstream, code: "upstream_unavailable",
            message: "The model '\(model)' has no price yet. An administrator can set one with PUT /admin/prices/{model}.")
    }

    package static let upstreamUnavailable = GatewayError(
        status: 503, type: .upstream, code: "upstream_unavailable",
        message: "No upstream for this model is available right now. Try again shortly.", retryAfterSeconds: 2)

    package static let upstreamTimeout = GatewayError(
        status: 504, type: .upstream, code: "upstream_timeout", message: "The upstream did not answer in time.")

    package static func upstreamFailed(_ message: String) -> GatewayError {
        GatewayError(status: 502, type: .upstream, code: "upstream_error", message: message)
    }

    /// A stream's reader stopped reading for the idle time.
    package static let clientStalled = GatewayError(
        status: 408, type: .invalidRequest, code: "client_timeout",
        message: "The stream was not read for too long, so it was cancelled.")

    /// An invariant of ours did not hold; what it was is in the log.
    package static let internalFailure = GatewayError(
        status: 500, type: .server, code: "internal_error", message: "The gateway failed to handle this request.")
}

extension GatewayError {
    init(_ error: PipelineError) {
        switch error {
        case .invalidRequest(let message, let param): self = .invalidRequest(message, param: param)
        }
    }
}
