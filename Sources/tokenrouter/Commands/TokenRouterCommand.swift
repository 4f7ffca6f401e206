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
}
