import Logging
import Routing
import Settings
import Stores
import Telemetry

/// What instances share besides the main store.
struct SharedState: Sendable {
    /// nil: this instance shares with no other.
    let marks: (any InFlightMarks)?
    private let connection: RedisConnection?

    /// Begins to connect and does not wait for it: a server that is not there holds nothing up.
    static func open(
        _ settings: SharedStateSettings, metrics: MetricsRegistry, logger: Logger
    ) throws -> SharedState {
        guard settings.url != "memory:" else { return SharedState(marks: nil, connection: nil) }
        metrics.setSharedStateUp(false)
        let connection = try RedisConnection(
            RedisURL(settings.url), logger: logger, changed: { metrics.setSharedStateUp($0) })
        return SharedState(marks: RedisInFlightMarks(connection: connection, logger: logger), connection: connection)
    }

    func close() {
        connection?.close()
    }
}
