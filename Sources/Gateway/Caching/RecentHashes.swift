/// The hashes noted last, so many at most.
struct RecentHashes: Sendable {
    private let capacity: Int
    private var ring: [UInt64] = []
    private var known: Set<UInt64> = []
    private var oldest = 0

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { known.count }

    func contains(_ hash: UInt64) -> Bool { known.contains(hash) }

    /// One that is known keeps its age.
    mutating func insert(_ hash: UInt64) {
        guard known.insert(hash).inserted else { return }
        guard ring.count == capacity else { return ring.append(hash) }
        known.remove(ring[oldest])
        ring[oldest] = hash
        oldest = (oldest + 1) % capacity
    }
}
