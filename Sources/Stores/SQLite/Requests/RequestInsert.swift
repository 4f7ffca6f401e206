import GRDB
import Metering

/// The statements that write usage records, prepared once for a transaction.
struct RequestInsert {
    private let request: SQLStatement
    private let attempt: SQLStatement

    init(in database: Database) throws {
        request = try database.statement(
            """
            INSERT INTO requests (\(RequestColumns.request)) VALUES
            (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """)
        attempt = try database.statement(
            """
            INSERT INTO attempts (request_sequence, position, \(RequestColumns.attempt)) VALUES
            (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
    }

    /// Writes a record and its attempts; false: its id is there already, and nothing was written.
    func write(_ record: UsageRecord) throws -> Bool {
        try bind(record)
        guard try request.run() > 0 else { return false }
        let sequence = request.lastInsertedKey
        for (position, one) in record.attempts.enumerated() {
            try write(one, request: sequence, position: position)
        }
        return true
    }

    private func bind(_ record: UsageRecord) throws {
        try request.bind(record.id, at: 1)
        try request.bind(record.clientRequestID, at: 2)
        try request.bind(record.userID, at: 3)
        try request.bind(record.apiKeyID, at: 4)
        try request.bind(record.model, at: 5)
        try request.bind(record.provider, at: 6)
        try request.bind(record.upstreamModel, at: 7)
        try Self.bind(record.usage, to: request, from: 8)
        try request.bind(record.cost.units, at: 16)
        try request.bind(record.vendorCost.units, at: 17)
        try request.bind(record.latencyMicroseconds, at: 18)
        try request.bind(record.timeToFirstTokenMicroseconds, at: 19)
        try request.bind(record.status.rawValue, at: 20)
        try request.bind(record.httpStatus, at: 21)
        try request.bind(record.isEstimated, at: 22)
        try request.bind(record.isStream, at: 23)
        try request.bind(record.errorCode, at: 24)
        try request.bind(Int64(bitPattern: record.prefixHash), at: 25)
        try request.bind(record.vendorUsage, at: 26)
        try request.bind(record.createdAtMicroseconds, at: 27)
    }

    private func write(_ one: AttemptRecord, request: Int64, position: Int) throws {
        try attempt.bind(request, at: 1)
        try attempt.bind(position, at: 2)
        try attempt.bind(one.provider, at: 3)
        try attempt.bind(one.upstreamModel, at: 4)
        try attempt.bind(one.providerKeyID, at: 5)
        try attempt.bind(one.httpStatus, at: 6)
        try attempt.bind(one.latencyMicroseconds, at: 7)
        try attempt.bind(one.errorType, at: 8)
        try Self.bind(one.usage, to: attempt, from: 9)
        try attempt.bind(one.vendorCost.units, at: 17)
        try attempt.run()
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
}
