import FoundationEssentials
import GRDB
import Metering

/// The statements that write usage records, prepared once for a transaction.
final class RequestInsert {
    private let request: SQLStatement
    private let attempt: SQLStatement
    private let miss: SQLStatement
    private let texts = TextArena()

    init(in database: Database) throws {
        request = try database.statement(
            """
            INSERT INTO requests (\(RequestColumns.request)) VALUES
            (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """)
        attempt = try database.statement(
            """
            INSERT INTO attempts (request_id, position, \(RequestColumns.attempt)) VALUES
            (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        miss = try database.statement(
            "INSERT INTO cache_misses (request_id, \(RequestColumns.miss)) VALUES (?, ?, ?, ?, ?, ?)")
    }

    deinit {
        // The connection keeps the statements; the texts end here.
        request.clear()
        attempt.clear()
        miss.clear()
    }

    /// Writes a record and its attempts; false: its id is there already, and nothing was written.
    func write(_ record: UsageRecord) throws -> Bool {
        texts.begin(room: Self.room(for: record))
        let id = texts.add(record.id)
        try bind(record, id: id)
        guard try request.run() > 0 else { return false }
        for (position, one) in record.attempts.enumerated() {
            try write(one, request: id, position: position)
        }
        if let missed = record.cacheMiss { try write(missed, request: id) }
        return true
    }

    private func bind(_ record: UsageRecord, id: UnsafeRawBufferPointer?) throws {
        try request.bind(inPlace: id, at: 1)
        try bind(record.clientRequestID, to: request, at: 2)
        try request.bind(inPlace: texts.add(record.userID), at: 3)
        try request.bind(inPlace: texts.add(record.apiKeyID), at: 4)
        try bind(record.model, to: request, at: 5)
        try bind(record.provider, to: request, at: 6)
        try bind(record.upstreamModel, to: request, at: 7)
        try Self.bind(record.usage, to: request, from: 8)
        try request.bind(record.cost.units, at: 16)
        try request.bind(record.vendorCost.units, at: 17)
        try request.bind(record.latencyMicroseconds, at: 18)
        try request.bind(record.timeToFirstTokenMicroseconds, at: 19)
        try bind(record.status.rawValue, to: request, at: 20)
        try request.bind(record.httpStatus, at: 21)
        try request.bind(record.isEstimated, at: 22)
        try request.bind(record.isStream, at: 23)
        try bind(record.errorCode, to: request, at: 24)
        try request.bind(Int64(bitPattern: record.prefixHash), at: 25)
        try bind(record.vendorUsage, to: request, at: 26)
        try request.bind(record.createdAtMicroseconds, at: 27)
        try request.bind(record.cacheSaved.units, at: 28)
    }

    private func write(_ one: AttemptRecord, request id: UnsafeRawBufferPointer?, position: Int) throws {
        try attempt.bind(inPlace: id, at: 1)
        try attempt.bind(position, at: 2)
        try bind(one.provider, to: attempt, at: 3)
        try bind(one.upstreamModel, to: attempt, at: 4)
        try bind(one.providerKeyID, to: attempt, at: 5)
        try attempt.bind(one.httpStatus, at: 6)
        try attempt.bind(one.latencyMicroseconds, at: 7)
        try bind(one.errorType, to: attempt, at: 8)
        try Self.bind(one.usage, to: attempt, from: 9)
        try attempt.bind(one.vendorCost.units, at: 17)
        try attempt.run()
    }

    private func write(_ missed: CacheMiss, request id: UnsafeRawBufferPointer?) throws {
        try miss.bind(inPlace: id, at: 1)
        try bind(missed.cause.name, to: miss, at: 2)
        try miss.bind(missed.block.map(Int64.init), at: 3)
        try bind(missed.blockKind, to: miss, at: 4)
        try miss.bind(missed.missedTokens, at: 5)
        try miss.bind(missed.lost.units, at: 6)
        try miss.run()
    }

    private func bind(_ text: String?, to statement: SQLStatement, at index: Int32) throws {
        if let text {
            try statement.bind(inPlace: texts.add(text), at: index)
        } else {
            try statement.bind(nil as Int64?, at: index)
        }
    }

    private static func bind(_ usage: TokenUsage, to statement: SQLStatement, from index: Int32) throws {
        try statement.bind(usage.promptTokens, at: index)
        try statement.bind(usage.completionTokens, at: index + 1)
        try statement.bind(usage.cacheRead, at: index + 2)
        try statement.bind(usage.cacheWrite, at: index + 3)
        try statement.bind(usage.cacheWrite1h, at: index + 4)
        try statement.bind(usage.reasoning, at: index + 5)
        try statement.bind(usage.audio, at: index + 6)
        try statement.bind(usage.image, at: index + 7)
    }

    /// The bytes of a record's texts, its attempts' among them.
    private static func room(for record: UsageRecord) -> Int {
        var count = 3 * UUIDText.length + record.model.utf8.count + record.provider.utf8.count
        count += record.upstreamModel.utf8.count + record.status.rawValue.utf8.count
        count += (record.clientRequestID?.utf8.count ?? 0) + (record.errorCode?.utf8.count ?? 0)
        count += record.vendorUsage?.utf8.count ?? 0
        if let missed = record.cacheMiss {
            count += missed.cause.name.utf8.count + (missed.blockKind?.utf8.count ?? 0)
        }
        for one in record.attempts {
            count += one.provider.utf8.count + one.upstreamModel.utf8.count + one.providerKeyID.utf8.count
            count += one.errorType?.utf8.count ?? 0
        }
        return count
    }
}
