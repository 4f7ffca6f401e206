import FoundationEssentials
import GRDB
package import Metering

extension SQLiteStore {
    /// By (`createdAtMicroseconds`, id), newest first; limits and `after` as in `requests`.
    package func cacheMisses(_ query: CacheMissQuery) async throws(StoreError) -> CacheMissPage {
        let cursor = try query.requests.after.map { text throws(StoreError) in try RequestCursor(text) }
        let limit = min(max(1, query.requests.limit), 1_000)
        return try await reading { database in
            let select = try database.statement(
                """
                SELECT \(RequestColumns.request), \(RequestColumns.miss) FROM cache_misses
                JOIN requests ON requests.id = cache_misses.request_id
                WHERE \(Self.conditions(query.requests, cursor: cursor)) AND \(Self.condition(query.cause))
                ORDER BY created_at_microseconds DESC, id DESC LIMIT ?10
                """)
            try Self.bind(query.requests, cursor: cursor, to: select)
            try select.bind(limit + 1, at: 10)
            var entries = try select.all { row in
                var record = try RequestColumns.record(row)
                record.cacheMiss = try RequestColumns.miss(row, from: RequestColumns.requestCount)
                return record
            }
            let hasMore = entries.count > limit
            if hasMore { entries.removeLast() }
            return CacheMissPage(
                entries: entries, next: hasMore ? entries.last.map { RequestCursor(after: $0).text } : nil,
                sums: try Self.sums(query, in: database))
        }
    }

    private static func sums(_ query: CacheMissQuery, in database: Database) throws -> [CacheMissSum] {
        let select = try database.statement(
            """
            SELECT cause, count(*), sum(missed_tokens >> 32), sum(missed_tokens & 4294967295),
                sum(lost_nano_usd >> 32), sum(lost_nano_usd & 4294967295)
            FROM cache_misses JOIN requests ON requests.id = cache_misses.request_id
            WHERE \(conditions(query.requests, cursor: nil)) AND \(condition(query.cause)) AND ?10 = 0
            GROUP BY cause
            """)
        try bind(query.requests, cursor: nil, to: select)
        try select.bind(0 as Int64, at: 10)
        let sums = try select.all { row -> CacheMissSum? in
            guard let cause = CacheMiss.Cause(name: row.text(0)) else { return nil }
            func sum(_ index: Int32) -> Int64 {
                Int64(clamping: Int128(row.integer(index)) << 32 + Int128(row.integer(index + 1)))
            }
            return CacheMissSum(
                cause: cause, count: row.integer(1), missedTokens: sum(2), lost: NanoUSD(units: sum(4)))
        }
        return sums.compactMap(\.self).sorted { $0.cause.rawValue < $1.cause.rawValue }
    }

    /// A cause's name holds nothing that SQL could mistake.
    private static func condition(_ cause: CacheMiss.Cause?) -> String {
        cause.map { "cause = '\($0.name)'" } ?? "1"
    }
}
