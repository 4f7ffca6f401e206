internal import Synchronization

/// A fixed row of 64-bit counters that any thread may add to without a lock.
///
/// Every access is relaxed: a reader may see one cell's addition before another's, which a scrape does not mind.
struct AtomicCells: ~Copyable, @unchecked Sendable {  // the pointer never changes, and each cell is atomic
    private let cells: UnsafeMutablePointer<Atomic<Int64>>
    let count: Int

    init(count: Int) {
        self.count = max(count, 1)
        cells = .allocate(capacity: self.count)
        for index in 0..<self.count {
            (cells + index).initialize(to: Atomic(0))
        }
    }

    deinit {
        cells.deinitialize(count: count)
        cells.deallocate()
    }

    /// Adds to a cell; an index outside the row adds to the last one.
    @inline(__always)
    func add(_ amount: Int64, at index: Int) {
        let safe = index >= 0 && index < count ? index : count - 1
        cells[safe].wrappingAdd(amount, ordering: .relaxed)
    }

    /// What a cell holds; 0 outside the row.
    func value(at index: Int) -> Int64 {
        guard index >= 0, index < count else { return 0 }
        return cells[index].load(ordering: .relaxed)
    }
}
