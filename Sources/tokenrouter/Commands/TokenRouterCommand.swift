import ArgumentParser

/// The command line (contract, section 1).
@main
struct TokenRouterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenrouter",
        abstract: "One endpoint in front of every model vendor.",
        discussion: """
            Start a gateway that answers at once, without any vendor's key:

              tokenrouter serve --demo --welcome

            Start one with your own configuration, checked first:

              tokenrouter config check gateway.yaml && tokenrouter serve --config gateway.yaml
            """,
        subcommands: [
            ServeCommand.self, SimulateCommand.self, ConfigCommand.self, UsersCommand.self, KeysCommand.self,
            PricesCommand.self, UsageCommand.self, MigrateCommand.self, ExplainCommand.self, ReplayCommand.self,
        ])

    /// Runs the command that the arguments name. What it finds wrong with them is told with its own usage, not the root's.
    static func main() async {
        do {
            var command = try parseAsRoot()
            do {
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            } catch let error as ValidationError {
                StandardError.write("Error: \(error.message)\nUsage: \(usageString(for: type(of: command)))\n")
                throw ExitCode.validationFailure
            }
        } catch {
            exit(withError: error)
        }
    }
}
