import Gateway
import NIOCore
import Routing

/// One event loop's upstream connections, by endpoint. Confined to that loop.
final class UpstreamPools {
    private unowned let loop: DataLoop
    private var pools: [UpstreamEndpoint: UpstreamPool] = [:]

    init(loop: DataLoop) {
        self.loop = loop
    }

    /// Takes an idle connection or makes one; the driver hears `connected` or `dialFailed`, maybe before this returns.
    ///
    /// - Parameter isFresh: true: not one of the pool's.
    /// - Returns: what can still be cancelled; nil where the answer has been given already.
    func dial(_ endpoint: UpstreamEndpoint, isFresh: Bool, for driver: ExchangeDriver) -> UpstreamDial? {
        let pool: UpstreamPool
        if let known = pools[endpoint] {
            pool = known
        } else {
            pool = UpstreamPool(endpoint: endpoint, loop: loop)
            pools[endpoint] = pool
        }
        return pool.dial(isFresh: isFresh, for: driver)
    }

    func sweep(nowNanoseconds: Int64) {
        for pool in pools.values { pool.sweep(nowNanoseconds: nowNanoseconds) }
    }

    func closeAll() {
        for pool in pools.values { pool.closeIdle(keeping: 0) }
    }
}

/// A connection being made for a driver, or waited for.
final class UpstreamDial {
    private(set) var driver: ExchangeDriver?

    init(driver: ExchangeDriver) {
        self.driver = driver
    }

    /// The driver wants nothing any more; a connection that still comes goes to the pool.
    func cancel() {
        driver = nil
    }
}

/// The connections of one event loop to one endpoint. Confined to that loop.
///
/// Idle connections are used newest first, so that in quiet times the oldest fall idle for good. Every four seconds three
/// quarters of those that nothing needed in that time are closed: after a burst the memory goes back within seconds.
final class UpstreamPool {
    private static let shrinkSeconds = 4
    private static let minimumIdle = 2

    let endpoint: UpstreamEndpoint
    private let loop: DataLoop
    private var idle: [UpstreamConnection] = []
    /// Idle, busy and being made.
    private var count = 0
    private var waiting: [UpstreamDial] = []
    /// The fewest idle since the last shrink: what nothing needed.
    private var lowWater = 0
    private var sweeps = 0

    init(endpoint: UpstreamEndpoint, loop: DataLoop) {
        self.endpoint = endpoint
        self.loop = loop
    }

    func dial(isFresh: Bool, for driver: ExchangeDriver) -> UpstreamDial? {
        if !isFresh {
            while let connection = idle.popLast() {
                lowWater = min(lowWater, idle.count)
                guard connection.isUsable else { continue }
                connection.begin(for: driver)
                driver.connected(connection, isReused: true)
                return nil
            }
        }
        let dial = UpstreamDial(driver: driver)
        if endpoint.maximumConnections > 0, count >= endpoint.maximumConnections {
            waiting.append(dial)
        } else {
            connect(for: dial)
        }
        return dial
    }

    private func connect(for dial: UpstreamDial) {
        count += 1
        let box = NIOLoopBound((pool: self, dial: dial), eventLoop: loop.eventLoop)
        UpstreamConnector(endpoint: endpoint, loop: loop).connect(pool: self).assumeIsolated().whenComplete { result in
            box.value.pool.connected(result, for: box.value.dial)
        }
    }

    private func connected(_ result: Result<UpstreamConnection, any Error>, for dial: UpstreamDial) {
        switch result {
        case .success(let connection):
            connection.established()
            if let driver = dial.driver {
                dial.cancel()
                connection.begin(for: driver)
                driver.connected(connection, isReused: false)
            } else {
                returned(connection)
            }
        case .failure(let error):
            count -= 1
            let driver = dial.driver
            dial.cancel()
            driver?.dialFailed(UpstreamConnector.failure(of: error))
            serveWaiting()
        }
    }

    /// A connection whose message is over: to the next who waits, or idle.
    func returned(_ connection: UpstreamConnection) {
        while !waiting.isEmpty {
            let dial = waiting.removeFirst()
            guard let driver = dial.driver else { continue }
            dial.cancel()
            connection.begin(for: driver)
            driver.connected(connection, isReused: true)
            return
        }
        connection.idleSince = loop.now
        idle.append(connection)
    }

    /// A connection is closed, whether it was idle or busy.
    func closed(_ connection: UpstreamConnection) {
        count -= 1
        if let index = idle.firstIndex(where: { $0 === connection }) {
            idle.remove(at: index)
            lowWater = min(lowWater, idle.count)
        }
        serveWaiting()
    }

    private func serveWaiting() {
        while !waiting.isEmpty, count < endpoint.maximumConnections {
            let dial = waiting.removeFirst()
            if dial.driver != nil { connect(for: dial) }
        }
    }

    /// Once a second.
    func sweep(nowNanoseconds now: Int64) {
        let limit = now &- endpoint.idleTimeout.nanoseconds
        let expired = idle.prefix { $0.idleSince < limit }.count
        closeOldest(expired)
        sweeps += 1
        guard sweeps % Self.shrinkSeconds == 0 else { return }
        closeOldest(min(lowWater * 3 / 4, idle.count - Self.minimumIdle))
        lowWater = idle.count
    }

    func closeIdle(keeping kept: Int) {
        closeOldest(idle.count - kept)
    }

    /// Closing reports back through `closed`, so the list is cut first.
    private func closeOldest(_ number: Int) {
        guard number > 0 else { return }
        let closing = Array(idle.prefix(number))
        idle.removeFirst(min(number, idle.count))
        for connection in closing { connection.cancel() }
    }
}
