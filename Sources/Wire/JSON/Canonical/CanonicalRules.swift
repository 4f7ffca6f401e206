/// What is not spelled as the rest of a value, by nodes.
package struct CanonicalRules {
    private var keptObjects: [Int] = []
    private var leftOut: [Int] = []
    private var orders: [(array: Int, elements: [Int])] = []
    private var isEmpty = true

    package init() {}

    /// Within the object at `node`, `KeyOrder.kept` holds.
    package mutating func keep(_ node: Int) {
        keptObjects.append(node)
        isEmpty = false
    }

    /// The member whose key is at `key` is not written.
    package mutating func leaveOut(_ key: Int) {
        leftOut.append(key)
        isEmpty = false
    }

    /// The elements of the array at `node` are written in another order.
    package mutating func reorder(_ node: Int, _ elements: [Int]) {
        orders.append((node, elements))
        isEmpty = false
    }

    @inline(__always)
    func order(of object: Int, in order: CanonicalJSON.KeyOrder) -> CanonicalJSON.KeyOrder {
        isEmpty || !keptObjects.contains(object) ? order : .kept
    }

    @inline(__always)
    func leavesOut(_ key: Int) -> Bool { !isEmpty && leftOut.contains(key) }

    @inline(__always)
    func elements(of array: Int) -> [Int]? {
        isEmpty ? nil : orders.first { $0.array == array }?.elements
    }
}
