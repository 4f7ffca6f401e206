/// How an attempt at an upstream failed, in the terms that decide what to do next. What metrics call it is `label`.
package enum FailureClass: Sendable, Hashable {
    /// No connection: refused, unreachable, name unknown.
    case connectFailed
    case connectTimeout
    case tlsFailed
    /// Connected and sent, and no response head came in time.
    case firstByteTimeout
    /// Silence in the middle of an answer.
    case idleTimeout
    /// The connection ended before the answer did.
    case reset
    /// An answer came that is not a whole, valid one: broken framing, not JSON, too large, a status that makes no sense.
    case invalidResponse
    /// 429; the seconds of `retry-after`, nil: none given.
    case rateLimited(retryAfterSeconds: Int?)
    /// 503, and Anthropic's 529.
    case overloaded(status: Int)
    /// Any other 5xx.
    case serverError(status: Int)
    /// 401 or 403: the vendor refuses our key.
    case authentication(status: Int)
    /// 402: the vendor account behind our key is out of money.
    case accountExhausted
    /// 408 or 409: the same request can succeed a moment later.
    case transient(status: Int)
    /// Any other 4xx: the request is at fault and would be anywhere.
    case clientError(status: Int)
    /// Our client left, or we are shutting down.
    case cancelled

    /// What a response head says; nil: it is no failure (2xx).
    ///
    /// - Parameter retryAfterSeconds: the head's `retry-after`, of use only with 429.
    package static func of(status: Int, retryAfterSeconds: Int? = nil) -> FailureClass? {
        switch status {
        case 200...299: nil
        case 401, 403: .authentication(status: status)
        case 402: .accountExhausted
        case 408, 409: .transient(status: status)
        case 429: .rateLimited(retryAfterSeconds: retryAfterSeconds)
        case 400...499: .clientError(status: status)
        case 503, 529: .overloaded(status: status)
        case 500...599: .serverError(status: status)
        default: .invalidResponse
        }
    }

    /// True where another target, or another key of the same one, may succeed. Only ever acted upon before the first byte
    /// went to the client.
    package var isRetryable: Bool {
        switch self {
        case .connectFailed, .connectTimeout, .tlsFailed, .firstByteTimeout, .idleTimeout, .reset, .invalidResponse,
            .rateLimited, .overloaded, .serverError, .authentication, .accountExhausted, .transient:
            true
        case .clientError, .cancelled:
            false
        }
    }

    /// True where it speaks against the provider as a whole, not against our key, our request or our client: what the
    /// circuit breaker counts as a failure.
    package var countsAgainstHealth: Bool {
        switch self {
        case .connectFailed, .connectTimeout, .tlsFailed, .firstByteTimeout, .idleTimeout, .reset, .invalidResponse,
            .overloaded, .serverError:
            true
        case .rateLimited, .authentication, .accountExhausted, .transient, .clientError, .cancelled:
            false
        }
    }

    /// What the circuit breaker is told: false for a failure, true for an answer that shows the provider at work, nil for
    /// no verdict (the attempt was cancelled).
    package var healthVerdict: Bool? {
        switch self {
        case .cancelled: nil
        default: !countsAgainstHealth
        }
    }

    /// The upstream's status; nil: none came, or none of use.
    package var status: Int? {
        switch self {
        case .rateLimited: 429
        case .accountExhausted: 402
        case .overloaded(let status), .serverError(let status), .authentication(let status), .transient(let status),
            .clientError(let status):
            status
        case .connectFailed, .connectTimeout, .tlsFailed, .firstByteTimeout, .idleTimeout, .reset, .invalidResponse,
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
        case .idleTimeout: "idle_timeout"
        case .reset: "reset"
        case .invalidResponse: "invalid_response"
        case .rateLimited: "rate_limited"
        case .overloaded: "overloaded"
        case .accountExhausted: "account_exhausted"
        case .cancelled: "cancelled"
        case .serverError(let status), .authentication(let status), .transient(let status), .clientError(let status):
            Self.label(status: status)
        }
    }

    private static func label(status: Int) -> String {
        switch status {
        case 400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 413, 414, 415, 417, 421, 422, 424, 425, 426, 431, 451, 499,
            500, 501, 502, 504, 505, 507, 508, 511, 520...527, 530:
            "http_\(status)"
        case 500...599: "http_5xx"
        default: "http_4xx"
        }
    }
}
