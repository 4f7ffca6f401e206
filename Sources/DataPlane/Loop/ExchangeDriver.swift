import Gateway
import Metering
import NIOCore
import Pipeline
import Routing
import Telemetry

/// Carries out one exchange's actions and brings it the events. Confined to its event loop.
///
/// It decides nothing: what happens is `Exchange`'s, how bytes look is the client's and the upstream's.
final class ExchangeDriver {
    private var exchange: Exchange
    private let loop: DataLoop
    private let metrics: [ExchangeMetrics]
    private var client: (any ClientConnection)?
    private var upstream: UpstreamConnection?
    private var dial: UpstreamDial?
    /// Among the exchange's twins; nil: it awaits no news of any.
    private var seat: TwinSeat?
    private var queue: [ExchangeEvent] = []
    private var isHandling = false
    private var isUpstreamPaused = false
    private var streamLabel: Int?
    /// Where the loop keeps it; -1: nowhere.
    var listIndex = -1
    /// False: the exchange was refused at the door and is not counted in `max_concurrency`.
    var isCounted = false

    init(
        exchange: consuming Exchange, client: any ClientConnection, loop: DataLoop, metrics: [ExchangeMetrics]
    ) {
        self.exchange = exchange
        self.client = client
        self.loop = loop
        self.metrics = metrics
    }

    var deadline: Int64 { exchange.deadline }
    var isFinished: Bool { exchange.isFinished }

    /// Takes an event; one that comes while another is being acted on waits its turn.
    func handle(_ event: ExchangeEvent) {
        if isHandling {
            queue.append(event)
            return
        }
        isHandling = true
        act(on: event)
        while !queue.isEmpty { act(on: queue.removeFirst()) }
        isHandling = false
    }

    private func act(on event: ExchangeEvent) {
        var actions = loop.takeActions()
        exchange.handle(event, nowNanoseconds: loop.now, workspace: loop.workspace, actions: &actions)
        for action in actions { perform(action) }
        loop.giveBack(actions)
    }

    private func perform(_ action: ExchangeAction) {
        switch action {
        case .lookUp(let digest): loop.lookUp(digest, for: self)
        case .awaitTwin(let seat): sit(at: seat)
        case .claim(let request, let wait): loop.marks?.claim(request, waitNanoseconds: wait, for: self)
        case .publish(let answer, let mark): loop.marks?.publish(answer, for: mark)
        case .releaseMark(let mark): loop.marks?.release(mark)
        case .countTwin(let count, let model): self.count(count, model: model)
        case .dial(let endpoint, let isFresh): dial = loop.pools.dial(endpoint, isFresh: isFresh, for: self)
        case .send(let request): upstream?.send(request)
        case .releaseUpstream: releaseUpstream()
        case .cancelUpstream: cancelUpstream()
        case .answer(let answer): client?.send(answer, labels: exchange.labels)
        case .streamHead(let head): openStream(head)
        case .streamBytes(let bytes): client?.sendStream(bytes)
        case .streamEnd(let isClean): client?.endStream(isClean: isClean)
        case .journal(let box): loop.record(box.record, for: self)
        case .attemptFailed(let provider, let failure):
            loop.shared.metrics.providerErrors(provider: provider, errorType: failure.label)
        case .finished(let outcome): finish(outcome)
        }
    }

    // MARK: Twins

    private func sit(at seat: TwinSeat) {
        self.seat = seat
        loop.listen(at: seat, for: self)
    }

    /// Something was told at the seat, unless it was heard already.
    func hearTwins() {
        if let news = seat?.take() { handle(.twin(news)) }
    }

    /// Other instances have answered; a mark that comes too late is given back.
    func received(_ news: MarkNews) {
        if case .holds(let mark) = news, exchange.isFinished { loop.marks?.release(mark) }
        handle(.mark(news))
    }

    private func count(_ count: TwinCount, model: String) {
        switch count {
        case .hit: loop.shared.metrics.dedupHits(model: model)
        case .waitTimeout: loop.shared.metrics.dedupWaitTimeouts(model: model)
        }
    }

    // MARK: Upstream

    /// The pool found or made a connection.
    func connected(_ connection: UpstreamConnection, isReused: Bool) {
        dial = nil
        upstream = connection
        isUpstreamPaused = false
        handle(.connected(isReused: isReused))
    }

    func dialFailed(_ failure: FailureClass) {
        dial = nil
        handle(.upstreamFailed(failure))
    }

    /// A deadline was reached. What is written on it leaves at once: no read from upstream will flush it.
    func tick() {
        handle(.tick)
        client?.flushStream()
    }

    /// The upstream's bytes of this read are all handed over.
    func upstreamReadComplete() {
        client?.flushStream()
    }

    private func releaseUpstream() {
        upstream?.release()
        upstream = nil
    }

    private func cancelUpstream() {
        dial?.cancel()
        dial = nil
        upstream?.cancel()
        upstream = nil
    }

    // MARK: Client

    private func openStream(_ head: AnswerHead) {
        if let label = head.label, label < metrics.count {
            streamLabel = label
            metrics[label].streamStarted()
        }
        client?.sendStreamHead(head, labels: exchange.labels)
    }

    /// A slow reader slows the upstream: nothing is read from it while the client's buffer is full.
    func clientWritabilityChanged(_ isWritable: Bool) {
        guard let upstream, isUpstreamPaused == isWritable else { return }
        isUpstreamPaused = !isWritable
        upstream.setReading(isWritable)
        handle(.clientReading(isWritable))
    }

    func clientGone() {
        client = nil
        handle(.clientGone)
    }

    private func finish(_ outcome: ExchangeOutcome) {
        if let log = loop.shared.requestLog, let line = exchange.requestLogLine(outcome) { log.send(String(buffer: line)) }
        loop.remove(self)
        seat = nil
        if isCounted { loop.shared.leave() }
        if let streamLabel { metrics[streamLabel].streamEnded() }
        if let label = outcome.label, label < metrics.count {
            metrics[label].recordFinished(outcome)
        }
        let client = client
        self.client = nil
        client?.exchangeFinished()
    }
}

extension ExchangeMetrics {
    fileprivate func recordFinished(_ outcome: ExchangeOutcome) {
        let status: MetricsStatus =
            switch outcome.status {
            case .success: .success
            case .error: .error
            case .cancelled: .cancelled
            }
        recordFinished(
            status: status, durationMicroseconds: outcome.durationNanoseconds / 1_000,
            overheadMicroseconds: max(0, outcome.durationNanoseconds &- outcome.upstreamNanoseconds) / 1_000,
            timeToFirstTokenMicroseconds: outcome.timeToFirstTokenNanoseconds.map { $0 / 1_000 },
            promptTokens: outcome.usage.promptTokens, completionTokens: outcome.usage.completionTokens,
            cacheReadTokens: outcome.usage.cacheRead, cacheWriteTokens: outcome.usage.cacheWrite,
            costNanoUSD: outcome.cost.units, isFollower: outcome.isFollower)
        if let cause = outcome.cacheMiss { recordMiss(MetricsMissCause(cause)) }
        guard !outcome.volatileKinds.isEmpty else { return }
        for kind in VolatileText.Kind.allCases {
            for isMoved in [false, true] where outcome.volatileKinds.contains(kind, isMoved: isMoved) {
                recordVolatile(MetricsVolatileKind(kind), isMoved: isMoved)
            }
        }
    }
}

extension MetricsVolatileKind {
    fileprivate init(_ kind: VolatileText.Kind) {
        self =
            switch kind {
            case .date: .date
            case .time: .time
            case .epoch: .epoch
            case .uuid: .uuid
            case .counter: .counter
            }
    }
}

extension MetricsMissCause {
    fileprivate init(_ cause: CacheMiss.Cause) {
        self =
            switch cause {
            case .blockChanged: .blockChanged
            case .lifetimeOver: .lifetimeOver
            case .otherModel: .otherModel
            case .otherRoute: .otherRoute
            case .otherKey: .otherKey
            case .belowMinimum: .belowMinimum
            case .vendor: .vendor
            }
    }
}
