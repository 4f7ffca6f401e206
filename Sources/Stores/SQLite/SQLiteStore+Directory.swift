import GRDB
package import Identity

extension SQLiteStore: KeyDirectory {
    package func caller(for digest: KeyDigest) async throws(DirectoryError) -> Caller? {
        let now = now()
        return try await readingDirectory { database in
            let select = try database.statement(
                """
                SELECT api_keys.user_id, api_keys.id, users.plan, api_keys.allowed_models, api_keys.scopes,
                    api_keys.allowed_ips, api_keys.rate_limit, api_keys.tokens_per_minute, api_keys.expires_at_seconds
                FROM api_keys JOIN users ON users.id = api_keys.user_id
                WHERE api_keys.key_hash = ? AND api_keys.revoked = 0
                    AND (api_keys.expires_at_seconds IS NULL OR api_keys.expires_at_seconds > ?)
                """)
            try select.bind(digest.hexadecimal, at: 1)
            try select.bind(now, at: 2)
            return try select.first { row in
                var caller = Caller(userID: try row.id(0), keyID: try row.id(1), plan: row.text(2))
                caller.allowedModels = try row.optionalText(3).map(TextList.decoded)
                caller.scopes = try TextList.decoded(row.text(4))
                caller.allowedIPs = try row.optionalText(5).map(TextList.decoded)
                caller.requestsPerMinute = row.optionalInteger(6).map(Int.init(clamping:))
                caller.tokensPerMinute = row.optionalInteger(7).map(Int.init(clamping:))
                caller.expiresAt = row.optionalInteger(8)
                return caller
            }
        }
    }
}

extension SQLiteStore: ProcessMemory {
    package func recall(_ name: String) async throws(DirectoryError) -> String? {
        try await readingDirectory { database in
            let select = try database.statement("SELECT value FROM process_memory WHERE name = ?")
            try select.bind(name, at: 1)
            return try select.first { $0.text(0) }
        }
    }

    package func remember(_ name: String, _ value: String) async throws(DirectoryError) {
        try await changingDirectory { database in
            let insert = try database.statement("INSERT OR REPLACE INTO process_memory (name, value) VALUES (?, ?)")
            try insert.bind(name, at: 1)
            try insert.bind(value, at: 2)
            try insert.run()
        }
    }
}
