import Gateway
import Identity
import Logging
import Metering
import NIOCore
import Telemetry

/// Everything one event loop of the data plane owns. Confined to that loop: nothing in it is locked.
final class DataLoop {
    let eventLoop: any EventLoop
    let shared: DataPlaneShared
    let journal: any JournalWriter
    let principals = PrincipalCache()
    let workspace = Workspace()
    private(set) var pools: UpstreamPools!  // set in init, which needs self
    private var identifiers = IdentifierGenerator(seed: UInt64.random(in: .min ... .max))
    private var clock = WallClock()
    private var currentSnapshot: GatewaySnapshot
    private var snapshotGeneration: UInt64
    private(set) var exchangeMetrics: [ExchangeMetrics] = []
    private var drivers: [ExchangeDriver] = []
    private var connections: [any SweptConnection] = []
    private var awaitingFlush: [ExchangeDriver] = []
    private var awaitingIdentity: [KeyDigest: [ExchangeDriver]] = [:]
    private var spareActions: [[ExchangeAction]] = []
    private var ticks: UInt64 = 0
    private var ticker: RepeatedTask?

    /// How often deadlines are looked at. Timeouts are seconds, so this is their grain.
    private static let tickInterval = TimeAmount.milliseconds(200)
    private static let ticksPerSecond: UInt64 = 5

    init(eventLoop: any EventLoop, shared: DataPlaneShared, journal: any JournalWriter) {
        eventLoop.preconditionInEventLoop()
        self.eventLoop = eventLoop
        self.shared = shared
        self.journal = journal
        snapshotGeneration = shared.snapshots.generation
        currentSnapshot = shared.snapshots.snapshot
        pools = UpstreamPools(loop: self)
        clock.synchronize(nowNanoseconds: now)
        prepareMetrics()
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        ticker = eventLoop.scheduleRepeatedTask(initialDelay: Self.tickInterval, delay: Self.tickInterval) { _ in
            box.value.tick()
        }
    }

    /// Monotonic nanoseconds: the one clock of the hot path.
    var now: Int64 { Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds) }

    /// The snapshot new exchanges begin with.
    var snapshot: GatewaySnapshot {
        let generation = shared.snapshots.generation
        if generation != snapshotGeneration {
            snapshotGeneration = generation
            currentSnapshot = shared.snapshots.snapshot
            prepareMetrics()
        }
        return currentSnapshot
    }

    private func prepareMetrics() {
        exchangeMetrics = currentSnapshot.labels.map { shared.metrics.exchange(model: $0.model, provider: $0.provider) }
    }

    /// A new exchange for a client, begun with the snapshot in force.
    func makeDriver(client: any ClientConnection) -> ExchangeDriver {
        let now = now
        let snapshot = snapshot
        let wall = clock.microseconds(atNanoseconds: now)
        let exchange = Exchange(
            id: identifiers.uuid(wallMicroseconds: wall), snapshot: snapshot, nowNanoseconds: now,
            createdAtMicroseconds: wall, random: identifiers.next(), journalIsWritable: journal.isWritable, cache: shared.cache,
            twins: shared.twins)
        let driver = ExchangeDriver(exchange: exchange, client: client, loop: self, metrics: exchangeMetrics)
        driver.listIndex = drivers.count
        drivers.append(driver)
        return driver
    }

    func remove(_ driver: ExchangeDriver) {
        let index = driver.listIndex
        guard index >= 0, index < drivers.count, drivers[index] === driver else { return }
        driver.listIndex = -1
        let last = drivers.removeLast()
        if last !== driver {
            drivers[index] = last
            last.listIndex = index
        }
    }

    func add(_ connection: any SweptConnection) {
        connection.listIndex = connections.count
        connections.append(connection)
    }

    func remove(_ connection: any SweptConnection) {
        let index = connection.listIndex
        guard index >= 0, index < connections.count, connections[index] === connection else { return }
        connection.listIndex = -1
        let last = connections.removeLast()
        if last !== connection {
            connections[index] = last
            last.listIndex = index
        }
    }

    // MARK: The journal, one write a loop turn

    /// Appends the record; the driver hears `recorded` at this turn's end, with all others of the turn.
    func record(_ record: UsageRecord, for driver: ExchangeDriver) {
        journal.append(record)
        awaitingFlush.append(driver)
        guard awaitingFlush.count == 1 else { return }
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { box.value.flushJournal() }
    }

    private func flushJournal() {
        let waiting = awaitingFlush
        awaitingFlush.removeAll(keepingCapacity: true)
        let isWritten: Bool
        do throws(JournalError) {
            try journal.flush()
            isWritten = true
        } catch {
            shared.logger.error("usage journal cannot be written", metadata: ["journal.error": "\(error)"])
            isWritten = false
        }
        guard isWritten, let commit = shared.syncCommit else {
            for driver in waiting { driver.handle(.recorded(isWritten)) }
            return
        }
        let box = NIOLoopBound(waiting, eventLoop: eventLoop)
        let eventLoop = eventLoop
        Task {
            let isCommitted = await commit()
            eventLoop.execute {
                for driver in box.value { driver.handle(.recorded(isCommitted)) }
            }
        }
    }

    // MARK: Identity

    /// Answers from memory, or asks the directory once for all who wait for the same key.
    func lookUp(_ digest: KeyDigest, for driver: ExchangeDriver) {
        let generation = shared.callerGeneration
        if let principal = principals.fresh(digest, nowNanoseconds: now, generation: generation) {
            return driver.handle(.identity(.known(principal)))
        }
        if awaitingIdentity[digest] != nil {
            awaitingIdentity[digest]?.append(driver)
            return
        }
        awaitingIdentity[digest] = [driver]
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        let eventLoop = eventLoop
        let loader = shared.principals
        Task {
            let answer = await loader.load(digest)
            eventLoop.execute { box.value.identityArrived(answer, for: digest, generation: generation) }
        }
    }

    private func identityArrived(_ answer: IdentityAnswer, for digest: KeyDigest, generation: UInt64) {
        var answer = answer
        switch answer {
        case .known(let principal):
            principals.keep(
                principal, for: digest, nowNanoseconds: now, ttlNanoseconds: shared.cacheTTLNanoseconds,
                generation: generation)
        case .unknown: principals.forget(digest)
        case .unavailable:
            if let remembered = principals.stale(digest, nowNanoseconds: now) { answer = .known(remembered) }
        }
        for driver in awaitingIdentity.removeValue(forKey: digest) ?? [] { driver.handle(.identity(answer)) }
    }

    // MARK: Twins

    /// Wakes the driver for each piece of news at the seat, from whatever thread it comes.
    func listen(at seat: TwinSeat, for driver: ExchangeDriver) {
        let box = NIOLoopBound(driver, eventLoop: eventLoop)
        let eventLoop = eventLoop
        seat.onNews { eventLoop.execute { box.value.hearTwins() } }
    }

    /// What other instances are asked and told; nil: there are none.
    var marks: MarkRelay? { shared.twins.marks.map { MarkRelay(marks: $0, eventLoop: eventLoop) } }

    // MARK: Memory that is used again

    func takeActions() -> [ExchangeAction] {
        spareActions.popLast() ?? []
    }

    func giveBack(_ actions: consuming [ExchangeAction]) {
        actions.removeAll(keepingCapacity: true)
        if spareActions.count < 8 { spareActions.append(actions) }
    }

    // MARK: Time

    private func tick() {
        let now = now
        ticks &+= 1
        for driver in drivers where driver.deadline <= now { driver.tick() }
        guard ticks % Self.ticksPerSecond == 0 else { return }
        clock.synchronize(nowNanoseconds: now)
        if !journal.isWritable { journal.probe() }
        for connection in connections { connection.sweep(nowNanoseconds: now, isDraining: shared.isDraining) }
        pools.sweep(nowNanoseconds: now)
    }

    /// True while exchanges are under way here.
    var isBusy: Bool { !drivers.isEmpty }

    /// Ends what is still under way: the drain time is over.
    func shutDown() {
        ticker?.cancel()
        for driver in drivers { driver.handle(.shutdown) }
        flushJournal()
        for connection in connections { connection.closeNow() }
        pools.closeAll()
    }
}
