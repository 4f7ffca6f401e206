import FoundationEssentials
import Metering

/// What a batch of records adds to the daily sums, the cache statistics and the users' balances, in memory first: a
/// batch has far fewer sums than records. Sums stop at the ends of their range.
struct BatchSums {
    /// What the sums are kept by.
    struct Key: Hashable {
        var day: Int64
        var user: UUID
        var model: String
        var provider: String
    }

    struct Sum {
        var promptTokens: Int64 = 0
        var completionTokens: Int64 = 0
        var cacheReadTokens: Int64 = 0
        var requests: Int64 = 0
        var cost = NanoUSD.zero
        /// May be negative, see `UsageRecord.cacheSaved`.
        var saved = NanoUSD.zero
        /// Requests that a vendor's cache served in part, and those with a prompt that it did not.
        var hits: Int64 = 0
        var misses: Int64 = 0
    }

    private(set) var sums: [Key: Sum] = [:]
    /// By user; those who owe nothing new are not there.
    private(set) var charges: [UUID: NanoUSD] = [:]

    mutating func add(_ record: UsageRecord) {
        let key = Key(
            day: UTCDay.day(ofMicroseconds: record.createdAtMicroseconds), user: record.userID, model: record.model,
            provider: record.provider)
        sums[key, default: Sum()].add(record)
        if record.cost != .zero {
            let charge = charges[record.userID] ?? .zero
            charges[record.userID] = charge.saturatingAdding(record.cost)
        }
    }
}

extension BatchSums.Sum {
    mutating func add(_ record: UsageRecord) {
        promptTokens = Saturating.sum(promptTokens, record.usage.promptTokens)
        completionTokens = Saturating.sum(completionTokens, record.usage.completionTokens)
        cacheReadTokens = Saturating.sum(cacheReadTokens, record.usage.cacheRead)
        requests = Saturating.sum(requests, 1)
        cost = cost.saturatingAdding(record.cost)
        saved = saved.saturatingAdding(record.cacheSaved)
        if record.usage.cacheRead > 0 {
            hits = Saturating.sum(hits, 1)
        } else if record.usage.promptTokens > 0 {
            misses = Saturating.sum(misses, 1)
        }
    }
}

/// Sums that stop at the ends of their range.
enum Saturating {
    static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right < 0 ? .min : .max) : sum
    }
}
