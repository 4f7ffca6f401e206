/// The hashes noted last, so many at most, with what belongs to each.
struct RecentHashes<Value: Sendable>: Sendable {
    private let capacity: Int
    private var ring: [UInt64] = []
    private var known: [UInt64: Value] = [:]
    private var oldest = 0

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { known.count }

    /// nil: the hash is not known, or was forgotten.
    subscript(hash: UInt64) -> Value? { known[hash] }

    /// One that is known keeps its age.
    mutating func insert(_ hash: UInt64, _ value: Value) {
        guard known.updateValue(value, forKey: hash) == nil else { return }
        guard ring.count == capacity else { return ring.append(hash) }
        known[ring[oldest]] = nil
        ring[oldest] = hash
        oldest = (oldest + 1) % capacity
    }
}
