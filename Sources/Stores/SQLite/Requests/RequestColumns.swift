import FoundationEssentials
import Metering

/// Usage records as rows: totals are stored, for people and sums; the parts the totals hold are what is left of them.
enum RequestColumns {
    private static let usage = """
        prompt_tokens, completion_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, \
        reasoning_tokens, audio_tokens, image_tokens
        """

    static let request = """
        id, client_request_id, user_id, api_key_id, model, provider, upstream_model, \(usage), cost_nano_usd, \
        vendor_cost_nano_usd, latency_microseconds, first_token_microseconds, status, http_status, estimated, stream, \
        error_code, prefix_hash, vendor_usage, created_at_microseconds, cache_saved_nano_usd
        """

    static let attempt = """
        provider, upstream_model, provider_key_id, http_status, latency_microseconds, error_type, \(usage), \
        vendor_cost_nano_usd
        """

    static let miss = "cause, block, block_kind, missed_tokens, lost_nano_usd"

    /// How many columns `request` has.
    static let requestCount: Int32 = 28

    /// From the columns of `miss`, of which the first is column `first`.
    static func miss(_ row: SQLStatement, from first: Int32) throws -> CacheMiss {
        guard let cause = CacheMiss.Cause(name: row.text(first)) else {
            throw StoreError.unavailable("a stored cache miss has an unknown cause")
        }
        return CacheMiss(
            cause: cause, block: row.optionalInteger(first + 1).map { Int(clamping: $0) },
            blockKind: row.optionalText(first + 2), missedTokens: row.integer(first + 3),
            lost: NanoUSD(units: row.integer(first + 4)))
    }

    /// A record without its attempts and its miss, from the columns of `request`.
    static func record(_ row: SQLStatement) throws -> UsageRecord {
        guard let status = ExchangeStatus(rawValue: row.text(19)) else {
            throw StoreError.unavailable("a stored request has an unknown status")
        }
        var record = UsageRecord(
            id: try row.id(0), userID: try row.id(2), apiKeyID: try row.id(3), model: row.text(4),
            createdAtMicroseconds: row.integer(26), status: status)
        record.clientRequestID = row.optionalText(1)
        record.provider = row.text(5)
        record.upstreamModel = row.text(6)
        record.usage = usage(row, from: 7)
        record.cost = NanoUSD(units: row.integer(15))
        record.vendorCost = NanoUSD(units: row.integer(16))
        record.latencyMicroseconds = row.integer(17)
        record.timeToFirstTokenMicroseconds = row.optionalInteger(18)
        record.httpStatus = Int(clamping: row.integer(20))
        record.isEstimated = row.integer(21) != 0
        record.isStream = row.integer(22) != 0
        record.errorCode = row.optionalText(23)
        record.prefixHash = UInt64(bitPattern: row.integer(24))
        record.vendorUsage = row.optionalText(25)
        record.cacheSaved = NanoUSD(units: row.integer(27))
        return record
    }

    /// From the columns of `attempt`.
    static func attempt(_ row: SQLStatement) -> AttemptRecord {
        AttemptRecord(
            provider: row.text(0), upstreamModel: row.text(1), providerKeyID: row.text(2),
            httpStatus: Int(clamping: row.integer(3)), latencyMicroseconds: row.integer(4),
            errorType: row.optionalText(5), usage: usage(row, from: 6), vendorCost: NanoUSD(units: row.integer(14)))
    }

    private static func usage(_ row: SQLStatement, from column: Int32) -> TokenUsage {
        var usage = TokenUsage()
        usage.cacheRead = row.integer(column + 2)
        usage.cacheWrite1h = row.integer(column + 4)
        usage.cacheWrite5m = row.integer(column + 3) &- usage.cacheWrite1h
        usage.uncachedInput = row.integer(column) &- usage.cacheRead &- row.integer(column + 3)
        usage.reasoning = row.integer(column + 5)
        usage.visibleOutput = row.integer(column + 1) &- usage.reasoning
        usage.audio = row.integer(column + 6)
        usage.image = row.integer(column + 7)
        return usage
    }
}
