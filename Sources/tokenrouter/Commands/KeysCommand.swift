import ArgumentParser
import NIOHTTP1

/// `tokenrouter keys …`
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "API keys: list, create, revoke, rotate.",
        subcommands: [List.self, Create.self, Revoke.self, Rotate.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List keys, oldest first.")
        @OptionGroup var admin: AdminOptions
        @Option(help: "Only this user's keys, by id.") var user: String?
        @Option(help: "Rows a page, 1 to 1000.") var limit: Int?
        @Option(help: "The id after which the page begins.") var after: String?

        func run() async throws {
            try await AdminClient(admin).run(
                .GET, "/admin/keys", query: ["user": user, "limit": limit.map(String.init), "after": after],
                columns: ["id", "key_prefix", "name", "user_id", "revoked", "expires_at", "created_at"])
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create a key; it is shown this once.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "The user's id.") var user: String
        @Option(help: "What the key is for.") var name = "default"
        @Option(parsing: .upToNextOption, help: "Models it may use, such as chat or 'openai/*'; without it: all.")
        var models: [String] = []
        @Option(help: "Requests a minute.") var requestsPerMinute: Int?
        @Option(help: "When it stops working, such as 2027-01-31T00:00:00Z.") var expiresAt: String?

        func run() async throws {
            var body: [String: any Sendable] = ["name": name]
            if !models.isEmpty { body["models"] = models }
            body["requests_per_minute"] = requestsPerMinute
            body["expires_at"] = expiresAt
            try await AdminClient(admin).run(.POST, "/admin/users/\(user.asPathSegment)/keys", body: body)
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a key.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "The key's id.") var id: String

        func run() async throws {
            try await AdminClient(admin).run(.DELETE, "/admin/keys/\(id.asPathSegment)")
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Replace a key's text; the old one stops working.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "The key's id.") var id: String

        func run() async throws {
            try await AdminClient(admin).run(.POST, "/admin/keys/\(id.asPathSegment)/rotate")
        }
    }
}
