/// How an exchange ended, as the `status` label says it.
package enum MetricsStatus: String, Sendable, CaseIterable {
    case success, error, cancelled
}

/// Why a vendor's cache did not serve what it might have, as the `cause` label says it.
package enum MetricsMissCause: String, Sendable, CaseIterable {
    case blockChanged = "block_changed"
    case lifetimeOver = "ttl_lapsed"
    case otherModel = "other_model"
    case otherRoute = "other_route"
    case otherKey = "other_key"
    case belowMinimum = "below_minimum"
    case vendor

    fileprivate var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What in a system prompt looks like changing with each request, as the `kind` label says it.
package enum MetricsVolatileKind: String, Sendable, CaseIterable {
    case date, time, epoch, uuid, counter

    fileprivate var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// The counters of one pair of model and provider: taken once from the registry, then fed without a lock.
package final class ExchangeMetrics: Sendable {
    let model: ModelMetrics
    let provider: ProviderMetrics
    let duration = Histogram(bounds: Histogram.durationBounds)
    let firstToken = Histogram(bounds: Histogram.firstTokenBounds)
    private let overhead: Histogram
    /// Success, error, cancelled, cache hits, cache misses.
    private let counts = AtomicCells(count: 5)
    /// By cause.
    private let misses = AtomicCells(count: MetricsMissCause.allCases.count)

    init(model: ModelMetrics, provider: ProviderMetrics, overhead: Histogram) {
        self.model = model
        self.provider = provider
        self.overhead = overhead
    }

    /// Counts one finished exchange.
    ///
    /// Negative numbers count as 0. `overheadMicroseconds` is the exchange's time without the upstream's;
    /// `timeToFirstTokenMicroseconds` is nil when nothing came from upstream. `promptTokens` is all input, cached and
    /// written included. A success counts as a cache hit when the vendor served any token from its cache, and as a
    /// miss otherwise; other endings are neither, nor is one answered from a twin's answer (`isFollower`).
    package func recordFinished(
        status: MetricsStatus, durationMicroseconds: Int64, overheadMicroseconds: Int64,
        timeToFirstTokenMicroseconds: Int64?, promptTokens: Int64, completionTokens: Int64, cacheReadTokens: Int64,
        cacheWriteTokens: Int64, costNanoUSD: Int64, isFollower: Bool = false
    ) {
        counts.add(1, at: Self.index(of: status))
        if status == .success, !isFollower { counts.add(1, at: cacheReadTokens > 0 ? 3 : 4) }
        duration.record(microseconds: durationMicroseconds)
        overhead.record(microseconds: overheadMicroseconds)
        if let timeToFirstTokenMicroseconds { firstToken.record(microseconds: timeToFirstTokenMicroseconds) }
        model.add(promptTokens, of: .prompt)
        model.add(completionTokens, of: .completion)
        model.add(cacheReadTokens, of: .cacheRead)
        model.add(cacheWriteTokens, of: .cacheWrite)
        model.addCost(nanoUSD: costNanoUSD)
    }

    /// Counts a prompt that a cache should have served; not every miss of `recordFinished` is one.
    package func recordMiss(_ cause: MetricsMissCause) { misses.add(1, at: cause.index) }

    /// Counts a prompt with something volatile of that kind among its instructions. `isMoved`: it went to the prompt's end,
    /// where it costs nothing.
    package func recordVolatile(_ kind: MetricsVolatileKind, isMoved: Bool) {
        model.addVolatile(kind, isMoved: isMoved)
    }

    func misses(_ cause: MetricsMissCause) -> Int64 { misses.value(at: cause.index) }

    /// One more stream is open at the provider; each is matched by one `streamEnded`.
    package func streamStarted() { provider.addStreams(1) }

    /// A stream ended, in whatever way.
    package func streamEnded() { provider.addStreams(-1) }

    /// Exchanges that ended so.
    func finished(_ status: MetricsStatus) -> Int64 { counts.value(at: Self.index(of: status)) }

    var cacheHits: Int64 { counts.value(at: 3) }
    var cacheMisses: Int64 { counts.value(at: 4) }

    private static func index(of status: MetricsStatus) -> Int {
        switch status {
        case .success: 0
        case .error: 1
        case .cancelled: 2
        }
    }
}

/// What is counted for a model whatever provider serves it.
final class ModelMetrics: Sendable {
    /// The `type` label of `tokenrouter_tokens_total`.
    enum TokenType: String, CaseIterable {
        case prompt, completion
        case cacheRead = "cache_read"
        case cacheWrite = "cache_write"

        fileprivate var index: Int {
            switch self {
            case .prompt: 0
            case .completion: 1
            case .cacheRead: 2
            case .cacheWrite: 3
            }
        }
    }

    /// The four token types, the cost in nano-USD, dedup hits, dedup waits that timed out.
    private let cells = AtomicCells(count: 7)
    /// By kind, each left where it stood and moved.
    private let volatile = AtomicCells(count: 2 * MetricsVolatileKind.allCases.count)

    func add(_ tokens: Int64, of type: TokenType) {
        if tokens > 0 { cells.add(tokens, at: type.index) }
    }

    func addCost(nanoUSD: Int64) {
        if nanoUSD > 0 { cells.add(nanoUSD, at: 4) }
    }

    func addDedupHit() { cells.add(1, at: 5) }

    func addDedupWaitTimeout() { cells.add(1, at: 6) }

    func addVolatile(_ kind: MetricsVolatileKind, isMoved: Bool) { volatile.add(1, at: Self.index(kind, isMoved)) }

    func volatilePrompts(_ kind: MetricsVolatileKind, isMoved: Bool) -> Int64 {
        volatile.value(at: Self.index(kind, isMoved))
    }

    private static func index(_ kind: MetricsVolatileKind, _ isMoved: Bool) -> Int {
        2 * kind.index + (isMoved ? 1 : 0)
    }

    func tokens(_ type: TokenType) -> Int64 { cells.value(at: type.index) }
    var costNanoUSD: Int64 { cells.value(at: 4) }
    var dedupHits: Int64 { cells.value(at: 5) }
    var dedupWaitTimeouts: Int64 { cells.value(at: 6) }
}

/// What is counted for a provider whatever model it serves.
final class ProviderMetrics: Sendable {
    private let streams = AtomicCells(count: 1)

    func addStreams(_ amount: Int64) { streams.add(amount, at: 0) }

    /// Never negative, though a reader may catch an end before its start.
    var activeStreams: Int64 { max(streams.value(at: 0), 0) }
}
