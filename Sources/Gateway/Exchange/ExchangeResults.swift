package import FoundationEssentials
package import Metering
package import NIOCore
package import Pipeline

/// A request to an upstream, ready to be written in whatever HTTP version the connection speaks.
package final class OutboundRequest: Sendable {
    package let candidate: Candidate
    package let isStream: Bool
    package let rendered: RenderedRequest
    /// The client's body, to which the rendered edits apply.
    package let body: ByteBuffer

    init(candidate: Candidate, isStream: Bool, rendered: RenderedRequest, body: ByteBuffer) {
        self.candidate = candidate
        self.isStream = isStream
        self.rendered = rendered
        self.body = body
    }
}

/// What the head of an answer to a client says besides its framing.
package struct AnswerHead: Sendable {
    package enum ContentType: Sendable, Equatable {
        case json
        case eventStream
        /// What the vendor said of bytes that are not looked into.
        case other(String)
    }

    package var requestID: UUID
    package var status: Int
    package var contentType: ContentType
    package var retryAfterSeconds: Int?
    /// nil before an upstream was chosen; an index into the snapshot's `labels`.
    package var label: Int?
    package var upstreamModel: String
    /// Attempts made; 0 before the first.
    package var attempts: Int
    /// nil: no prompt was read.
    package var prefixHash: UInt64?
    /// Of requests, by the tightest of the gateway's own limits; nil: none applies.
    package var rate: Allowance?
    /// The vendor's, told where the gateway has no limit of its own for the unit; nil: it says nothing.
    package var vendorLimits: VendorLimits?
    /// What the target could not carry as it was said.
    package var fidelity: FidelityReport
    /// Whose words the answer is in: some clients look for its id under a name of their own.
    package var form: RequestForm
    /// nil: the answer is this exchange's alone.
    package var dedup: TwinRole?
}

/// A whole answer to a client.
package struct Answer: Sendable {
    package var head: AnswerHead
    package var body: ByteBuffer
    /// The request may not have been read to its end: the connection cannot serve another.
    package var closesConnection: Bool
}

/// How an exchange ended, for the metrics.
package struct ExchangeOutcome: Sendable {
    package var status: ExchangeStatus
    /// nil: the exchange never reached routing.
    package var label: Int?
    package var durationNanoseconds: Int64
    /// Spent waiting for upstreams.
    package var upstreamNanoseconds: Int64
    package var timeToFirstTokenNanoseconds: Int64?
    package var usage: TokenUsage
    package var cost: NanoUSD
    /// Why the vendor's cache did not serve what it might have; nil: it did, or nothing is known.
    package var cacheMiss: CacheMiss.Cause?
    /// The answer is a twin's: no vendor was asked, and no vendor's cache.
    package var isFollower = false
    /// Of the prompt that went out.
    package var volatileKinds: VolatileKinds
}

/// Carries a record through the action list by reference: the list's elements stay small.
package final class UsageRecordBox: Sendable {
    package let record: UsageRecord

    package init(_ record: UsageRecord) {
        self.record = record
    }
}
