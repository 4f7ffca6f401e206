import Synchronization

/// The snapshot in force. Event loops keep their own reference and look here only when the generation has moved.
package final class SnapshotBox: Sendable {
    private let current: Mutex<GatewaySnapshot>
    private let counter = Atomic<UInt64>(1)

    package init(_ snapshot: GatewaySnapshot) {
        current = Mutex(snapshot)
    }

    /// Moves with every replacement; never 0.
    package var generation: UInt64 { counter.load(ordering: .acquiring) }

    package var snapshot: GatewaySnapshot { current.withLock { $0 } }

    package func replace(with snapshot: GatewaySnapshot) {
        current.withLock { $0 = snapshot }
        counter.wrappingAdd(1, ordering: .releasing)
    }
}
