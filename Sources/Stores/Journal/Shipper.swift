package import Logging
package import Metering

/// Posts journalled records to the main store, in order within a segment, and drops segments that are there whole.
///
/// A record that is posted twice counts once, so whatever is interrupted is simply done again.
package actor Shipper {
    private let journal: Journal
    private let store: any UsageStore
    private let batchSize: Int
    private let flushInterval: Duration
    private let logger: Logger
    private var underWay: Task<StoreError?, Never>?
    private var isBehind = false

    /// Bytes read from a segment at once; always more than one frame.
    private static let readBytes = 1 << 20
    private static let longestBackOff = Duration.seconds(5)

    /// - Parameters:
    ///   - batchSize: records a transaction.
    ///   - flushInterval: how long a record waits at the most while the store answers.
    package init(
        journal: Journal, store: any UsageStore, batchSize: Int, flushInterval: Duration, logger: Logger
    ) {
        self.journal = journal
        self.store = store
        self.batchSize = max(1, batchSize)
        self.flushInterval = flushInterval
        self.logger = logger
    }

    /// Posts what earlier processes left behind. To be called before the first writer writes.
    package func recover() async throws(StoreError) {
        let left = journal.segments.count
        guard left > 0 else { return }
        try await drain()
        logger.notice("journal of an earlier process posted", metadata: ["journal.segments": "\(left)"])
    }

    /// Ships until cancelled; while the store is down it waits longer and longer.
    package func run() async {
        var wait = flushInterval
        while !Task.isCancelled {
            try? await Task.sleep(for: wait)
            if await ship() == nil {
                wait = flushInterval
                isBehind = false
            } else {
                wait = min(max(wait, flushInterval) * 2, Self.longestBackOff)
            }
        }
    }

    /// Everything flushed before the call is in the store on return.
    package func drain() async throws(StoreError) {
        let targets = journal.segments.map { ($0.segment, $0.segment.committedBytes) }
        while !isShipped(targets) {
            if let error = await ship() { throw error }
        }
    }

    /// Everything flushed before the call is on the disk and in the store on return.
    package func commit() async throws(StoreError) {
        guard journal.synchronize() else { throw .unavailable("the journal cannot be synchronized") }
        try await drain()
    }

    private func isShipped(_ targets: [(Segment, Int)]) -> Bool {
        let shipped = journal.segments
        return targets.allSatisfy { segment, bytes in
            guard let current = shipped.first(where: { $0.segment === segment }) else { return true }
            return current.shippedBytes >= bytes
        }
    }

    /// One pass over all segments; joins the pass under way if there is one.
    private func ship() async -> StoreError? {
        if let underWay { return await underWay.value }
        let task = Task { await self.shipAll() }
        underWay = task
        let error = await task.value
        underWay = nil
        return error
    }

    private func shipAll() async -> StoreError? {
        for entry in journal.segments {
            do throws(StoreError) {
                try await ship(entry)
            } catch {
                if !isBehind {
                    logger.error("usage is kept in the journal: the store fails", metadata: ["store.error": "\(error)"])
                }
                isBehind = true
                return error
            }
        }
        return nil
    }

    private func ship(_ entry: Journal.ShippedSegment) async throws(StoreError) {
        let segment = entry.segment
        var offset = entry.shippedBytes
        while true {
            let isSealed = segment.isSealed
            let end = segment.committedBytes
            guard offset < end else {
                if isSealed { journal.remove(segment) }
                return
            }
            let limit = min(end - offset, Self.readBytes)
            guard let bytes = JournalFiles.read(segment.path, from: offset, limit: limit) else {
                throw .unavailable("the journal segment \(segment.path) cannot be read")
            }
            let batch = records(in: bytes)
            if !batch.records.isEmpty { try await store.post(batch.records) }
            offset += batch.bytes
            journal.shipped(segment, upTo: offset)
            if batch.isDamaged || (batch.records.isEmpty && bytes.count == end - offset + batch.bytes) {
                return journal.abandon(segment, at: offset, isDamaged: batch.isDamaged)
            }
        }
    }

    /// As many whole records as a transaction takes, and the bytes they stand in.
    private func records(in bytes: [UInt8]) -> (records: [UsageRecord], bytes: Int, isDamaged: Bool) {
        bytes.withUnsafeBytes { bytes in
            var records: [UsageRecord] = []
            var at = 0
            while records.count < batchSize {
                switch RecordCoding.frame(at: at, in: bytes) {
                case .record(let record, let next):
                    records.append(record)
                    at = next
                case .incomplete: return (records, at, false)
                case .damaged: return (records, at, true)
                }
            }
            return (records, at, false)
        }
    }
}
