import ArgumentParser
import NIOHTTP1

/// `tokenrouter prices …`
struct PricesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices", abstract: "Prices in USD per million tokens: list, show, set.",
        subcommands: [List.self, Show.self, Set.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List every price.")
        @OptionGroup var admin: AdminOptions

        func run() async throws {
            try await AdminClient(admin).run(
                .GET, "/admin/prices",
                columns: ["model", "provider", "prompt", "completion", "cache_read", "cache_write", "effective_from"])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one model's price.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "What the vendor is asked for, or provider/model.") var model: String

        func run() async throws {
            try await AdminClient(admin).run(.GET, "/admin/prices/\(model.asPathSegment)")
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set one model's price; in force at once.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "What the vendor is asked for, or provider/model for that provider alone.") var model: String
        @Option(help: "USD per million prompt tokens.") var prompt: String
        @Option(help: "USD per million completion tokens.") var completion: String
        @Option(help: "USD per million tokens read from the vendor's cache.") var cacheRead: String?
        @Option(help: "USD per million tokens written to the vendor's cache.") var cacheWrite: String?

        func run() async throws {
            var body: [String: any Sendable] = ["prompt": prompt, "completion": completion]
            body["cache_read"] = cacheRead
            body["cache_write"] = cacheWrite
            try await AdminClient(admin).run(.PUT, "/admin/prices/\(model.asPathSegment)", body: body)
        }
    }
}
