package import FoundationEssentials
import GRDB
package import Metering

extension SQLiteStore: RequestStore {
    /// By (`createdAtMicroseconds`, id), newest first. A limit out of range is brought into it; an `after` that was no
    /// `next` throws `conflict(field: "after")`.
    package func requests(_ query: RequestQuery) async throws(StoreError) -> RequestPage {
        let cursor = try query.after.map { text throws(StoreError) in try RequestCursor(text) }
        let limit = min(max(1, query.limit), 1_000)
        return try await reading { database in
            let select = try database.statement(
                """
                SELECT \(RequestColumns.request) FROM requests
                WHERE \(Self.conditions(query, cursor: cursor))
                ORDER BY created_at_microseconds DESC, id DESC LIMIT ?10
                """)
            try Self.bind(query, cursor: cursor, to: select)
            // One more than asked tells whether another page follows.
            try select.bind(limit + 1, at: 10)
            var records = try select.all(RequestColumns.record)
            let hasMore = records.count > limit
            if hasMore { records.removeLast() }
            let attempts = try database.statement(Self.attemptsOfRequest)
            for index in records.indices {
                records[index].attempts = try Self.attempts(ofRequest: records[index].id, attempts)
            }
            return RequestPage(
                records: records, next: hasMore ? records.last.map { RequestCursor(after: $0).text } : nil)
        }
    }

    package func request(id: UUID) async throws(StoreError) -> UsageRecord? {
        try await reading { database in
            let select = try database.statement(
                "SELECT \(RequestColumns.request) FROM requests WHERE id = ?")
            try select.bind(id, at: 1)
            guard var record = try select.first(RequestColumns.record) else { return nil }
            record.attempts = try Self.attempts(ofRequest: id, database.statement(Self.attemptsOfRequest))
            return record
        }
    }

    /// In the order of the groups; `from` inclusive, `to` exclusive. Without dimensions there is one sum with an empty
    /// group, and none when there are no requests. Sums stop at the ends of their range.
    package func usage(groupBy: [UsageDimension], from: Int64?, to: Int64?) async throws(StoreError) -> [UsageSum] {
        try await reading { database in
            var query = RequestQuery()
            query.from = from
            query.to = to
            let groups = groupBy.map(Self.column)
            let select = try database.statement(
                """
                SELECT \((["count(*)"] + Self.summed.flatMap(Self.halves) + groups).joined(separator: ", "))
                FROM requests WHERE \(Self.conditions(query, cursor: nil)) AND ?10 = 0
                \(groups.isEmpty ? "" : "GROUP BY " + groups.joined(separator: ", "))
                \(groups.isEmpty ? "" : "ORDER BY " + groups.joined(separator: ", "))
                """)
            try Self.bind(query, cursor: nil, to: select)
            try select.bind(0 as Int64, at: 10)
            return try select.all { Self.readSum($0, groupBy) }.filter { $0.requests > 0 }
        }
    }
}

// MARK: Pages

extension SQLiteStore {
    private static let attemptsOfRequest =
        "SELECT \(RequestColumns.attempt) FROM attempts WHERE request_id = ? ORDER BY position"

    private static func attempts(ofRequest id: UUID, _ select: SQLStatement) throws -> [AttemptRecord] {
        try select.bind(id, at: 1)
        return try select.all(RequestColumns.attempt)
    }

    /// Parameters 1…9 are what `bind` fills in; the statement must have a tenth, so that all nine can be bound.
    static func conditions(_ query: RequestQuery, cursor: RequestCursor?) -> String {
        var conditions = ["1"]
        if query.user != nil { conditions.append("user_id = ?1") }
        if query.key != nil { conditions.append("api_key_id = ?2") }
        if query.model != nil { conditions.append("model = ?3") }
        if query.provider != nil { conditions.append("provider = ?4") }
        if query.status != nil { conditions.append("status = ?5") }
        if query.from != nil { conditions.append("created_at_microseconds >= ?6") }
        if query.to != nil { conditions.append("created_at_microseconds < ?7") }
        if cursor != nil { conditions.append("(created_at_microseconds, id) < (?8, ?9)") }
        return conditions.joined(separator: " AND ")
    }

    static func bind(_ query: RequestQuery, cursor: RequestCursor?, to select: SQLStatement) throws {
        try select.bind(query.user, at: 1)
        try select.bind(query.key, at: 2)
        try select.bind(query.model, at: 3)
        try select.bind(query.provider, at: 4)
        try select.bind(query.status?.rawValue, at: 5)
        try select.bind(query.from, at: 6)
        try select.bind(query.to, at: 7)
        try select.bind(cursor?.createdAtMicroseconds, at: 8)
        try select.bind(cursor?.id, at: 9)
    }
}

// MARK: Sums

extension SQLiteStore {
    private static let summed = [
        "prompt_tokens", "completion_tokens", "cache_read_tokens", "cache_write_tokens", "cost_nano_usd",
        "cache_saved_nano_usd",
    ]

    /// SQLite's own sum fails past 64 bits; the sums of the upper and the lower half do not.
    private static func halves(_ column: String) -> [String] {
        ["sum(\(column) >> 32)", "sum(\(column) & 4294967295)"]
    }

    private static func column(_ dimension: UsageDimension) -> String {
        switch dimension {
        case .model: "model"
        case .provider: "provider"
        case .user: "user_id"
        case .key: "api_key_id"
        case .status: "status"
        // As `UTCDay.day`.
        case .day: "created_at_microseconds / 86400000000 - (created_at_microseconds % 86400000000 < 0)"
        }
    }

    private static func readSum(_ row: SQLStatement, _ dimensions: [UsageDimension]) -> UsageSum {
        func sum(_ index: Int32) -> Int64 {
            let upper = Int128(row.integer(1 + index * 2))
            return Int64(clamping: upper << 32 + Int128(row.integer(2 + index * 2)))
        }
        let group = zip(dimensions, Int32(1 + 2 * summed.count)...).map { dimension, column in
            dimension == .day ? UTCDay.text(row.integer(column)) : row.text(column)
        }
        return UsageSum(
            group: group, requests: row.integer(0), promptTokens: sum(0), completionTokens: sum(1),
            cacheReadTokens: sum(2), cacheWriteTokens: sum(3), cost: NanoUSD(units: sum(4)),
            cacheSaved: NanoUSD(units: sum(5)))
    }
}
