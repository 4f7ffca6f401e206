import ArgumentParser
import NIOHTTP1

/// `tokenrouter usage …`
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "What was used: sums, or single requests.",
        subcommands: [Sums.self, Requests.self], defaultSubcommand: Sums.self)

    struct Sums: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sums by model, provider, user, key, day or status.")
        @OptionGroup var admin: AdminOptions
        @Option(help: "Comma-separated: model, provider, user, key, day, status.") var groupBy = "model,day"
        @Option(help: "From this time on, such as 2026-11-01T00:00:00Z.") var from: String?
        @Option(help: "Before this time.") var to: String?

        func run() async throws {
            try await AdminClient(admin).run(
                .GET, "/admin/usage", query: ["group_by": groupBy, "from": from, "to": to],
                columns: groupBy.split(separator: ",").map(String.init) + [
                    "requests", "prompt_tokens", "completion_tokens", "cache_read_tokens", "cost_usd",
                ])
        }
    }

    struct Requests: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Single requests, newest first.")
        @OptionGroup var admin: AdminOptions
        @Option(help: "Only this user's, by id.") var user: String?
        @Option(help: "Only this key's, by id.") var key: String?
        @Option(help: "Only this model's.") var model: String?
        @Option(help: "Only this provider's.") var provider: String?
        @Option(help: "success, error or cancelled.") var status: String?
        @Option(help: "Rows a page, 1 to 1000.") var limit: Int?
        @Option(help: "The cursor the page before ended with.") var after: String?

        func run() async throws {
            try await AdminClient(admin).run(
                .GET, "/admin/requests",
                query: [
                    "user": user, "key": key, "model": model, "provider": provider, "status": status,
                    "limit": limit.map(String.init), "after": after,
                ],
                columns: [
                    "created_at", "id", "model", "provider", "status", "prompt_tokens", "completion_tokens",
                    "cache_read_tokens", "cost_usd", "latency_ms",
                ])
        }
    }
}
