package import FoundationEssentials
internal import Metering
internal import NIOCore
package import Pipeline
internal import Routing
package import Wire

/// What exchanges of one event loop share: memory that would otherwise be allocated for each.
package final class Workspace {
    package var index = JSONIndex()
    package var tools = ToolMemory()

    package init() {}
}

/// One request from head to last byte, as a value: events in, actions out.
///
/// It does no I/O, reads no clock and makes no random number; all of these come in with the events. Whoever drives it
/// carries out each action in order and reports what came of it. Whatever happens, it ends with exactly one
/// `ExchangeAction.finished`, with one `journal` before it where usage is due, and with every reservation, probe and
/// upstream connection given back. Not copyable: a copy would settle the same money twice.
package struct Exchange: ~Copyable {
    /// Where an exchange stands.
    enum Phase: Sendable, Equatable {
        /// Waits for the caller's identity, the body, or both.
        case reading
        /// Waits for another's answer to the same request.
        case awaitingTwin
        /// Waits for a connection.
        case dialing
        /// The request is with the upstream.
        case awaitingHead
        /// A unary answer comes in.
        case collecting
        /// An error's body comes in.
        case collectingError
        /// Events come in.
        case streaming
        /// The record is with the journal.
        case recording
        case finished
    }

    package let id: UUID
    let snapshot: GatewaySnapshot
    let startedAt: Int64
    let createdAtMicroseconds: Int64
    let random: UInt64
    /// False: the journal takes no more, new work is refused.
    let journalIsWritable: Bool
    /// nil: nothing is remembered of vendors' caches.
    let cache: CacheMemory?
    /// nil: every request calls for itself.
    let twins: TwinRegistry?

    var phase = Phase.reading
    var head: RequestHead?
    var principal: Principal?
    var body: ByteBuffer?
    /// The body was read to its end, so the client's connection stays usable.
    var isRequestWhole = false
    var prepared: PreparedRequest?
    /// Which of the caller's sessions it goes on with; nil: none is followed.
    var session: UInt64?
    /// Of requests, by the tightest of the gateway's own limits.
    var rate: Allowance?
    /// What the upstream that was reached last says of its limits.
    var vendorLimits: VendorLimits?
    var reserved: Metering.NanoUSD?
    var twin = TwinState()
    var route = RouteState()
    var attempt: Attempt?
    var attempts: [AttemptRecord] = []
    var upstreamNanoseconds: Int64 = 0
    var stream = StreamState()
    /// A unary answer's or an error's body so far.
    var collected: ByteBuffer?
    var firstTokenAt: Int64?
    /// What leaves once the record is with the journal.
    var conclusion: Conclusion?
    /// A connection is being made or held for this exchange.
    var holdsUpstream = false
    /// What the metrics will be told.
    var outcome: ExchangeOutcome?

    /// - Parameters:
    ///   - nowNanoseconds: monotonic time, the same clock as every event's.
    ///   - createdAtMicroseconds: wall time since 1970, for the record.
    ///   - random: decides between targets of equal standing.
    package init(
        id: UUID, snapshot: GatewaySnapshot, nowNanoseconds: Int64, createdAtMicroseconds: Int64, random: UInt64,
        journalIsWritable: Bool, cache: CacheMemory? = nil, twins: TwinRegistry? = nil
    ) {
        self.id = id
        self.snapshot = snapshot
        startedAt = nowNanoseconds
        self.createdAtMicroseconds = createdAtMicroseconds
        self.random = random
        self.journalIsWritable = journalIsWritable
        self.cache = cache
        self.twins = twins
    }

    package var isFinished: Bool { phase == .finished }

    /// True while nothing of the request is needed any more but its answer.
    package var isReading: Bool { phase == .reading }

    /// Takes one event and appends what is to be done about it.
    package mutating func handle(
        _ event: ExchangeEvent, nowNanoseconds now: Int64, workspace: Workspace, actions: inout [ExchangeAction]
    ) {
        guard phase != .finished else { return }
        switch event {
        case .head(let head): received(head: head, now: now, actions: &actions)
        case .identity(let answer): identified(answer, now: now, workspace: workspace, actions: &actions)
        case .body(let body): received(body: body, now: now, workspace: workspace, actions: &actions)
        case .turnedAway(let error, let head):
            self.head = head
            refuse(error, now: now, actions: &actions)
        case .requestFailed(let error): refuse(error, now: now, actions: &actions)
        case .twin(let news): received(twinNews: news, now: now, workspace: workspace, actions: &actions)
        case .mark(let news): received(markNews: news, now: now, workspace: workspace, actions: &actions)
        case .connected(let isReused): connected(isReused: isReused, now: now, actions: &actions)
        case .upstreamHead(let head): received(upstreamHead: head, now: now, workspace: workspace, actions: &actions)
        case .upstreamBody(let bytes): received(upstreamBody: bytes, now: now, workspace: workspace, actions: &actions)
        case .upstreamEnd: upstreamEnded(now: now, workspace: workspace, actions: &actions)
        case .upstreamFailed(let failure): failAttempt(failure, now: now, workspace: workspace, actions: &actions)
        case .recorded(let isRecorded): conclude(isRecorded: isRecorded, now: now, actions: &actions)
        case .clientReading(let isReading): clientReads(isReading, now: now)
        case .clientGone: clientLeft(now: now, actions: &actions)
        case .tick: timePassed(now: now, workspace: workspace, actions: &actions)
        case .shutdown: shutDown(now: now, actions: &actions)
        }
    }
}

/// The attempt under way.
struct Attempt {
    var model: Int
    var candidate: Int
    var chosen: Candidate
    var upstreamModel: String
    var startedAt: Int64
    /// The request in the target's words.
    var rendered: RenderedRequest
    /// When the request was handed to the connection; nil while dialling.
    var sentAt: Int64?
    var isReused = false
    /// The stale connection of a pool was replaced once already.
    var isRedialled = false
    var httpStatus = 0
    var retryAfterSeconds: Int?
    /// The upstream's, where it is neither JSON nor events.
    var otherContentType: String?
    /// Its slot was told that it has more to do.
    var loadsSlot = false
    /// The upstream's message is over, so its connection may be kept.
    var isMessageWhole = false
}

/// Which candidates are left.
struct RouteState {
    /// Into the model's fallbacks; -1: the model itself.
    var fallback = -1
    /// The model the client named, whatever fallback is being tried.
    var primary = 0
    var model = 0
    /// What the wildcard's `*` stood for.
    var remainder: String?
    /// Candidates of `model` that are not to be tried again.
    var tried: [Int] = []
    /// The last failure, which is answered when nothing is left.
    var lastFailure: GatewayError?
    var sawUnpriced = false
}

/// A stream on its way to the client.
struct StreamState {
    var decoder = SSEDecoder()
    var reader: StreamReader?
    var isHeadSent = false
    /// An upstream's event has left: from here on nothing can be tried again.
    var isEventForwarded = false
    /// When something last left for the client.
    var lastWriteAt: Int64 = 0
    /// When the upstream last said something, or was last let speak.
    var lastReadAt: Int64 = 0
    /// The client does not read, so the upstream is not read either.
    var isHeldBack = false
    var forwardedContentBytes = 0
    var hasEnded = false
    /// The form's own end, held until the record is with the journal.
    var tail: ByteBuffer?
}

/// What is sent once the record is with the journal.
enum Conclusion {
    case answer(Answer)
    /// The stream's last bytes.
    case stream(tail: ByteBuffer, isClean: Bool)
    /// There is nobody to send it to.
    case silence
}

extension Exchange {
    /// What `AnswerHead.label` counts in.
    package var labels: [CandidateLabel] { snapshot.labels }
}
