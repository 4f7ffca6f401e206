package import FoundationEssentials

/// What a store can answer with instead of data. "Not there" is nil or an empty list, never an error.
package enum StoreError: Error, Equatable {
    /// The store does not answer; the text is for the log, not for clients.
    case unavailable(String)
    /// A uniqueness rule was hurt; the field's name.
    case conflict(field: String)
    /// The id names nothing.
    case notFound
}

/// The price table.
package protocol PriceStore: Sendable {
    /// Every entry, the latest in force for each model and provider.
    func prices() async throws(StoreError) -> [PriceEntry]
    /// Adds or replaces.
    func putPrice(_ entry: PriceEntry) async throws(StoreError)
}

/// Finished exchanges on their way into the store. Twice is once: a record is keyed by its id.
package protocol UsageStore: Sendable {
    /// Writes requests, attempts, daily sums, cache statistics and the users' balances in one transaction.
    func post(_ records: [UsageRecord]) async throws(StoreError)
}

/// One page of `GET /admin/requests`; nil members do not restrict.
package struct RequestQuery: Sendable, Equatable {
    package var user: UUID?
    package var key: UUID?
    package var model: String?
    package var provider: String?
    package var status: ExchangeStatus?
    /// Microseconds since 1970, inclusive.
    package var from: Int64?
    /// Microseconds since 1970, exclusive.
    package var to: Int64?
    /// 1…1000
    package var limit = 100
    /// The `next` of the page before.
    package var after: String?

    package init() {}
}

package struct RequestPage: Sendable, Equatable {
    /// Newest first.
    package var records: [UsageRecord]
    /// nil: the last page.
    package var next: String?

    package init(records: [UsageRecord], next: String?) {
        self.records = records
        self.next = next
    }
}

/// What `GET /admin/usage` groups by.
package enum UsageDimension: String, Sendable, CaseIterable {
    case model, provider, user, key, day, status
}

/// Sums over the requests that share the values of the asked dimensions.
package struct UsageSum: Sendable, Equatable {
    /// In the order asked; a day is `2026-11-21` (UTC), ids are lower-case UUIDs.
    package var group: [String]
    package var requests: Int64
    package var promptTokens: Int64
    package var completionTokens: Int64
    package var cacheReadTokens: Int64
    package var cacheWriteTokens: Int64
    package var cost: NanoUSD
    /// See `UsageRecord.cacheSaved`.
    package var cacheSaved: NanoUSD

    package init(
        group: [String], requests: Int64, promptTokens: Int64, completionTokens: Int64, cacheReadTokens: Int64,
        cacheWriteTokens: Int64, cost: NanoUSD, cacheSaved: NanoUSD = .zero
    ) {
        self.group = group
        self.requests = requests
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cacheReadTokens = cacheReadTokens
        self.cacheWriteTokens = cacheWriteTokens
        self.cost = cost
        self.cacheSaved = cacheSaved
    }
}

/// One page of `GET /admin/cache/misses`; nil members do not restrict.
package struct CacheMissQuery: Sendable, Equatable {
    /// Its `status` is not asked: misses are those of answers.
    package var requests = RequestQuery()
    package var cause: CacheMiss.Cause?

    package init() {}
}

/// Reading finished exchanges.
package protocol RequestStore: Sendable {
    func requests(_ query: RequestQuery) async throws(StoreError) -> RequestPage
    func request(id: UUID) async throws(StoreError) -> UsageRecord?
    func usage(groupBy: [UsageDimension], from: Int64?, to: Int64?) async throws(StoreError) -> [UsageSum]
    /// The exchanges that a vendor's cache should have served and did not, as `requests` lists them, each with its
    /// `cacheMiss`.
    func cacheMisses(_ query: CacheMissQuery) async throws(StoreError) -> CacheMissPage
}

/// Users' prepaid money.
package protocol AccountStore: Sendable {
    /// nil: the user has no balance limit. Throws `notFound` for an unknown user.
    func balance(user: UUID) async throws(StoreError) -> NanoUSD?
    /// Adds (or, negative, takes) money once per idempotency key and returns the new balance.
    ///
    /// The same key again returns the balance without adding; the same key with another amount or user throws
    /// `conflict(field: "Idempotency-Key")`.
    func credit(user: UUID, amount: NanoUSD, note: String, idempotencyKey: String) async throws(StoreError) -> NanoUSD
}

/// The hot end of the usage journal, one per event loop and used on that loop alone.
///
/// `append` puts a record into the loop's buffer; `flush` hands the buffer to the kernel with one `write`. A response's
/// last byte leaves only after the flush that carried its record.
package protocol JournalWriter: AnyObject {
    func append(_ record: UsageRecord)
    /// - Throws: `JournalError` when the bytes could not be written: nothing of the buffer counts as recorded.
    func flush() throws(JournalError)
    /// False once a write failed or the journal is full: new work is to be refused until it is true again.
    var isWritable: Bool { get }
    /// To be called once a second: after a failure it tries whether bytes are taken again.
    func probe()
}

/// Why the journal could not take a record.
package enum JournalError: Error, Equatable {
    /// `write` failed; the `errno`.
    case writeFailed(errno: Int32)
    /// The journal's size limit is reached: the shipper is behind.
    case full
}
