package import FoundationEssentials
import GRDB
package import Identity

extension SQLiteStore: KeyStore {
    private static let keyColumns = """
        id, user_id, name, key_hash, key_prefix, revoked, allowed_models, scopes, allowed_ips, rate_limit, \
        tokens_per_minute, budget_nano_usd, expires_at_seconds, created_at_seconds
        """

    /// Throws `conflict` with `id` or `key_hash` where a key has them already.
    package func createKey(_ key: APIKey) async throws(DirectoryError) {
        try await changingDirectory { database in
            guard try Self.exists("SELECT 1 FROM users WHERE id = ?", UUIDText.text(key.userID), in: database) else {
                throw DirectoryError.notFound
            }
            guard try !Self.exists("SELECT 1 FROM api_keys WHERE id = ?", UUIDText.text(key.id), in: database) else {
                throw DirectoryError.conflict(field: "id")
            }
            try Self.requireFree(key.digest, in: database)
            let insert = try database.statement(
                "INSERT INTO api_keys (\(Self.keyColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            try Self.bind(key, to: insert)
            try insert.run()
        }
    }

    package func key(id: UUID) async throws(DirectoryError) -> APIKey? {
        try await readingDirectory { database in
            let select = try database.statement("SELECT \(Self.keyColumns) FROM api_keys WHERE id = ?")
            try select.bind(id, at: 1)
            return try select.first(Self.readKey)
        }
    }

    /// An `after` that names no key throws `conflict(field: "after")`.
    package func keys(user: UUID?, limit: Int, after: UUID?) async throws(DirectoryError) -> [APIKey] {
        try await readingDirectory { database in
            let select = try database.statement(
                """
                SELECT \(Self.keyColumns) FROM api_keys
                WHERE (created_at_seconds, id) > (?, ?) \(user == nil ? "" : "AND user_id = ?4")
                ORDER BY created_at_seconds, id LIMIT ?3
                """)
            let start = try Self.start(
                after: after, "SELECT created_at_seconds FROM api_keys WHERE id = ?", in: database)
            try select.bind(start.seconds, at: 1)
            try select.bind(start.id, at: 2)
            try select.bind(max(0, limit), at: 3)
            if let user { try select.bind(user, at: 4) }
            return try select.all(Self.readKey)
        }
    }

    package func revokeKey(id: UUID) async throws(DirectoryError) {
        try await changingDirectory { database in
            let update = try database.statement("UPDATE api_keys SET revoked = 1 WHERE id = ?")
            try update.bind(id, at: 1)
            guard try update.run() > 0 else { throw DirectoryError.notFound }
        }
    }

    /// Throws `conflict(field: "key_hash")` where another key has the digest.
    package func replaceKey(id: UUID, digest: KeyDigest, prefix: String) async throws(DirectoryError) {
        try await changingDirectory { database in
            guard try Self.exists("SELECT 1 FROM api_keys WHERE id = ?", UUIDText.text(id), in: database) else {
                throw DirectoryError.notFound
            }
            try Self.requireFree(digest, in: database)
            let update = try database.statement("UPDATE api_keys SET key_hash = ?, key_prefix = ? WHERE id = ?")
            try update.bind(digest.hexadecimal, at: 1)
            try update.bind(prefix, at: 2)
            try update.bind(id, at: 3)
            try update.run()
        }
    }

    private static func requireFree(_ digest: KeyDigest, in database: Database) throws {
        guard try !exists("SELECT 1 FROM api_keys WHERE key_hash = ?", digest.hexadecimal, in: database) else {
            throw DirectoryError.conflict(field: "key_hash")
        }
    }

    private static func bind(_ key: APIKey, to insert: SQLStatement) throws {
        try insert.bind(key.id, at: 1)
        try insert.bind(key.userID, at: 2)
        try insert.bind(key.name, at: 3)
        try insert.bind(key.digest.hexadecimal, at: 4)
        try insert.bind(key.prefix, at: 5)
        try insert.bind(key.isRevoked, at: 6)
        try insert.bind(try key.allowedModels.map(TextList.encoded), at: 7)
        try insert.bind(try TextList.encoded(key.scopes), at: 8)
        try insert.bind(try key.allowedIPs.map(TextList.encoded), at: 9)
        try insert.bind(key.requestsPerMinute.map(Int64.init), at: 10)
        try insert.bind(key.tokensPerMinute.map(Int64.init), at: 11)
        try insert.bind(key.budgetNanoUSD, at: 12)
        try insert.bind(key.expiresAt, at: 13)
        try insert.bind(key.createdAt, at: 14)
    }

    private static func readKey(_ row: SQLStatement) throws -> APIKey {
        guard let digest = KeyDigest(hexadecimal: row.text(3)) else {
            throw DirectoryError.unavailable("a stored key digest is not one")
        }
        var key = APIKey(
            id: try row.id(0), userID: try row.id(1), name: row.text(2), digest: digest, prefix: row.text(4),
            createdAt: row.integer(13))
        key.isRevoked = row.integer(5) != 0
        key.allowedModels = try row.optionalText(6).map(TextList.decoded)
        key.scopes = try TextList.decoded(row.text(7))
        key.allowedIPs = try row.optionalText(8).map(TextList.decoded)
        key.requestsPerMinute = row.optionalInteger(9).map(Int.init(clamping:))
        key.tokensPerMinute = row.optionalInteger(10).map(Int.init(clamping:))
        key.budgetNanoUSD = row.optionalInteger(11)
        key.expiresAt = row.optionalInteger(12)
        return key
    }
}
