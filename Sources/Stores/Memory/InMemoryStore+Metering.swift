package import FoundationEssentials
package import Metering

extension InMemoryStore: PriceStore {
    /// By model, then provider, those for every provider first. What is effective only later is left out.
    package func prices() -> [PriceEntry] {
        let now = now()
        var latest: [PriceEntry] = []
        for entry in entries where entry.effectiveFrom <= now {
            if let known = latest.firstIndex(where: { Self.isSamePlace($0, entry) }) {
                if latest[known].effectiveFrom < entry.effectiveFrom { latest[known] = entry }
            } else {
                latest.append(entry)
            }
        }
        return latest.sorted { left, right in
            guard left.model.isSame(as: right.model) else { return left.model.isBefore(right.model) }
            guard let provider = left.provider else { return right.provider != nil }
            return right.provider.map { provider.isBefore($0) } ?? false
        }
    }

    /// An entry of the same model, provider and `effectiveFrom` is replaced.
    package func putPrice(_ entry: PriceEntry) {
        entries.removeAll { Self.isSamePlace($0, entry) && $0.effectiveFrom == entry.effectiveFrom }
        entries.append(entry)
    }

    private static func isSamePlace(_ left: PriceEntry, _ right: PriceEntry) -> Bool {
        left.model.isSame(as: right.model)
            && left.provider.map { Array($0.utf8) } == right.provider.map { Array($0.utf8) }
    }
}

extension InMemoryStore: AccountStore {
    package func balance(user: UUID) throws(StoreError) -> NanoUSD? {
        guard users[user] != nil else { throw .notFound }
        return balances[user]
    }

    /// A user without a balance limit becomes prepaid with the amount. A sum that leaves the range of money throws
    /// `conflict(field: "amount")` and adds nothing.
    package func credit(
        user: UUID, amount: NanoUSD, note: String, idempotencyKey: String
    ) throws(StoreError) -> NanoUSD {
        let old = try balance(user: user) ?? .zero
        let key = Array(idempotencyKey.utf8)
        if let known = credits[key] {
            guard known.user == user, known.amount == amount else { throw .conflict(field: "Idempotency-Key") }
            return old
        }
        guard let new = try? old.adding(amount) else { throw .conflict(field: "amount") }
        credits[key] = Credit(user: user, amount: amount)
        balances[user] = new
        return new
    }
}

extension InMemoryStore: UsageStore {
    package func post(_ records: [UsageRecord]) {
        for record in records where self.records[record.id] == nil {
            self.records[record.id] = record
            if let balance = balances[record.userID] {
                balances[record.userID] = balance.saturatingSubtracting(record.cost)
            }
        }
    }
}

extension InMemoryStore: RequestStore {
    /// By (`createdAtMicroseconds`, id), newest first. A limit out of range is brought into it; an `after` that was no
    /// `next` throws `conflict(field: "after")`.
    package func requests(_ query: RequestQuery) throws(StoreError) -> RequestPage {
        try requests(query) { _ in true }
    }

    private func requests(
        _ query: RequestQuery, where isAsked: (UsageRecord) -> Bool
    ) throws(StoreError) -> RequestPage {
        let cursor = try query.after.map { text throws(StoreError) in try RequestCursor(text) }
        let limit = min(max(1, query.limit), 1_000)
        var found = records.values.filter { Self.matches($0, query) && isAsked($0) }
        if let cursor {
            let place = (cursor.createdAtMicroseconds, cursor.id)
            found.removeAll { !Self.isOlder(($0.createdAtMicroseconds, $0.id), place) }
        }
        found.sort { Self.isOlder(($1.createdAtMicroseconds, $1.id), ($0.createdAtMicroseconds, $0.id)) }
        let page = Array(found.prefix(limit))
        return RequestPage(
            records: page, next: found.count > limit ? page.last.map { RequestCursor(after: $0).text } : nil)
    }

    package func request(id: UUID) -> UsageRecord? { records[id] }

    /// By (`createdAtMicroseconds`, id), newest first; limits and `after` as in `requests`.
    package func cacheMisses(_ query: CacheMissQuery) throws(StoreError) -> CacheMissPage {
        let isAsked: (UsageRecord) -> Bool = { record in
            guard let miss = record.cacheMiss else { return false }
            return query.cause == nil || query.cause == miss.cause
        }
        let page = try requests(query.requests, where: isAsked)
        let found = records.values.filter { Self.matches($0, query.requests) && isAsked($0) }.compactMap(\.cacheMiss)
        let sums = CacheMiss.Cause.allCases.map { cause in
            found.filter { $0.cause == cause }.reduce(
                into: CacheMissSum(cause: cause, count: 0, missedTokens: 0, lost: .zero)
            ) { sum, miss in
                sum.count += 1
                sum.missedTokens = Saturating.sum(sum.missedTokens, miss.missedTokens)
                sum.lost = sum.lost.saturatingAdding(miss.lost)
            }
        }
        return CacheMissPage(
            entries: page.records.map(Self.withoutAttempts), next: page.next, sums: sums.filter { $0.count > 0 })
    }

    private static func withoutAttempts(_ record: UsageRecord) -> UsageRecord {
        var record = record
        record.attempts = []
        return record
    }

    /// In the order of the groups; `from` inclusive, `to` exclusive. Without dimensions there is one sum with an empty
    /// group, and none when there are no requests. Sums stop at the ends of their range.
    package func usage(groupBy: [UsageDimension], from: Int64?, to: Int64?) -> [UsageSum] {
        var query = RequestQuery()
        query.from = from
        query.to = to
        var sums: [[[UInt8]]: UsageSum] = [:]
        for record in records.values where Self.matches(record, query) {
            let group = groupBy.map { Self.value($0, of: record) }
            let key = group.map { Array($0.utf8) }
            sums[key, default: Self.empty(group)].add(record)
        }
        return sums.sorted { left, right in
            for (a, b) in zip(left.key, right.key) where a != b { return a.lexicographicallyPrecedes(b) }
            return false
        }.map(\.value)
    }

    private static func matches(_ record: UsageRecord, _ query: RequestQuery) -> Bool {
        if let user = query.user, record.userID != user { return false }
        if let key = query.key, record.apiKeyID != key { return false }
        if let model = query.model, !record.model.isSame(as: model) { return false }
        if let provider = query.provider, !record.provider.isSame(as: provider) { return false }
        if let status = query.status, record.status != status { return false }
        if let from = query.from, record.createdAtMicroseconds < from { return false }
        if let to = query.to, record.createdAtMicroseconds >= to { return false }
        return true
    }

    private static func value(_ dimension: UsageDimension, of record: UsageRecord) -> String {
        switch dimension {
        case .model: record.model
        case .provider: record.provider
        case .user: UUIDText.text(record.userID)
        case .key: UUIDText.text(record.apiKeyID)
        case .day: UTCDay.text(UTCDay.day(ofMicroseconds: record.createdAtMicroseconds))
        case .status: record.status.rawValue
        }
    }

    private static func empty(_ group: [String]) -> UsageSum {
        UsageSum(
            group: group, requests: 0, promptTokens: 0, completionTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0,
            cost: .zero)
    }
}

extension UsageSum {
    fileprivate mutating func add(_ record: UsageRecord) {
        requests = Saturating.sum(requests, 1)
        promptTokens = Saturating.sum(promptTokens, record.usage.promptTokens)
        completionTokens = Saturating.sum(completionTokens, record.usage.completionTokens)
        cacheReadTokens = Saturating.sum(cacheReadTokens, record.usage.cacheRead)
        cacheWriteTokens = Saturating.sum(cacheWriteTokens, record.usage.cacheWrite)
        cost = cost.saturatingAdding(record.cost)
        cacheSaved = cacheSaved.saturatingAdding(record.cacheSaved)
    }
}
