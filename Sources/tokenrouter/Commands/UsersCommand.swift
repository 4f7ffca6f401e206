import ArgumentParser
import NIOHTTP1

/// `tokenrouter users …`
struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "Customers: list, create, change, delete, give credit.",
        subcommands: [List.self, Create.self, Update.self, Delete.self, Credit.self, Balance.self],
        defaultSubcommand: List.self)

    private static let columns = ["id", "email", "name", "plan", "created_at"]

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List users, oldest first.")
        @OptionGroup var admin: AdminOptions
        @Option(help: "Rows a page, 1 to 1000.") var limit: Int?
        @Option(help: "The id after which the page begins.") var after: String?

        func run() async throws {
            try await AdminClient(admin).run(
                .GET, "/admin/users", query: ["limit": limit.map(String.init), "after": after], columns: columns)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create a user.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "The e-mail address; unique.") var email: String
        @Option(help: "The name; default: the address.") var name: String?
        @Option(help: "free, pro, enterprise, or a plan of the configuration.") var plan = "free"
        @Option(help: "Prepaid credit in USD; without it there is no balance limit.") var creditUsd: String?

        func run() async throws {
            var body: [String: any Sendable] = ["email": email, "name": name ?? email, "plan": plan]
            body["credit_usd"] = creditUsd
            try await AdminClient(admin).run(.POST, "/admin/users", body: body, columns: columns)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a user's name, address or plan.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "The user's id.") var id: String
        @Option(help: "The new e-mail address.") var email: String?
        @Option(help: "The new name.") var name: String?
        @Option(help: "The new plan.") var plan: String?

        func run() async throws {
            var body: [String: any Sendable] = [:]
            body["email"] = email
            body["name"] = name
            body["plan"] = plan
            guard !body.isEmpty else { throw ValidationError("Nothing to change: give --email, --name or --plan.") }
            try await AdminClient(admin).run(.PATCH, "/admin/users/\(id.asPathSegment)", body: body, columns: columns)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a user and their keys; what they used stays on record.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "The user's id.") var id: String

        func run() async throws {
            try await AdminClient(admin).run(.DELETE, "/admin/users/\(id.asPathSegment)")
        }
    }

    struct Credit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add prepaid credit.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "The user's id.") var id: String
        @Argument(help: "The amount in USD, such as 25 or 0.50.") var amount: String
        @Option(help: "Why; kept with the entry.") var note: String?
        @Option(help: "The same key twice adds once.") var idempotencyKey: String

        func run() async throws {
            var body: [String: any Sendable] = ["amount_usd": amount]
            body["note"] = note
            try await AdminClient(admin).run(
                .POST, "/admin/users/\(id.asPathSegment)/credits", body: body,
                headers: ["idempotency-key": idempotencyKey])
        }
    }

    struct Balance: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a user's balance.")
        @OptionGroup var admin: AdminOptions
        @Argument(help: "The user's id.") var id: String

        func run() async throws {
            try await AdminClient(admin).run(.GET, "/admin/users/\(id.asPathSegment)/balance")
        }
    }
}
