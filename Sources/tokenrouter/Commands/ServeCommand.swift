import ArgumentParser
import Foundation
import Settings
import Telemetry

/// `tokenrouter serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the gateway.",
        discussion: """
            Without --config, providers come from whichever of DEEPSEEK_API_KEY, OPENAI_API_KEY, ANTHROPIC_API_KEY,
            GEMINI_API_KEY, DASHSCOPE_API_KEY and ARK_API_KEY are set.

            SIGHUP, or saving the file, reloads the configuration; a bad one is refused and the running one stays.
            SIGTERM drains: no new work, running streams finish within server.drain_timeout.
            """)

    @Option(name: .long, help: "The YAML configuration file.")
    var config: String?

    @Flag(name: .long, help: "Add the built-in provider simulator, so that requests are answered without a vendor's key.")
    var demo = false

    @Flag(name: .long, help: "Make a fresh gateway key and print it with a first request.")
    var welcome = false

    @Option(name: .long, help: "json (a line an entry) or text (for people).")
    var logFormat: LogFormat?

    @Option(
        name: .long,
        help: "Append a line of each answered request for 'tokenrouter replay': lengths and hashes, no text.")
    var requestLog: String?

    enum LogFormat: String, ExpressibleByArgument, CaseIterable {
        case json, text
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let level = environment["LOG_LEVEL"] ?? "info"
        let isJSON = logFormat.map { $0 == .json } ?? (environment["LOG_JSON_FORMAT"].map { $0 != "false" } ?? true)
        LogSetup.bootstrap(level: level, isJSON: isJSON)
        var options = ServeOptions(configurationPath: config, isDemo: demo, welcomes: welcome)
        if let requestLog {
            guard let log = LineSink.file(requestLog) else {
                throw ValidationError(
                    "--request-log: '\(requestLog)' cannot be opened for writing. Name a file in a folder that exists.")
            }
            options.requestLog = log
        }
        do {
            try await GatewayProcess(options: options, environment: environment).run()
        } catch let errors as ConfigurationErrors {
            throw ConfigurationReport(errors: errors)
        }
    }
}

/// A refused configuration, as the command line shows it: a line an issue.
struct ConfigurationReport: Error, CustomStringConvertible {
    let errors: ConfigurationErrors

    var description: String {
        (["The configuration is refused:"] + errors.issues.map(\.description)).joined(separator: "\n")
    }
}
