import ControlPlane
import FoundationEssentials
import Metering
import Settings
import Synchronization

/// A gateway that writes down what it is told.
final class FakeGateway: GatewayOperations {
    struct State {
        var configuration = Configuration()
        var told: [String] = []
        var outcome = ReloadOutcome.reloaded(warnings: [])
        var providers = [
            ProviderStatus(name: "openai", kind: "openai", breaker: "closed", inFlight: 3, isDraining: false),
            ProviderStatus(name: "spare", kind: "simulator", breaker: "open", inFlight: 0, isDraining: false),
        ]
        var reserved = NanoUSD.zero
        var isReady = true
    }

    let state: Mutex<State>

    init() {
        var initial = State()
        initial.configuration.providers = ["openai", "spare"].map { name in
            ProviderSettings(
                name: name, kind: .openai,
                baseURL: UpstreamURL(isTLS: true, host: "example.com", port: 443, path: "/v1"))
        }
        state = Mutex(initial)
    }

    /// What it was told since the last time, in order.
    func takeTold() -> [String] {
        state.withLock { state in
            defer { state.told = [] }
            return state.told
        }
    }

    private func note(_ what: String) { state.withLock { $0.told.append(what) } }

    func configuration() -> Configuration { state.withLock { $0.configuration } }

    func reload() async -> ReloadOutcome {
        note("reload")
        return state.withLock { $0.outcome }
    }

    func providers() -> [ProviderStatus] { state.withLock { $0.providers } }

    func setDraining(provider: String, _ draining: Bool) -> Bool {
        state.withLock { state in
            guard let index = state.providers.firstIndex(where: { $0.name == provider }) else { return false }
            state.providers[index].isDraining = draining
            return true
        }
    }

    func pricesChanged() async { note("prices") }
    func callersChanged() async { note("callers") }
    func balanceChanged(user: UUID) async { note("balance \(user.uuidString.lowercased())") }
    func reserved(user: UUID) -> NanoUSD { state.withLock { $0.reserved } }
    func flushUsage() async { note("flush") }
    func isReady() async -> Bool { state.withLock { $0.isReady } }
}
