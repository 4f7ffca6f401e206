/// An object's members in the order of the text. Allocates nothing.
package struct JSONMembers: Sequence, IteratorProtocol {
    private let index: JSONIndex
    private var position: Int
    private let end: Int

    init(index: JSONIndex, object: Int) {
        self.index = index
        let node = index[object]
        end = node.kind == .object ? Int(node.next) : 0
        position = node.kind == .object ? object &+ 1 : end
    }

    /// The nodes of the next key and of its value.
    package mutating func next() -> (key: Int, value: Int)? {
        guard position < end else { return nil }
        let member = (key: position, value: position &+ 1)
        position = Int(index[member.value].next)
        return member
    }
}

/// An array's elements in the order of the text. Allocates nothing.
package struct JSONElements: Sequence, IteratorProtocol {
    private let index: JSONIndex
    private var position: Int
    private let end: Int

    init(index: JSONIndex, array: Int) {
        self.index = index
        let node = index[array]
        end = node.kind == .array ? Int(node.next) : 0
        position = node.kind == .array ? array &+ 1 : end
    }

    /// The node of the next element.
    package mutating func next() -> Int? {
        guard position < end else { return nil }
        let element = position
        position = Int(index[element].next)
        return element
    }
}
