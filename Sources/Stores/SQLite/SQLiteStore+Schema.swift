import GRDB

extension SQLiteStore {
    private static let history = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            version INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            applied_at_seconds INTEGER NOT NULL
        )
        """

    /// The newest schema version this program knows.
    package static var newestVersion: Int { Migration.all.last?.version ?? 0 }

    /// Brings the schema to the newest version, each step in a transaction of its own.
    ///
    /// - Throws: `newerSchema`, `migrationFailed`, `unreadable`
    package func migrate() throws(SQLiteStoreError) {
        let current = try knownVersion()
        for migration in Migration.all where migration.version > current {
            try apply(migration) { database in
                try database.execute(sql: Self.history)
                // Another process may have been faster.
                guard try Self.version(in: database) < migration.version else { return }
                try database.execute(sql: migration.up)
                let entry = try database.statement(
                    "INSERT INTO schema_migrations (version, name, applied_at_seconds) VALUES (?, ?, ?)")
                try entry.bind(migration.version, at: 1)
                try entry.bind(migration.name, at: 2)
                try entry.bind(now(), at: 3)
                try entry.run()
            }
        }
    }

    /// Takes back the newest `steps` versions, and the data only they can hold; past the first, nothing is left to do.
    ///
    /// - Throws: `newerSchema`, `migrationFailed`, `unreadable`
    package func rollback(steps: Int) throws(SQLiteStoreError) {
        let current = try knownVersion()
        for migration in Migration.all.filter({ $0.version <= current }).reversed().prefix(max(0, steps)) {
            try apply(migration) { database in
                try database.execute(sql: migration.down)
                let entry = try database.statement("DELETE FROM schema_migrations WHERE version = ?")
                try entry.bind(migration.version, at: 1)
                try entry.run()
            }
        }
    }

    /// The schema's version; 0 for an empty database.
    ///
    /// - Throws: `unreadable`
    package func currentVersion() throws(SQLiteStoreError) -> Int {
        do { return try readingAtOnce(Self.version) } catch { throw .unreadable(reason: "\(error)") }
    }

    private func knownVersion() throws(SQLiteStoreError) -> Int {
        let found = try currentVersion()
        guard found <= Self.newestVersion else { throw .newerSchema(found: found, known: Self.newestVersion) }
        return found
    }

    private static func version(in database: Database) throws -> Int {
        let table = try database.statement(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'")
        guard try table.first({ _ in true }) != nil else { return 0 }
        let newest = try database.statement("SELECT max(version) FROM schema_migrations")
        return Int(try newest.first { $0.integer(0) } ?? 0)
    }

    private func apply(_ migration: Migration, _ body: (Database) throws -> Void) throws(SQLiteStoreError) {
        do {
            try changingAtOnce(body)
        } catch {
            throw .migrationFailed(version: migration.version, reason: "\(error)")
        }
    }
}
