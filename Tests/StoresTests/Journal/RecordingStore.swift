import FoundationEssentials
import Metering
import Synchronization

/// A usage store in memory: twice is once by id. It remembers every batch, and fails when it is told to.
final class RecordingStore: UsageStore {
    enum Fault: Sendable {
        case none
        case down
        /// So many posts fail, then none.
        case first(Int)
        /// Half of the posts fail: one in two before the records are taken, one in two after, as a lost answer does.
        case random(SeededGenerator)
    }

    fileprivate struct State {
        var rows: [UUID: UsageRecord] = [:]
        /// In the order they were first posted.
        var ids: [UUID] = []
        var batches: [Int] = []
        var repeats = 0
        /// Posts of an id that is there with another content.
        var contradictions = 0
        var failures = 0
        var fault: Fault
    }

    private let state: Mutex<State>
    private let posted: AsyncStream<Int>.Continuation
    /// The number of rows after each post that was taken.
    let rowCounts: AsyncStream<Int>

    init(fault: Fault = .none) {
        state = Mutex(State(fault: fault))
        (rowCounts, posted) = AsyncStream.makeStream(of: Int.self)
    }

    /// A store that has what another has now.
    func copy() -> RecordingStore {
        let copy = RecordingStore()
        let now = state.withLock { ($0.rows, $0.ids) }
        copy.state.withLock { ($0.rows, $0.ids) = now }
        return copy
    }

    func post(_ records: [UsageRecord]) async throws(StoreError) {
        let (error, count) = state.withLock { state -> (StoreError?, Int) in
            state.batches.append(records.count)
            let failsBefore = state.fault.strikes()
            if !failsBefore { state.take(records) }
            let failsAfter = failsBefore || state.fault.strikesAfterwards()
            if failsAfter { state.failures += 1 }
            return (failsAfter ? .unavailable("down") : nil, state.ids.count)
        }
        if let error { throw error }
        posted.yield(count)
    }

    func set(_ fault: Fault) { state.withLock { $0.fault = fault } }

    /// Waits until there are so many rows.
    func hold(_ count: Int) async {
        for await rows in rowCounts where rows >= count { return }
    }

    var ids: [UUID] { state.withLock { $0.ids } }
    /// In the order they were first posted.
    var records: [UsageRecord] { state.withLock { state in state.ids.compactMap { state.rows[$0] } } }
    /// The sizes of all batches, refused ones too.
    var batches: [Int] { state.withLock { $0.batches } }
    var repeats: Int { state.withLock { $0.repeats } }
    var contradictions: Int { state.withLock { $0.contradictions } }
    var failures: Int { state.withLock { $0.failures } }
}

extension RecordingStore.State {
    fileprivate mutating func take(_ records: [UsageRecord]) {
        for record in records {
            if let there = rows[record.id] {
                repeats += 1
                if there != record { contradictions += 1 }
            } else {
                rows[record.id] = record
                ids.append(record.id)
            }
        }
    }
}

extension RecordingStore.Fault {
    fileprivate mutating func strikes() -> Bool {
        switch self {
        case .none: return false
        case .down: return true
        case .first(let count):
            self = count > 1 ? .first(count - 1) : .none
            return count > 0
        case .random(var generator):
            defer { self = .random(generator) }
            return generator.next() % 4 == 0
        }
    }

    fileprivate mutating func strikesAfterwards() -> Bool {
        guard case .random = self else { return false }
        return strikes()
    }
}

/// Holds the first post until it is let go.
actor GatedStore: UsageStore {
    private(set) var ids: [UUID] = []
    private var isOpen = false
    private var hasArrived = false
    private var arrival: CheckedContinuation<Void, Never>?
    private var held: [CheckedContinuation<Void, Never>] = []

    func post(_ records: [UsageRecord]) async {
        hasArrived = true
        arrival?.resume()
        arrival = nil
        if !isOpen { await withCheckedContinuation { held.append($0) } }
        ids += records.map(\.id)
    }

    /// Waits until a post came.
    func arrived() async {
        if !hasArrived { await withCheckedContinuation { arrival = $0 } }
    }

    func open() {
        isOpen = true
        for continuation in held { continuation.resume() }
        held = []
    }
}
