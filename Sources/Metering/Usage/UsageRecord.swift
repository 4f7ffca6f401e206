package import FoundationEssentials

/// How an exchange ended for the client.
package enum ExchangeStatus: String, Sendable, CaseIterable {
    case success, error, cancelled
}

/// One call to a vendor within an exchange.
package struct AttemptRecord: Sendable, Equatable {
    package var provider: String
    /// What the vendor was asked for.
    package var upstreamModel: String
    /// The id (not the value) of the vendor key used.
    package var providerKeyID: String
    /// The upstream's HTTP status; 0 when none came.
    package var httpStatus: Int
    package var latencyMicroseconds: Int64
    /// A short bounded word (`connect_failed`, `timeout`, `http_500`…); nil when the attempt succeeded.
    package var errorType: String?
    package var usage: TokenUsage
    package var vendorCost: NanoUSD

    package init(
        provider: String, upstreamModel: String, providerKeyID: String, httpStatus: Int = 0,
        latencyMicroseconds: Int64 = 0, errorType: String? = nil, usage: TokenUsage = TokenUsage(),
        vendorCost: NanoUSD = .zero
    ) {
        self.provider = provider
        self.upstreamModel = upstreamModel
        self.providerKeyID = providerKeyID
        self.httpStatus = httpStatus
        self.latencyMicroseconds = latencyMicroseconds
        self.errorType = errorType
        self.usage = usage
        self.vendorCost = vendorCost
    }
}

/// The finished exchange as it is journalled and stored: one row of `requests`, and one of `attempts` for each attempt.
package struct UsageRecord: Sendable, Equatable {
    /// The exchange's id, which the client got as `x-request-id`; the key that makes posting twice once.
    package var id: UUID
    /// What the client sent as `x-request-id`, cut to 128 bytes.
    package var clientRequestID: String?
    package var userID: UUID
    package var apiKeyID: UUID
    /// What the client put in `model`.
    package var model: String
    /// The provider that answered, or was tried last; empty when none was.
    package var provider: String
    /// What the vendor was asked for; empty when none was.
    package var upstreamModel: String
    package var usage: TokenUsage
    /// What the customer pays.
    package var cost: NanoUSD
    /// What the vendor charges, all attempts together.
    package var vendorCost: NanoUSD
    package var latencyMicroseconds: Int64
    /// nil: no event or body came.
    package var timeToFirstTokenMicroseconds: Int64?
    package var status: ExchangeStatus
    /// What the client was answered.
    package var httpStatus: Int
    /// The tokens are our estimate, for the vendor reported none.
    package var isEstimated: Bool
    package var isStream: Bool
    /// The error code the client was given; nil on success.
    package var errorCode: String?
    package var prefixHash: UInt64
    /// What the vendor's prompt cache saved, at the vendor's prices: what was read for less, less what writing cost more.
    /// Negative where the writing was in vain so far.
    package var cacheSaved: NanoUSD = .zero
    /// nil: nothing was missed, or nothing is known of an earlier turn.
    package var cacheMiss: CacheMiss?
    /// The vendor's own usage object, as it came; nil: none came.
    package var vendorUsage: String?
    /// Microseconds since 1970, when the request head was whole.
    package var createdAtMicroseconds: Int64
    package var attempts: [AttemptRecord]

    package init(
        id: UUID, userID: UUID, apiKeyID: UUID, model: String, createdAtMicroseconds: Int64,
        status: ExchangeStatus = .success
    ) {
        self.id = id
        self.userID = userID
        self.apiKeyID = apiKeyID
        self.model = model
        self.createdAtMicroseconds = createdAtMicroseconds
        self.status = status
        provider = ""
        upstreamModel = ""
        usage = TokenUsage()
        cost = .zero
        vendorCost = .zero
        latencyMicroseconds = 0
        httpStatus = 0
        isEstimated = false
        isStream = false
        prefixHash = 0
        attempts = []
    }
}
