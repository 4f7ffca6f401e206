import FoundationEssentials
import GRDB
package import Metering

extension SQLiteStore: UsageStore {
    package func post(_ records: [UsageRecord]) async throws(StoreError) {
        guard !records.isEmpty else { return }
        try await changing { database in
            let insert = try RequestInsert(in: database)
            var batch = BatchSums()
            for record in records where try insert.write(record) {
                batch.add(record)
            }
            try Self.add(batch, in: database)
            try Self.charge(batch.charges, in: database)
        }
    }

    // SQLite turns a sum beyond 64 bits into a real number; the casts bring it back to the end of the range.

    private static func add(_ batch: BatchSums, in database: Database) throws {
        let add = try database.statement(
            """
            INSERT INTO daily_usage (time_seconds, user_id, model, provider, prompt_tokens, completion_tokens,
                cache_read_tokens, request_count, cost_nano_usd, cache_hit_count, cache_miss_count, saved_nano_usd)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (time_seconds, user_id, model, provider) DO UPDATE SET
                prompt_tokens = CAST(prompt_tokens + excluded.prompt_tokens AS INTEGER),
                completion_tokens = CAST(completion_tokens + excluded.completion_tokens AS INTEGER),
                cache_read_tokens = CAST(cache_read_tokens + excluded.cache_read_tokens AS INTEGER),
                request_count = CAST(request_count + excluded.request_count AS INTEGER),
                cost_nano_usd = CAST(cost_nano_usd + excluded.cost_nano_usd AS INTEGER),
                cache_hit_count = CAST(cache_hit_count + excluded.cache_hit_count AS INTEGER),
                cache_miss_count = CAST(cache_miss_count + excluded.cache_miss_count AS INTEGER),
                saved_nano_usd = CAST(saved_nano_usd + excluded.saved_nano_usd AS INTEGER)
            """)
        for (key, sum) in batch.sums {
            try add.bind(key.day &* UTCDay.seconds, at: 1)
            try add.bind(key.user, at: 2)
            try add.bind(key.model, at: 3)
            try add.bind(key.provider, at: 4)
            try add.bind(sum.promptTokens, at: 5)
            try add.bind(sum.completionTokens, at: 6)
            try add.bind(sum.cacheReadTokens, at: 7)
            try add.bind(sum.requests, at: 8)
            try add.bind(sum.cost.units, at: 9)
            try add.bind(sum.hits, at: 10)
            try add.bind(sum.misses, at: 11)
            try add.bind(sum.saved.units, at: 12)
            try add.run()
        }
    }

    /// Users without a balance, and those who are gone, are charged nothing.
    private static func charge(_ charges: [UUID: NanoUSD], in database: Database) throws {
        let take = try database.statement(
            """
            UPDATE users SET balance_nano_usd = CAST(balance_nano_usd - ? AS INTEGER)
            WHERE id = ? AND balance_nano_usd IS NOT NULL
            """)
        for (user, cost) in charges {
            try take.bind(cost.units, at: 1)
            try take.bind(user, at: 2)
            try take.run()
        }
    }
}
