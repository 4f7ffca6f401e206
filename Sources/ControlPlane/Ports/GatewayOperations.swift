package import FoundationEssentials
package import Metering
package import Settings

/// What the admin API asks of the running gateway, and tells it.
package protocol GatewayOperations: Sendable {
    /// The one in force.
    func configuration() -> Configuration
    /// Reads the configuration file again, and swaps it in when it is whole and valid.
    func reload() async -> ReloadOutcome
    /// In the order of the configuration.
    func providers() -> [ProviderStatus]
    /// Keeps new exchanges away from a provider, or lets them come again; false: there is no such provider.
    func setDraining(provider: String, _ draining: Bool) -> Bool
    /// The price table changed: what is cached of it is out of date.
    func pricesChanged() async
    /// Users or keys changed: what is cached of callers is out of date.
    func callersChanged() async
    /// A user's balance changed in the store.
    func balanceChanged(user: UUID) async
    /// What running exchanges of a user may still take.
    func reserved(user: UUID) -> NanoUSD
    /// Returns once every exchange that has finished is in the store.
    func flushUsage() async
    /// False while the gateway cannot serve: it starts, drains, or its store or journal is out.
    func isReady() async -> Bool
}

/// How a reload went.
package enum ReloadOutcome: Sendable, Equatable {
    /// The new configuration is in force; the warnings name keys whose feature is not built.
    case reloaded(warnings: [String])
    /// The old one stays; each reason names the file, the line and the key.
    case refused(reasons: [String])
}

/// One provider, as it fares now.
package struct ProviderStatus: Sendable, Equatable {
    package var name: String
    /// As the configuration writes it: `openai`, `deepseek`…
    package var kind: String
    /// The circuit breaker's state: `closed`, `open`, `half_open`.
    package var breaker: String
    /// Calls under way.
    package var inFlight: Int
    /// New exchanges are kept away.
    package var isDraining: Bool

    package init(name: String, kind: String, breaker: String, inFlight: Int, isDraining: Bool) {
        self.name = name
        self.kind = kind
        self.breaker = breaker
        self.inFlight = inFlight
        self.isDraining = isDraining
    }
}
