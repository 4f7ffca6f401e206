import ArgumentParser
import Foundation
import Settings

/// `tokenrouter config …`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "The configuration file.", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say every error with file, line and key; exit 1 where there is one.")
        @Argument(help: "The YAML file.") var file: String

        func run() async throws {
            do {
                let loaded = try ConfigurationLoader.load(
                    path: file, environment: ProcessInfo.processInfo.environment)
                for warning in loaded.warnings { StandardOutput.write("warning: \(warning)\n") }
                StandardOutput.write(
                    "\(file): good, \(loaded.configuration.providers.count) provider(s), "
                        + "\(loaded.configuration.models.count) model(s)\n")
            } catch {
                for issue in error.issues { StandardOutput.write("\(issue.severity): \(issue)\n") }
                throw ExitCode(1)
            }
        }
    }
}
