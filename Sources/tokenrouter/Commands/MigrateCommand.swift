import ArgumentParser
import Foundation
import Settings
import Stores

/// `tokenrouter migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the store's tables to this version, or back.",
        discussion: "`serve` migrates forward by itself; this is for doing it beforehand, or for going back.")

    @Option(help: "The YAML configuration file, for storage.url.") var config: String?
    @Option(help: "Go back this many migrations.") var rollback: Int?

    func validate() throws {
        if let rollback, rollback < 1 { throw ValidationError("--rollback wants a number of at least 1.") }
    }

    func run() async throws {
        let source = ConfigurationSource(path: config, environment: ProcessInfo.processInfo.environment)
        let configuration: Configuration
        do {
            configuration = try source.load().configuration
        } catch {
            throw ConfigurationReport(errors: error)
        }
        guard let path = configuration.storage.sqlitePath else {
            throw StorageError.notBuilt(url: configuration.storage.url)
        }
        let store = try SQLiteStore.open(path: path)
        if let rollback {
            try store.rollback(steps: rollback)
        } else {
            try store.migrate()
        }
        StandardOutput.write("\(path) is at version \(try store.currentVersion())\n")
        store.close()
    }
}
