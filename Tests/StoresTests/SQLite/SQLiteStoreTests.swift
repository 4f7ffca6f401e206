import FoundationEssentials
import GRDB
import Identity
import Metering
import Stores
import Testing

@Suite struct SQLiteStoreTests {
    private let path = TemporaryPath()

    private func open() throws -> SQLiteStore {
        let store = try SQLiteStore.open(path: path.file, now: { 1_800_000_000 })
        try store.migrate()
        return store
    }

    private func integers(_ sql: String) throws -> [[Int64]] {
        try DatabaseQueue(path: path.file).read { database in
            try Row.fetchAll(database, sql: sql).map { row in row.databaseValues.compactMap(Int64.fromDatabaseValue) }
        }
    }

    @Test func whatWasWrittenIsThereAfterReopening() async throws {
        let first = try open()
        try await first.createUser(Sample.user(1), creditNanoUSD: 1_000_000)
        try await first.post([Sample.fullRecord(10)])
        first.close()
        let second = try open()
        #expect(try await second.request(id: Sample.id(10)) == Sample.fullRecord(10))
        #expect(try await second.balance(user: Sample.id(1)) == NanoUSD(units: 873_000))
        second.close()
    }

    @Test func aClosedStoreIsUnavailable() async throws {
        let store = try open()
        store.close()
        await #expect {
            try await store.post([Sample.record(1)])
        } throws: { error in
            if case StoreError.unavailable = error { true } else { false }
        }
        await #expect {
            _ = try await store.caller(for: Sample.digest("x"))
        } throws: { error in
            if case DirectoryError.unavailable = error { true } else { false }
        }
    }

    @Test func aStoreWithoutItsSchemaIsUnavailable() async throws {
        let store = try SQLiteStore.open(path: path.file)
        await #expect {
            try await store.post([Sample.record(1)])
        } throws: { error in
            if case StoreError.unavailable(let text) = error { text.contains("no such table") } else { false }
        }
        store.close()
    }

    @Test(arguments: ["/proc/none/store.db", "/dev/null/store.db", "/"])
    func aPathThatCannotBeIsRefusedByName(_ path: String) {
        #expect {
            _ = try SQLiteStore.open(path: path)
        } throws: { error in
            if case SQLiteStoreError.cannotOpen(path, _) = error { true } else { false }
        }
    }

    @Test func aFileThatIsNoDatabaseIsRefused() throws {
        try FileManager.default.createDirectory(
            atPath: path.folder + "/deep/er", withIntermediateDirectories: true, attributes: nil)
        try Data(repeating: 0x41, count: 8_192).write(to: URL(filePath: path.file))
        #expect(throws: SQLiteStoreError.self) {
            let store = try SQLiteStore.open(path: path.file)
            try store.migrate()
        }
    }

    @Test func theFileIsForItsOwnerAlone() throws {
        let store = try open()
        let permissions = try FileManager.default.attributesOfItem(atPath: path.file)[.posixPermissions]
        #expect(permissions as? UInt == 0o600)
        store.close()
    }

    @Test func dailyUsageAndCacheStatisticsAddUpOverBatches() async throws {
        let store = try open()
        func saving(_ number: UInt8, _ units: Int64) -> UsageRecord {
            var record = Sample.fullRecord(number)
            record.cacheSaved = NanoUSD(units: units)
            return record
        }
        var miss = saving(12, -700)
        miss.usage.cacheRead = 0
        var empty = Sample.fullRecord(13)
        empty.usage = TokenUsage()
        try await store.post([saving(10, 2_500), miss])
        try await store.post([saving(10, 2_500), saving(11, 2_500), empty])
        store.close()
        let day: Int64 = 1_700_000_000 / 86_400 * 86_400
        #expect(
            try integers(
                """
                SELECT time_seconds, prompt_tokens, completion_tokens, cache_read_tokens, request_count, cost_nano_usd,
                    cache_hit_count FROM daily_usage
                """) == [[day, 28, 33, 4, 4, 4 * 127_000, 2]])
        #expect(
            try integers("SELECT date_seconds, hit_count, miss_count, saved_tokens, saved_nano_usd FROM cache_stats")
                == [[day, 2, 1, 4, 4_300]])
    }

    @Test func sumsStopAtTheEndOfTheirRangeAndStayIntegers() async throws {
        let store = try open()
        for number in [10, 11] as [UInt8] {
            var record = Sample.record(number)
            record.cost = NanoUSD(units: .max)
            record.usage.cacheRead = .max
            try await store.post([record])
        }
        store.close()
        #expect(
            try integers("SELECT cache_read_tokens, cost_nano_usd, request_count FROM daily_usage")
                == [[.max, .max, 2]])
    }

    @Test func twoProcessesMayShareTheFile() async throws {
        let first = try open()
        let second = try open()
        try await first.createUser(Sample.user(1), creditNanoUSD: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let store = number % 2 == 0 ? first : second
                    try await store.post([Sample.fullRecord(UInt8(number)), Sample.fullRecord(UInt8(number / 2))])
                }
            }
            try await group.waitForAll()
        }
        #expect(try await second.balance(user: Sample.id(1)) == NanoUSD(units: -40 * 127_000))
        first.close()
        second.close()
    }

    @Test func aBatchThatFailsLeavesNothing() async throws {
        let store = try open()
        try await store.createUser(Sample.user(1), creditNanoUSD: 0)
        try await DatabaseQueue(path: path.file).write { database in
            try database.execute(sql: "ALTER TABLE attempts RENAME TO elsewhere")
        }
        await #expect(throws: StoreError.self) { try await store.post([Sample.fullRecord(10)]) }
        #expect(try await store.request(id: Sample.id(10)) == nil)
        #expect(try await store.balance(user: Sample.id(1)) == .zero)
        try await DatabaseQueue(path: path.file).write { database in
            try database.execute(sql: "ALTER TABLE elsewhere RENAME TO attempts")
        }
        try await store.post([Sample.fullRecord(10)])
        #expect(try await store.request(id: Sample.id(10)) != nil)
        store.close()
    }

    @Test func theListsQueriesUseTheirIndices() throws {
        let store = try open()
        store.close()
        let plans = try DatabaseQueue(path: path.file).read { database in
            let newestFirst = "ORDER BY created_at_microseconds DESC, id DESC LIMIT 5"
            return try [
                "SELECT * FROM requests WHERE 1 \(newestFirst)",
                "SELECT * FROM requests WHERE 1 AND (created_at_microseconds, id) < (5, 'a') \(newestFirst)",
            ].map {
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + $0).map { $0["detail"] as String }.joined()
            }
        }
        for plan in plans {
            #expect(plan.contains("requests_age") && !plan.contains("TEMP B-TREE"), "\(plan)")
        }
    }
}
