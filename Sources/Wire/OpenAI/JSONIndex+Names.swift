extension JSONIndex {
    /// Whether the node is a string that means `name`: what the vendors' readers ask of every member. A string of another
    /// length without escapes is told apart by its length alone.
    @inline(__always)
    func means(_ index: Int, _ name: StaticString, in bytes: UnsafeRawBufferPointer) -> Bool {
        let node = self[index]
        guard !node.hasEscapes else { return matches(node, name, in: bytes) }
        guard node.kind == .string, Int(node.end &- node.start) == name.utf8CodeUnitCount &+ 2,
            let content = content(node, in: bytes)
        else { return false }
        return content.spells(name)
    }

    /// Bytes between a string's quotes, escapes as written; 0 for any other kind.
    @inline(__always)
    func contentCount(_ index: Int) -> Int {
        let node = self[index]
        return node.kind == .string ? Int(node.end &- node.start) &- 2 : 0
    }

    /// The node after `index` and everything in it.
    @inline(__always)
    func successor(of index: Int) -> Int { Int(self[index].next) }

    /// Where the walk over a container's children ends; the container's own successor.
    @inline(__always)
    func childEnd(of container: Int) -> Int { Int(self[container].next) }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are those of `name`.
    @inline(__always)
    func spells(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { expected in
            var position = 0
            while position < expected.count {
                guard self[position] == expected[position] else { return false }
                position &+= 1
            }
            return true
        }
    }
}
