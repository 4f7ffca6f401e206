internal import Routing
internal import Wire

/// Upstream failures in the client's words (contract, section 4).
extension GatewayError {
    /// A failure below HTTP's meaning.
    init(_ failure: FailureClass) {
        switch failure {
        case .connectTimeout, .firstByteTimeout: self = .upstreamTimeout
        case .connectFailed, .tlsFailed: self = .upstreamFailed("The upstream could not be reached.")
        case .reset: self = .upstreamFailed("The upstream closed the connection before its answer was whole.")
        case .invalidResponse: self = .upstreamFailed("The upstream's answer was not a whole, valid answer.")
        case .rateLimited, .overloaded, .serverError, .authentication, .clientError, .cancelled, .streamError:
            self = .upstreamFailed("The upstream failed.")
        }
    }

    /// An upstream's own error.
    ///
    /// 401 and 403 speak of the gateway's key, not of the client's, and are a 502; so is any 5xx. Other 4xx keep their
    /// status, code and message, less the configured secrets.
    init(upstreamStatus status: Int, said: UpstreamError, retryAfterSeconds: Int?, mask: SecretMask) {
        let message = said.message.map { mask.masked($0) } ?? "The upstream answered with status \(status)."
        switch status {
        case 401, 403:
            self = .upstreamFailed("The upstream refused the gateway's own credentials.")
        case 429:
            self = GatewayError(
                status: 429, type: .rateLimit, code: said.code ?? "rate_limit_exceeded", message: message,
                retryAfterSeconds: retryAfterSeconds)
        case 400..<500:
            self = GatewayError(
                status: status, type: .invalidRequest, code: said.code ?? "upstream_error", message: message,
                param: said.param)
        default:
            self = .upstreamFailed(message)
            self.retryAfterSeconds = retryAfterSeconds
        }
        code = mask.masked(code)
        param = param.map { mask.masked($0) }
    }
}
