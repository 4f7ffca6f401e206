package import Gateway
import Identity
package import Logging
package import Routing
package import Settings
import Synchronization
package import Telemetry

/// What all event loops of the data plane share. Everything in it is immutable, atomic, or behind a short lock.
package final class DataPlaneShared: Sendable {
    package let server: ServerSettings
    package let snapshots: SnapshotBox
    package let principals: PrincipalLoader
    package let metrics: MetricsRegistry
    package let logger: Logger
    package let cacheTTLNanoseconds: Int64
    /// Set: a response's last byte also waits for this, which flushes to the disk and the main store.
    package let syncCommit: (@Sendable () async -> Bool)?
    /// Where a line of each answered request goes, see `Exchange.requestLogLine`; nil: nowhere.
    package let requestLog: LineSink?
    /// Answers `/ready`.
    package let isReady: @Sendable () async -> Bool
    let tls = UpstreamTLSContexts()
    let cache = CacheMemory()
    let twins: TwinRegistry
    let trustedProxies: [CIDR]
    private let inFlightCount = Atomic<Int>(0)
    private let callers = Atomic<UInt64>(1)
    private let draining = Atomic<Bool>(false)

    /// - Parameter marks: what other instances are told of calls under way; nil: there are no others.
    package init(
        server: ServerSettings, snapshots: SnapshotBox, principals: PrincipalLoader, metrics: MetricsRegistry,
        logger: Logger, cacheTTL: Duration, marks: (any InFlightMarks)? = nil, syncCommit: (@Sendable () async -> Bool)?,
        requestLog: LineSink? = nil, isReady: @escaping @Sendable () async -> Bool
    ) {
        self.server = server
        self.snapshots = snapshots
        self.principals = principals
        self.metrics = metrics
        self.logger = logger
        self.syncCommit = syncCommit
        self.requestLog = requestLog
        self.isReady = isReady
        twins = TwinRegistry(marks: marks)
        cacheTTLNanoseconds = cacheTTL.nanoseconds
        trustedProxies = server.trustedProxies.compactMap { CIDR($0) }
    }

    /// Exchanges in flight.
    package var inFlight: Int { inFlightCount.load(ordering: .relaxed) }

    /// True once SIGTERM came: connections close after their answer, new requests get 503.
    package var isDraining: Bool {
        get { draining.load(ordering: .relaxed) }
        set { draining.store(newValue, ordering: .relaxed) }
    }

    /// Makes every event loop forget the callers it remembers.
    package func forgetCallers() {
        callers.wrappingAdd(1, ordering: .relaxed)
    }

    var callerGeneration: UInt64 { callers.load(ordering: .relaxed) }

    /// Counts an exchange in; false: `max_concurrency` is reached and it is not counted.
    func enter() -> Bool {
        let (before, _) = inFlightCount.add(1, ordering: .relaxed)
        guard before < server.maxConcurrency else {
            leave()
            return false
        }
        return true
    }

    func leave() {
        inFlightCount.subtract(1, ordering: .relaxed)
    }
}
