/// The memory behind a `JSONIndex`: nodes in text order, kept between reads.
///
/// `@unchecked Sendable` on the index rests on this class being written only by an owner that holds it alone.
final class JSONNodeStorage {
    /// 1 MiB: what a text of some hundred kilobytes needs, and little enough to keep per connection.
    static let retainedCapacity = 65_536
    static let initialCapacity = 256

    private(set) var nodes: UnsafeMutablePointer<JSONNode>
    private(set) var capacity: Int
    var count = 0

    init(capacity: Int = initialCapacity) {
        self.capacity = capacity
        nodes = .allocate(capacity: capacity)
    }

    deinit {
        nodes.deallocate()
    }

    /// Doubles the room, keeping the first `filled` nodes.
    @inline(never)
    func grow(keeping filled: Int) {
        replace(capacity: capacity &* 2, keeping: filled)
    }

    /// Gives back what one giant text made it take. Forgets the nodes if it does.
    func shrink() {
        guard capacity > Self.retainedCapacity else { return }
        count = 0
        replace(capacity: Self.retainedCapacity, keeping: 0)
    }

    private func replace(capacity newCapacity: Int, keeping filled: Int) {
        let larger = UnsafeMutablePointer<JSONNode>.allocate(capacity: newCapacity)
        larger.update(from: nodes, count: filled)
        nodes.deallocate()
        nodes = larger
        capacity = newCapacity
    }
}
