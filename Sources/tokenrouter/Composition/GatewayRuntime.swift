import ControlPlane
import DataPlane
import FoundationEssentials
import Gateway
import Identity
import Logging
import Metering
import Settings
import Stores
import Synchronization
import Telemetry

/// The running gateway as the control plane sees it: configuration, prices and callers can change under it.
///
/// Every change builds a new snapshot whole and swaps it in; a bad configuration changes nothing.
final class GatewayRuntime: GatewayOperations {
    let box: SnapshotBox
    let metrics: MetricsRegistry
    let health = HealthBook()
    let wallets = WalletBook()
    let principals: PrincipalLoader
    private let store: SQLiteStore
    private let shipper: Shipper
    private let source: ConfigurationSource
    private let logger: Logger
    private let state: Mutex<State>
    private let dataPlane = Mutex<DataPlaneShared?>(nil)

    private struct State {
        var configuration: Configuration
        var prices: PriceBook
    }

    init(
        configuration: Configuration, prices: PriceBook, store: SQLiteStore, shipper: Shipper,
        source: ConfigurationSource, metrics: MetricsRegistry, logger: Logger
    ) {
        self.store = store
        self.shipper = shipper
        self.source = source
        self.metrics = metrics
        self.logger = logger
        state = Mutex(State(configuration: configuration, prices: prices))
        var builder = SnapshotBuilder(configuration: configuration, prices: prices, health: health)
        box = SnapshotBox(builder.build())
        principals = PrincipalLoader(
            directory: store, accounts: store, wallets: wallets, limits: configuration.limits)
    }

    /// The data plane is up: caches can be dropped from now on.
    func attach(_ shared: DataPlaneShared) {
        dataPlane.withLock { $0 = shared }
    }

    /// Puts a checked configuration into force.
    func install(_ configuration: Configuration) {
        state.withLock { state in
            state.configuration = configuration
            rebuild(state)
        }
        principals.replaceLimits(configuration.limits)
        forgetCallers()
    }

    private func rebuild(_ state: State) {
        var builder = SnapshotBuilder(configuration: state.configuration, prices: state.prices, health: health)
        box.replace(with: builder.build())
    }

    private func forgetCallers() {
        dataPlane.withLock { $0?.forgetCallers() }
    }

    // MARK: GatewayOperations

    func configuration() -> Configuration {
        state.withLock { $0.configuration }
    }

    func reload() async -> ReloadOutcome {
        do {
            let loaded = try source.load()
            install(loaded.configuration)
            let warnings = loaded.warnings.map(\.description)
            logger.info("configuration reloaded", metadata: ["config.warnings": "\(warnings.count)"])
            return .reloaded(warnings: warnings)
        } catch {
            let reasons = error.issues.map(\.description)
            logger.error(
                "configuration refused, the running one stays",
                metadata: ["config.reasons": .array(reasons.map { .string($0) })])
            return .refused(reasons: reasons)
        }
    }

    func providers() -> [ProviderStatus] {
        box.snapshot.providers.map { provider in
            ProviderStatus(
                name: provider.settings.name, kind: provider.settings.kind.rawValue,
                breaker: provider.health.breakerState, inFlight: provider.health.inFlight,
                isDraining: provider.health.isDraining)
        }
    }

    func setDraining(provider: String, _ draining: Bool) -> Bool {
        guard let found = box.snapshot.providers.first(where: { $0.settings.name == provider }) else { return false }
        found.health.isDraining = draining
        return true
    }

    func pricesChanged() async {
        do {
            let prices = PriceBook(entries: try await store.prices())
            state.withLock { state in
                state.prices = prices
                rebuild(state)
            }
        } catch {
            logger.error("prices could not be read", metadata: ["store.error": "\(error)"])
        }
    }

    func callersChanged() async {
        forgetCallers()
    }

    func balanceChanged(user: UUID) async {
        guard let wallet = wallets.wallet(of: user) else { return }
        await flushUsage()
        do {
            wallet.replaceBalance(try await store.balance(user: user))
        } catch {
            logger.error("a balance could not be read", metadata: ["store.error": "\(error)"])
        }
    }

    func reserved(user: UUID) -> NanoUSD {
        wallets.wallet(of: user)?.reserved ?? .zero
    }

    func flushUsage() async {
        do {
            try await shipper.drain()
        } catch {
            logger.warning("usage is not in the store yet", metadata: ["store.error": "\(error)"])
        }
    }

    func isReady() async -> Bool {
        do {
            _ = try await store.recall("schema")
            return true
        } catch {
            return false
        }
    }
}
