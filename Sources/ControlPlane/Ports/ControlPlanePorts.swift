package import Identity
package import Metering
package import Settings
package import Telemetry

/// Everything the control plane stands on; the command line fills it in.
package struct ControlPlanePorts: Sendable {
    package var users: any UserStore
    package var keys: any KeyStore
    package var accounts: any AccountStore
    package var prices: any PriceStore
    package var requests: any RequestStore
    package var operations: any GatewayOperations
    package var metrics: MetricsRegistry
    /// The admin key's digest; nil: none is set, and every admin call is refused.
    package var adminKeyDigest: @Sendable () -> KeyDigest?
    /// A configuration as JSON text, secrets masked.
    package var maskedConfiguration: @Sendable (Configuration) -> String
    /// Microseconds since 1970.
    package var now: @Sendable () -> Int64

    package init(
        users: any UserStore, keys: any KeyStore, accounts: any AccountStore, prices: any PriceStore,
        requests: any RequestStore, operations: any GatewayOperations, metrics: MetricsRegistry,
        adminKeyDigest: @escaping @Sendable () -> KeyDigest?,
        maskedConfiguration: @escaping @Sendable (Configuration) -> String,
        now: @escaping @Sendable () -> Int64 = UTCTime.nowMicroseconds
    ) {
        self.users = users
        self.keys = keys
        self.accounts = accounts
        self.prices = prices
        self.requests = requests
        self.operations = operations
        self.metrics = metrics
        self.adminKeyDigest = adminKeyDigest
        self.maskedConfiguration = maskedConfiguration
        self.now = now
    }

    /// Seconds since 1970.
    var nowSeconds: Int64 { now() / 1_000_000 }
}
