import Settings
import Simulator
import Synchronization

/// The simulator's port, known once it listens.
final class DemoPort: Sendable {
    private let port = Mutex<Int?>(nil)

    var value: Int? { port.withLock { $0 } }

    func set(_ value: Int) {
        port.withLock { $0 = value }
    }
}

/// `--demo`: a gateway that answers without any vendor's key.
enum Demo {
    static let providerName = "simulator"
    private static let models = ["chat", "gpt-4o-mini", "deepseek-chat"]

    static var simulatorConfiguration: SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.host = "127.0.0.1"
        configuration.port = 0
        return configuration
    }

    /// Adds the simulator as a provider, and the models that nothing else serves.
    static func adjust(simulator port: DemoPort) -> @Sendable (inout Configuration) -> Void {
        { configuration in
            let url = UpstreamURL(isTLS: false, host: "127.0.0.1", port: port.value ?? 9, path: "/v1")
            if let known = configuration.providers.firstIndex(where: { $0.name == providerName }) {
                configuration.providers[known].baseURL = url
            } else {
                var provider = ProviderSettings(name: providerName, kind: .simulator, baseURL: url)
                provider.keys = [ProviderKeySettings(id: "demo", value: Secret("simulated-key"))]
                provider.allowPrivate = true
                configuration.providers.append(provider)
            }
            for name in models where !configuration.models.contains(where: { $0.name == name }) {
                let target = name == "chat" ? "gpt-4o-mini" : name
                configuration.models.append(
                    ModelSettings(name: name, targets: [TargetSettings(provider: providerName, model: target)]))
            }
        }
    }
}
