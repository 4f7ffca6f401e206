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
    /// The round of `commit` that is under way, and the one that waits for it and still takes callers in.
    private var commitUnderWay: Task<StoreError?, Never>?
    private var nextCommit: Task<StoreError?, Never>?
    private var isBehind = false

    /// Bytes read from a segment at once; always more than two frames.
    private static let readBytes = 1 << 20
    /// Few frames are smaller: the measure for how many records there may be in some bytes.
    private static let smallFrameBytes = 256
    private static let longestBackOff = Duration.seconds(5)

    /// - Parameters:
    ///   - batchSize: records a transaction; at least 1.
    ///   - flushInterval: how long a record waits at the most while the store answers; at least a millisecond.
    package init(
        journal: Journal, store: any UsageStore, batchSize: Int, flushInterval: Duration, logger: Logger
    ) {
        self.journal = journal
        self.store = store
        self.batchSize = max(1, batchSize)
        self.flushInterval = max(flushInterval, .milliseconds(1))
        self.logger = logger
    }

    /// Posts what earlier processes left behind. To be called before the first writer writes.
    package func recover() async throws(StoreError) {
        let left = journal.segments.count
        guard left > 0 else { return }
        try await drain()
        logger.notice("journal of an earlier process posted", metadata: ["journal.segments": "\(left)"])
    }

    /// Ships until cancelled; while the store is down it waits longer and longer. A pass under way is ended first.
    package func run() async {
        var wait = flushInterval
        while (try? await Task.sleep(for: wait)) != nil {
            let error = await ship()
            wait = error == nil ? flushInterval : max(flushInterval, min(wait * 2, Self.longestBackOff))
        }
    }

    /// Everything flushed before the call is in the store on return.
    package func drain() async throws(StoreError) {
        let targets = journal.segments.map { ($0.segment, $0.segment.committedBytes) }
        // Even with nothing to post: a pass removes the segments that are done.
        repeat {
            if let error = await ship() { throw error }
        } while !isShipped(targets)
    }

    /// Everything flushed before the call is on the disk and in the store on return. Calls that come while a round is
    /// under way share the next.
    package func commit() async throws(StoreError) {
        if let error = await joinNextCommit().value { throw error }
    }

    private func joinNextCommit() -> Task<StoreError?, Never> {
        if let nextCommit { return nextCommit }
        let before = commitUnderWay
        let round = Task {
            _ = await before?.value
            return await commitAll()
        }
        nextCommit = round
        return round
    }

    private func commitAll() async -> StoreError? {
        // From here on a caller's records may be too late for this round.
        commitUnderWay = nextCommit
        nextCommit = nil
        guard journal.synchronize() else { return .unavailable("the journal cannot be synchronized") }
        do throws(StoreError) {
            try await drain()
            return nil
        } catch {
            return error
        }
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
        let task = Task {
            let error = await shipAll()
            // Here and not behind the wait below: whoever waits may go on first, and must not find a pass that is over.
            underWay = nil
            return error
        }
        underWay = task
        return await task.value
    }

    /// A segment that cannot be read does not hold up the others; a store that fails does.
    private func shipAll() async -> StoreError? {
        var failure: StoreError?
        for entry in journal.segments {
            do throws(StoreError) {
                guard try await ship(entry) else {
                    failure = .unavailable("the journal segment \(entry.segment.path) cannot be read")
                    continue
                }
            } catch {
                failure = error
                break
            }
        }
        if let failure, !isBehind {
            logger.error("usage is kept in the journal", metadata: ["store.error": "\(failure)"])
        }
        isBehind = failure != nil
        return failure
    }

    /// - Returns: false where the file cannot be read.
    private func ship(_ entry: Journal.ShippedSegment) async throws(StoreError) -> Bool {
        let segment = entry.segment
        var offset = entry.shippedBytes
        while true {
            // In this order: what is sealed is not added to.
            let isSealed = segment.isSealed
            let end = segment.committedBytes
            guard offset < end else {
                if isSealed { journal.remove(segment) }
                return true
            }
            guard let bytes = segment.read(from: offset, limit: min(end - offset, Self.readBytes)) else { return false }
            let taken = try await ship(bytes, of: segment, from: offset)
            // Nothing taken: what the bytes begin with cannot be read.
            offset = taken > 0 ? offset + taken : skip(bytes, of: segment, from: offset, to: end)
        }
    }

    /// Posts the whole records at the beginning of the bytes.
    ///
    /// - Returns: how many bytes they took.
    private func ship(_ bytes: [UInt8], of segment: Segment, from offset: Int) async throws(StoreError) -> Int {
        var taken = 0
        while true {
            let batch = records(in: bytes, from: taken)
            guard !batch.records.isEmpty else { return taken }
            try await store.post(batch.records)
            taken = batch.end
            journal.shipped(segment, upTo: offset + taken)
        }
    }

    /// As many whole records as a transaction takes, and where they end.
    private func records(in bytes: [UInt8], from start: Int) -> (records: [UsageRecord], end: Int) {
        bytes.withUnsafeBytes { bytes in
            var records: [UsageRecord] = []
            records.reserveCapacity(min(batchSize, (bytes.count - start) / Self.smallFrameBytes))
            var at = start
            while records.count < batchSize, case .record(let record, let next) = RecordCoding.frame(at: at, in: bytes)
            {
                records.append(record)
                at = next
            }
            return (records, at)
        }
    }

    /// Leaves out what the bytes begin with: a damaged frame alone where another follows it, else all up to `end`.
    ///
    /// - Returns: where to go on.
    private func skip(_ bytes: [UInt8], of segment: Segment, from offset: Int, to end: Int) -> Int {
        let reachesEnd = offset + bytes.count == end
        let (next, isTorn) = bytes.withUnsafeBytes { bytes -> (Int?, Bool) in
            switch RecordCoding.frame(at: 0, in: bytes) {
            case .record: return (nil, false)
            case .incomplete: return (nil, reachesEnd && segment.isLeftBehind)
            case .damaged(let next):
                guard let next else { return (nil, false) }
                if next == bytes.count, reachesEnd { return (next, false) }
                guard case .record = RecordCoding.frame(at: next, in: bytes) else { return (nil, false) }
                return (next, false)
            }
        }
        if !isTorn { segment.doubt() }
        let target = next.map { offset + $0 } ?? end
        journal.skip(segment, from: offset, to: target, isDamaged: !isTorn)
        return target
    }
}
