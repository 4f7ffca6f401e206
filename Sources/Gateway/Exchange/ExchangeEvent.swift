package import Identity
package import NIOCore
package import Pipeline
package import Routing

/// Where a client put its key.
package enum Credential: Sendable, Equatable {
    case none
    case key(KeyDigest)
    /// Two different keys in two places.
    case conflicting
}

/// A request's head, reduced to what the gateway acts on.
package struct RequestHead: Sendable {
    package var endpoint: Endpoint
    package var isPost: Bool
    /// The path as it came, for error messages; cut to 256 bytes.
    package var path: String
    package var credential: Credential
    /// The client's `x-request-id`, cut to 128 bytes.
    package var clientRequestID: String?
    /// The client's address, believed proxies taken into account; nil when it cannot be told.
    package var clientAddress: String?
    /// A hash of `x-tokenrouter-session`; nil: the client names no session.
    package var session: UInt64?
    /// nil: nothing but what is above, in OpenAI's form.
    package var detail: RequestDetail?

    package init(
        endpoint: Endpoint, isPost: Bool, path: String, credential: Credential, clientRequestID: String? = nil,
        clientAddress: String? = nil, session: UInt64? = nil, detail: RequestDetail? = nil
    ) {
        self.endpoint = endpoint
        self.isPost = isPost
        self.path = path
        self.credential = credential
        self.clientRequestID = clientRequestID
        self.clientAddress = clientAddress
        self.session = session
        self.detail = detail
    }

    /// What the client speaks.
    package var form: RequestForm { detail?.form ?? .openAIChat }
}

/// An upstream's response head, reduced to what the gateway acts on.
package struct UpstreamHead: Sendable {
    package var status: Int
    package var isEventStream: Bool
    /// A `content-encoding` other than `identity` was given, though none was asked for.
    package var isEncoded: Bool
    /// Seconds to wait, rounded up; nil: it does not say.
    package var retryAfterSeconds: Int?
    /// nil: JSON, events, or none was given.
    package var otherContentType: String?
    /// nil: it says nothing of any.
    package var limits: VendorLimits?

    package init(
        status: Int, isEventStream: Bool, isEncoded: Bool = false, retryAfterSeconds: Int? = nil,
        otherContentType: String? = nil, limits: VendorLimits? = nil
    ) {
        self.otherContentType = otherContentType
        self.limits = limits
        self.status = status
        self.isEventStream = isEventStream
        self.isEncoded = isEncoded
        self.retryAfterSeconds = retryAfterSeconds
    }
}

/// What happened, as an exchange is told.
package enum ExchangeEvent: Sendable {
    /// The request's head is whole. First, and once.
    case head(RequestHead)
    /// The answer to `ExchangeAction.lookUp`.
    case identity(IdentityAnswer)
    /// The request's body, whole; empty where there is none.
    case body(ByteBuffer)
    /// The request cannot be read on: too large, malformed, stalled.
    case requestFailed(GatewayError)
    /// The request is refused at the door, before anybody looks who it is from.
    case turnedAway(GatewayError, RequestHead)
    /// The answer to `ExchangeAction.awaitTwin`.
    case twin(TwinNews)
    /// The answer to `ExchangeAction.claim`.
    case mark(MarkNews)
    /// A connection is there; `isReused` false: fresh from its handshake.
    case connected(isReused: Bool)
    case upstreamHead(UpstreamHead)
    case upstreamBody(ByteBuffer)
    case upstreamEnd
    /// The connection could not be made, broke, or said what HTTP does not allow.
    case upstreamFailed(FailureClass)
    /// The answer to `ExchangeAction.journal`: the record is with the kernel, or it is not.
    case recorded(Bool)
    /// False: the client's buffers are full, and nothing is taken from the upstream until it reads on (true).
    case clientReading(Bool)
    /// The client's connection is gone.
    case clientGone
    /// Time passed; `Exchange.deadline` was reached.
    case tick
    /// The drain time is over: end now.
    case shutdown
}

/// What an exchange wants done, in the order given.
package enum ExchangeAction: Sendable {
    case lookUp(KeyDigest)
    /// Bring every piece of news that comes to the seat.
    case awaitTwin(TwinSeat)
    /// Ask the other instances for a request's mark and, where one of them holds it, wait for its answer so long.
    case claim(TwinRequest, waitNanoseconds: Int64)
    /// Give the answer to the other instances that wait for it, which ends the mark.
    case publish(TwinAnswer, InFlightMark)
    /// End the mark: there is no answer for others.
    case releaseMark(InFlightMark)
    /// For the metrics.
    case countTwin(TwinCount, model: String)
    /// Take or make a connection; `isFresh` true: not from the pool.
    case dial(UpstreamEndpoint, isFresh: Bool)
    case send(OutboundRequest)
    /// The upstream's message is over: its connection may serve another if the message's framing allows.
    case releaseUpstream
    /// The connection is of no more use.
    case cancelUpstream
    /// A whole answer; nothing follows it.
    case answer(Answer)
    case streamHead(AnswerHead)
    case streamBytes(ByteBuffer)
    /// `isClean` false: the client must see that the stream broke off.
    case streamEnd(isClean: Bool)
    /// Hand the record to the journal; answered by `recorded`.
    case journal(UsageRecordBox)
    /// An attempt failed: for the metrics.
    case attemptFailed(provider: String, FailureClass)
    /// The exchange is over; nothing follows, and no event means anything any more. Once for each exchange.
    case finished(ExchangeOutcome)
}
