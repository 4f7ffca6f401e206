/// How an attempt at an upstream failed, in the terms that decide what to do next. What metrics call it is `label`.
package enum FailureClass: Sendable, Hashable {
    /// No connection: refused, unreachable, name unknown.
    case connectFailed
    case connectTimeout
    case tlsFailed
    /// Connected and sent, and the answer did not come in time.
    case firstByteTimeout
    /// The connection ended before the answer did.
    case reset
    /// An answer came that is not a whole, valid one: broken framing, not JSON, too large, a status that makes no
    /// sense.
    case invalidResponse
    /// An error event where a stream's answer should be.
    case streamError
    /// 429; the seconds of `retry-after`, nil: none given.
    case rateLimited(retryAfterSeconds: Int?)
    /// 503, and Anthropic's 529.
    case overloaded(status: Int)
    /// Any other 5xx.
    case serverError(status: Int)
    /// 401, 402 or 403: the vendor refuses our key, or its account is out of money.
    case authentication(status: Int)
    /// Any other 4xx: the request is at fault, or, with 408 and 409, came at the wrong moment.
    case clientError(status: Int)
    /// Our client left, or we are shutting down.
    case cancelled

    /// What a response head says; nil: it is no failure (2xx).
    ///
    /// - Parameter retryAfterSeconds: the head's `retry-after`, of use only with 429.
    package static func of(status: Int, retryAfterSeconds: Int? = nil) -> FailureClass? {
        switch status {
        case 200...299: nil
        case 401, 402, 403: .authentication(status: status)
        case 429: .rateLimited(retryAfterSeconds: retryAfterSeconds)
        case 400...499: .clientError(status: status)
        case 503, 529: .overloaded(status: status)
        case 500...599: .serverError(status: status)
        default: .invalidResponse
        }
    }

    /// True where another target, or another key of the same one, may succeed. Only ever acted upon before the first
    /// byte went to the client.
    package var isRetryable: Bool {
        switch self {
        case .connectFailed, .connectTimeout, .tlsFailed, .firstByteTimeout, .reset, .invalidResponse, .streamError,
            .rateLimited, .overloaded, .serverError, .authentication:
            true
        case .clientError(let status):
            status == 408 || status == 409
        case .cancelled:
            false
        }
    }

    /// True where it speaks against the provider as a whole, not against our key, our request or our client: what the
    /// circuit breaker counts as a failure.
    package var countsAgainstHealth: Bool {
        switch self {
        case .connectFailed, .connectTimeout, .tlsFailed, .firstByteTimeout, .reset, .invalidResponse, .streamError,
            .overloaded, .serverError:
            true
        case .rateLimited, .authentication, .clientError, .cancelled:
            false
        }
    }

    /// The upstream's status; nil: none came, or none of use.
    package var status: Int? {
        switch self {
        case .rateLimited: 429
        case .overloaded(let status), .serverError(let status), .authentication(let status), .clientError(let status):
            status
        case .connectFailed, .connectTimeout, .tlsFailed, .firstByteTimeout, .reset, .invalidResponse, .streamError,
            .cancelled:
            nil
        }
    }

    /// A word for metric labels and attempt rows, of a bounded set: statuses that nobody sends share one word.
    package var label: String {
        switch self {
        case .connectFailed: "connect_failed"
        case .connectTimeout: "connect_timeout"
        case .tlsFailed: "tls_failed"
        case .firstByteTimeout: "first_byte_timeout"
        case .reset: "reset"
        case .invalidResponse: "invalid_response"
        case .streamError: "stream_error"
        case .rateLimited: "rate_limited"
        case .overloaded: "overloaded"
        case .cancelled: "cancelled"
        case .serverError(let status), .authentication(let status), .clientError(let status): Self.label(status: status)
        }
    }

    private static func label(status: Int) -> String {
        switch status {
        case 400...431, 451, 499, 500...511, 520...530: "http_\(status)"
        case 500...: "http_5xx"
        default: "http_4xx"
        }
    }
}
