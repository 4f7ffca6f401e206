import ArgumentParser
import Logging
import ServiceLifecycle
import Simulator
import Telemetry
import UnixSignals

/// `tokenrouter simulate`
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Run the provider simulator alone.",
        discussion: """
            It answers in OpenAI's, Anthropic's and Gemini's forms and keeps the vendors' prompt-cache books.

              tokenrouter simulate --listen 127.0.0.1:9100 --latency 200ms..600ms --errors 500:0.05,429:0.02
            """)

    @Option(help: "Where to listen.") var listen = "127.0.0.1:9100"
    @Option(help: "Time to first token: 300ms, or a range like 200ms..600ms.") var latency: String?
    @Option(help: "Time between tokens, such as 20ms.") var tokenInterval: String?
    @Option(help: "Faults and their shares, such as 500:0.1,reset:0.01,stall:0.01.") var errors: String?
    @Option(help: "Whose prompt cache to imitate: openai, deepseek, deepseek-v4, anthropic, gemini or none.") var vendor: String?
    @Option(help: "The seed of every random choice.") var seed: UInt64?

    func run() async throws {
        LogSetup.bootstrap(level: "info", isJSON: true)
        let configuration = try simulatorConfiguration()
        let logger = Logger(label: "tokenrouter.simulator")
        let simulator = ProviderSimulator(configuration: configuration, logger: logger)
        let application = simulator.makeApplication(onServerRunning: { port in
            StandardOutput.write("Simulator: http://\(configuration.host):\(port)/v1\n")
        })
        let group = ServiceGroup(
            services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }

    /// - Throws: `ValidationError` that names the option and what it takes.
    private func simulatorConfiguration() throws -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw ValidationError("--listen wants HOST:PORT, such as 127.0.0.1:9100; it is '\(listen)'.") }
        configuration.host = String(listen[..<colon])
        configuration.port = port
        if let latency {
            guard let bounds = Pace.latency(latency) else {
                throw ValidationError("--latency wants 300ms, or a range like 200ms..600ms; it is '\(latency)'.")
            }
            configuration.pace.latency = bounds
        }
        if let tokenInterval {
            guard let interval = Pace.duration(tokenInterval) else {
                throw ValidationError("--token-interval wants a time such as 20ms; it is '\(tokenInterval)'.")
            }
            configuration.pace.tokenInterval = interval
        }
        if let errors {
            do {
                configuration.faults = try FaultRules(parsing: errors)
            } catch {
                throw ValidationError("--errors: \(error).")
            }
        }
        if let vendor {
            guard let known = SimulatedVendor(rawValue: vendor) else {
                let names = SimulatedVendor.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--vendor wants one of \(names); it is '\(vendor)'.")
            }
            configuration.vendor = known
        }
        if let seed { configuration.seed = seed }
        return configuration
    }
}
