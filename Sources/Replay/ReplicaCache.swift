/// One replica's prompt cache: blocks, the least recently used given up first, and after a time unused.
struct ReplicaCache {
    private struct Node {
        var hash: UInt64
        var usedNanoseconds: Int64
        /// Used next after, and next before this one; `none` at the ends.
        var newer = ReplicaCache.none
        var older = ReplicaCache.none
    }

    private static let none = -1

    private let capacity: Int
    private let ttlNanoseconds: Int64?
    private var places: [UInt64: Int] = [:]
    private var nodes: [Node] = []
    private var free: [Int] = []
    private var newest = none
    private var oldest = none

    /// - Parameters:
    ///   - capacity: blocks, ≥ 0; nil: unlimited.
    ///   - ttlNanoseconds: unused for so long a block is gone; nil: never.
    init(capacity: Int?, ttlNanoseconds: Int64?) {
        self.capacity = capacity.map { max(0, $0) } ?? .max
        self.ttlNanoseconds = ttlNanoseconds
    }

    /// Blocks of the prompt's beginning that are cached; afterwards as much of it as fits is.
    mutating func serve(_ chain: [UInt64], nowNanoseconds: Int64) -> Int {
        let hits = chain.firstIndex { !holds($0, nowNanoseconds: nowNanoseconds) } ?? chain.count
        // From the end on, so that the end, which fewest share, goes first.
        for hash in chain.prefix(capacity).reversed() { use(hash, nowNanoseconds: nowNanoseconds) }
        while places.count > capacity { dropOldest() }
        return hits
    }

    private func holds(_ hash: UInt64, nowNanoseconds: Int64) -> Bool {
        guard let place = places[hash] else { return false }
        guard let ttlNanoseconds else { return true }
        return nowNanoseconds &- nodes[place].usedNanoseconds < ttlNanoseconds
    }

    private mutating func use(_ hash: UInt64, nowNanoseconds: Int64) {
        let place: Int
        if let known = places[hash] {
            place = known
            unlink(place)
            nodes[place].usedNanoseconds = nowNanoseconds
        } else {
            let node = Node(hash: hash, usedNanoseconds: nowNanoseconds)
            if let reused = free.popLast() {
                place = reused
                nodes[place] = node
            } else {
                place = nodes.count
                nodes.append(node)
            }
            places[hash] = place
        }
        nodes[place].older = newest
        nodes[place].newer = Self.none
        if newest == Self.none { oldest = place } else { nodes[newest].newer = place }
        newest = place
    }

    private mutating func dropOldest() {
        guard oldest != Self.none else { return }
        let place = oldest
        unlink(place)
        places[nodes[place].hash] = nil
        free.append(place)
    }

    private mutating func unlink(_ place: Int) {
        let node = nodes[place]
        if node.older == Self.none { oldest = node.newer } else { nodes[node.older].newer = node.newer }
        if node.newer == Self.none { newest = node.older } else { nodes[node.newer].older = node.older }
    }
}
