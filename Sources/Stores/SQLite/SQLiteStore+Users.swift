package import FoundationEssentials
import GRDB
package import Identity

extension SQLiteStore: UserStore {
    private static let userColumns = "id, email, name, plan, created_at_seconds, updated_at_seconds"

    package func createUser(_ user: User, creditNanoUSD: Int64?) async throws(DirectoryError) {
        try await changingDirectory { database in
            guard try !Self.exists("SELECT 1 FROM users WHERE id = ?", UUIDText.text(user.id), in: database) else {
                throw DirectoryError.conflict(field: "id")
            }
            guard try !Self.exists("SELECT 1 FROM users WHERE email = ?", user.email, in: database) else {
                throw DirectoryError.conflict(field: "email")
            }
            let insert = try database.statement(
                "INSERT INTO users (\(Self.userColumns), balance_nano_usd) VALUES (?, ?, ?, ?, ?, ?, ?)")
            try insert.bind(user.id, at: 1)
            try insert.bind(user.email, at: 2)
            try insert.bind(user.name, at: 3)
            try insert.bind(user.plan, at: 4)
            try insert.bind(user.createdAt, at: 5)
            try insert.bind(user.updatedAt, at: 6)
            try insert.bind(creditNanoUSD, at: 7)
            try insert.run()
        }
    }

    package func user(id: UUID) async throws(DirectoryError) -> User? {
        try await readingDirectory { try Self.user(id, in: $0) }
    }

    /// An `after` that names no user throws `conflict(field: "after")`.
    package func users(limit: Int, after: UUID?) async throws(DirectoryError) -> [User] {
        try await readingDirectory { database in
            let select = try database.statement(
                """
                SELECT \(Self.userColumns) FROM users WHERE (created_at_seconds, id) > (?, ?)
                ORDER BY created_at_seconds, id LIMIT ?
                """)
            let start = try Self.start(after: after, "SELECT created_at_seconds FROM users WHERE id = ?", in: database)
            try select.bind(start.seconds, at: 1)
            try select.bind(start.id, at: 2)
            try select.bind(max(0, limit), at: 3)
            return try select.all(Self.readUser)
        }
    }

    package func updateUser(id: UUID, _ change: UserChange, now: Int64) async throws(DirectoryError) -> User {
        try await changingDirectory { database in
            guard var user = try Self.user(id, in: database) else { throw DirectoryError.notFound }
            if let email = change.email, !email.utf8.elementsEqual(user.email.utf8),
                try Self.exists("SELECT 1 FROM users WHERE email = ?", email, in: database)
            {
                throw DirectoryError.conflict(field: "email")
            }
            user.email = change.email ?? user.email
            user.name = change.name ?? user.name
            user.plan = change.plan ?? user.plan
            user.updatedAt = now
            let update = try database.statement(
                "UPDATE users SET email = ?, name = ?, plan = ?, updated_at_seconds = ? WHERE id = ?")
            try update.bind(user.email, at: 1)
            try update.bind(user.name, at: 2)
            try update.bind(user.plan, at: 3)
            try update.bind(now, at: 4)
            try update.bind(id, at: 5)
            try update.run()
            return user
        }
    }

    package func deleteUser(id: UUID) async throws(DirectoryError) {
        try await changingDirectory { database in
            let delete = try database.statement("DELETE FROM users WHERE id = ?")
            try delete.bind(id, at: 1)
            guard try delete.run() > 0 else { throw DirectoryError.notFound }
        }
    }

    // MARK: For the other tables too

    /// Whether a query with one text parameter has a row.
    static func exists(_ sql: String, _ text: String, in database: Database) throws -> Bool {
        let select = try database.statement(sql)
        try select.bind(text, at: 1)
        return try select.first { _ in true } ?? false
    }

    /// Where a list goes on: behind `after`, or at the beginning.
    static func start(after: UUID?, _ sql: String, in database: Database) throws -> (seconds: Int64, id: String) {
        guard let after else { return (.min, "") }
        let select = try database.statement(sql)
        try select.bind(after, at: 1)
        guard let seconds = try select.first({ $0.integer(0) }) else { throw DirectoryError.conflict(field: "after") }
        return (seconds, UUIDText.text(after))
    }

    private static func user(_ id: UUID, in database: Database) throws -> User? {
        let select = try database.statement("SELECT \(userColumns) FROM users WHERE id = ?")
        try select.bind(id, at: 1)
        return try select.first(readUser)
    }

    private static func readUser(_ row: SQLStatement) throws -> User {
        User(
            id: try row.id(0), email: row.text(1), name: row.text(2), plan: row.text(3), createdAt: row.integer(4),
            updatedAt: row.integer(5))
    }
}
