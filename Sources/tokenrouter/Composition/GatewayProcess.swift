import ControlPlane
import DataPlane
import Foundation
import Gateway
import Identity
import Logging
import Metering
import NIOPosix
import ServiceLifecycle
import Settings
import Simulator
import Stores
import Telemetry
import UnixSignals

/// What `serve` was asked for.
struct ServeOptions: Sendable {
    var configurationPath: String?
    /// Adds the built-in simulator as a provider.
    var isDemo = false
    /// Prints a fresh gateway key and a first request.
    var welcomes = false
    /// Where a line of each answered request goes; nil: nowhere.
    var requestLog: LineSink?
}

/// One gateway process from start to end: where every room is joined, and the only place that names a backend.
struct GatewayProcess {
    let options: ServeOptions
    let environment: [String: String]

    func run() async throws {
        ProcessLimits.raiseOpenFiles()
        let demoPort = DemoPort()
        let source = configurationSource(demoPort: demoPort)
        let loaded = try source.load()
        let configuration = loaded.configuration
        let logger = Logger(label: "tokenrouter")
        for warning in loaded.warnings {
            logger.warning("configuration", metadata: ["config.warning": "\(warning)"])
        }
        let storage = try await Storage.open(configuration, logger: logger)
        let adminKey = try await AdminKey.establish(configuration.auth.adminKey, memory: storage.store)
        try await storage.seedPrices()
        let prices = PriceBook(entries: try await storage.store.prices())
        let metrics = MetricsRegistry()
        let runtime = GatewayRuntime(
            configuration: configuration, prices: prices, store: storage.store, shipper: storage.shipper,
            source: source, metrics: metrics, logger: logger)
        let sharedState = try SharedState.open(configuration.sharedState, metrics: metrics, logger: logger)
        let group = try services(
            configuration: configuration, storage: storage, sharedState: sharedState, runtime: runtime,
            adminKey: adminKey, demoPort: demoPort, logger: logger)
        try await group.run()
        sharedState.close()
        storage.close()
    }

    private func configurationSource(demoPort: DemoPort) -> ConfigurationSource {
        guard options.isDemo else {
            return ConfigurationSource(path: options.configurationPath, environment: environment)
        }
        return ConfigurationSource(
            path: options.configurationPath, environment: environment, adjust: Demo.adjust(simulator: demoPort))
    }

    private func services(
        configuration: Configuration, storage: Storage, sharedState: SharedState, runtime: GatewayRuntime,
        adminKey: AdminKey, demoPort: DemoPort, logger: Logger
    ) throws -> ServiceGroup {
        let journal = storage.journal
        let shipper = storage.shipper
        let isSync = configuration.billing.durability == .sync || !configuration.usage.isAsync
        let commit: @Sendable () async -> Bool = { await Storage.commit(shipper) }
        let shared = DataPlaneShared(
            server: configuration.server, snapshots: runtime.box, principals: runtime.principals,
            metrics: runtime.metrics, logger: logger, cacheTTL: configuration.auth.cacheTTL,
            marks: sharedState.marks, syncCommit: isSync ? commit : nil,
            requestLog: options.requestLog, isReady: { await runtime.isReady() })
        runtime.attach(shared)
        let controlReady = ReadySignal()
        let control = ControlPlaneServer(
            ports: ControlPlanePorts(
                users: storage.store, keys: storage.store, accounts: storage.store, prices: storage.store,
                requests: storage.store, operations: runtime, metrics: runtime.metrics,
                adminKeyDigest: { adminKey.digest }, maskedConfiguration: { MaskedConfiguration.json($0) }))
        let controlService = control.makeApplication(
            address: configuration.server.control.host, port: configuration.server.control.port,
            onServerRunning: { controlReady.ready(port: $0) }, logger: logger)
        var simulatorReady: ReadySignal?
        var services: [any Service] = [ShipperService(shipper: shipper, logger: logger)]
        if options.isDemo {
            let ready = ReadySignal()
            simulatorReady = ready
            let simulator = ProviderSimulator(configuration: Demo.simulatorConfiguration, logger: logger)
            services.append(simulator.makeApplication(onServerRunning: { ready.ready(port: $0) }))
        }
        let welcome = Welcome(options: options, configuration: configuration, storage: storage, adminKey: adminKey)
        let dataPlane = DataPlaneService(
            shared: shared, journal: journal, controlPlaneReady: controlReady, simulatorReady: simulatorReady,
            simulatorStarted: { port in
                demoPort.set(port)
                var adjusted = runtime.configuration()
                Demo.adjust(simulator: demoPort)(&adjusted)
                runtime.install(adjusted)
            },
            started: { dataPort, controlPort in
                logger.info(
                    "listening",
                    metadata: ["listen.data": "\(dataPort)", "listen.control": "\(controlPort)"])
                try await welcome.print(dataPort: dataPort, controlPort: controlPort)
            })
        services += [
            controlService, ConfigurationWatcher(path: options.configurationPath, runtime: runtime),
            MemoryTrimmer(shared: shared), dataPlane,
        ]
        return ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    ServiceGroupConfiguration.ServiceConfiguration(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "tokenrouter.services")))
    }
}
