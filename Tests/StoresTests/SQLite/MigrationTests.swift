import FoundationEssentials
import GRDB
import Stores
import Testing

/// A path in a folder that goes with the test.
final class TemporaryPath {
    let folder: String
    var file: String { folder + "/deep/er/store.db" }

    init() { folder = FileManager.default.temporaryDirectory.path + "/tokenrouter-test-" + UUID().uuidString }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

@Suite struct MigrationTests {
    private let path = TemporaryPath()

    private func schema() throws -> [String] {
        let queue = try DatabaseQueue(path: path.file)
        return try queue.read { database in
            try String.fetchAll(
                database, sql: "SELECT type || name || coalesce(sql, '') FROM sqlite_master ORDER BY type, name")
        }
    }

    @Test func upDownUpLeavesTheSameSchema() throws {
        let store = try SQLiteStore.open(path: path.file)
        #expect(try store.currentVersion() == 0)
        try store.migrate()
        let newest = SQLiteStore.newestVersion
        #expect(try store.currentVersion() == newest)
        let first = try schema()
        for steps in 1...newest {
            try store.rollback(steps: steps)
            #expect(try store.currentVersion() == newest - steps)
            try store.migrate()
            #expect(try schema() == first)
        }
        store.close()
    }

    @Test func takingEverythingBackLeavesOnlyTheHistory() throws {
        let store = try SQLiteStore.open(path: path.file)
        try store.migrate()
        try store.rollback(steps: .max)
        #expect(try store.currentVersion() == 0)
        #expect(try schema().allSatisfy { $0.contains("schema_migrations") })
        try store.rollback(steps: 1)
        try store.rollback(steps: -1)
        store.close()
    }

    @Test func migratingTwiceChangesNothing() throws {
        let store = try SQLiteStore.open(path: path.file)
        try store.migrate()
        let first = try schema()
        try store.migrate()
        #expect(try schema() == first)
        store.close()
    }

    @Test func aDatabaseOfANewerVersionIsRefused() throws {
        let store = try SQLiteStore.open(path: path.file)
        try store.migrate()
        try DatabaseQueue(path: path.file).write { database in
            try database.execute(sql: "INSERT INTO schema_migrations VALUES (99, 'later', 0)")
        }
        let expected = SQLiteStoreError.newerSchema(found: 99, known: SQLiteStore.newestVersion)
        #expect(throws: expected) { try store.migrate() }
        #expect(throws: expected) { try store.rollback(steps: 1) }
        #expect("\(expected)".contains("99"))
        store.close()
    }

    @Test func theDesignsColumnsAreThere() throws {
        let store = try SQLiteStore.open(path: path.file)
        try store.migrate()
        store.close()
        let columns = try DatabaseQueue(path: path.file).read { database in
            try Set(
                String.fetchAll(
                    database,
                    sql: """
                        SELECT m.name || '.' || c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c
                        WHERE m.type IN ('table', 'view')
                        """))
        }
        let expected: [String: String] = [
            "users": "id email name plan quota_limit created_at_seconds updated_at_seconds",
            "api_keys": "id user_id name key_hash key_prefix revoked rate_limit expires_at_seconds created_at_seconds",
            "requests": """
            id user_id api_key_id model provider prompt_tokens completion_tokens cache_read_tokens \
            cache_write_tokens cost_nano_usd latency_microseconds status created_at_microseconds cache_saved_nano_usd
            """,
            "cache_misses": "request_id cause block block_kind missed_tokens lost_nano_usd",
            "cache_stats": "id user_id model provider hit_count miss_count saved_tokens saved_nano_usd date_seconds",
            "model_pricing": """
            id model provider prompt_price completion_price cache_read_price cache_write_price \
            effective_from_seconds updated_at_seconds
            """,
            "daily_usage": """
            time_seconds user_id model provider prompt_tokens completion_tokens cache_read_tokens request_count \
            cost_nano_usd cache_hit_count
            """,
            "attempts": "request_id position provider upstream_model", "process_memory": "name value",
            "credits": "idempotency_key user_id amount_nano_usd note",
        ]
        for (table, names) in expected {
            for name in names.split(separator: " ") {
                #expect(columns.contains("\(table).\(name)"), "\(table).\(name) is missing")
            }
        }
    }
}
