package import NIOCore

/// One spelling for one JSON value: RFC 8785. Keys in the order of their UTF-16 units, no white space, escapes where JSON
/// needs them and nowhere else, numbers as ECMAScript writes them.
///
/// It deviates where a reader of decimals could tell the difference: a whole number spelled in digits alone, one of more than
/// 17 significant digits and one that no double can hold keep their spelling. What two readers could take for two values is
/// not respelled at all: an object with a key twice, and a string with half a surrogate pair.
package struct CanonicalJSON {
    package enum KeyOrder: Sendable {
        case sorted
        /// Keys stay where they are and numbers as they are: white space and escapes alone are respelled.
        case kept
    }

    let bytes: UnsafeRawBufferPointer
    package let index: JSONIndex
    /// Those of `index`, which holds them.
    private let nodes: UnsafeBufferPointer<JSONNode>

    /// - Parameter index: what was read from `bytes`.
    package init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        self.bytes = bytes
        self.index = index
        nodes = index.nodes
    }

    /// The value is spelled as `write` would spell it. Allocates nothing unless it meets a number with a point or an
    /// exponent, or keys beyond ASCII.
    package func isCanonical(
        _ position: Int, _ order: KeyOrder = .sorted, rules: CanonicalRules = CanonicalRules()
    ) -> Bool {
        let node = node(position)
        switch node.kind {
        case .true, .false, .null: return true
        case .number: return order == .kept || CanonicalNumber.isCanonical(text(node))
        case .string: return isCanonical(string: node)
        case .array: return isCanonical(array: node, at: position, order, rules)
        case .object:
            let order = rules.order(of: position, in: order)
            return isCanonical(object: node, at: position, order, rules)
        }
    }

    /// Appends the value; false, and nothing appended, where it is not to be respelled.
    package func write(_ position: Int, _ order: KeyOrder = .sorted, into buffer: inout ByteBuffer) -> Bool {
        var isWritten = false
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: CanonicalWriter.room(for: position, in: index)) { room in
            var writer = CanonicalWriter(self, room: room)
            isWritten = writer.write(position, order)
            return isWritten ? writer.count : 0
        }
        return isWritten
    }

    // MARK: Nodes

    @inline(__always)
    func node(_ position: Int) -> JSONNode {
        position >= 0 && position < nodes.count ? nodes[position] : .absent
    }

    @inline(__always)
    func text(_ node: JSONNode) -> UnsafeRawBufferPointer {
        let (start, end) = (Int(node.start), Int(node.end))
        guard start < end, end <= bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    /// What stands between a string's quotes; empty for any other kind.
    @inline(__always)
    func content(_ node: JSONNode) -> UnsafeRawBufferPointer {
        let text = text(node)
        guard node.kind == .string, text.count >= 2 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: text[1..<(text.count &- 1)])
    }

    // MARK: Checks

    @inline(__always)
    private func isCanonical(string node: JSONNode) -> Bool {
        !node.hasEscapes || CanonicalString.isCanonical(content(node))
    }

    /// Where the next element begins without white space is known from where the last one ends.
    private func isCanonical(array node: JSONNode, at position: Int, _ order: KeyOrder, _ rules: CanonicalRules) -> Bool {
        if rules.elements(of: position) != nil { return false }
        let end = Int(node.next)
        var child = position &+ 1
        guard child < end else { return node.end == node.start &+ 2 }
        var expected = node.start &+ 1
        while child < end {
            let element = self.node(child)
            guard element.start == expected, isCanonical(child, order, rules: rules) else { return false }
            expected = element.end &+ 1
            child = max(child &+ 1, Int(element.next))
        }
        return node.end == expected
    }

    private func isCanonical(object node: JSONNode, at position: Int, _ order: KeyOrder, _ rules: CanonicalRules) -> Bool {
        let end = Int(node.next)
        var child = position &+ 1
        guard child < end else { return node.end == node.start &+ 2 }
        var expected = node.start &+ 1
        var previous: JSONNode?
        while child < end {
            let key = self.node(child)
            let value = self.node(child &+ 1)
            guard key.start == expected, value.start == key.end &+ 1 else { return false }
            if !rules.leavesOut(child) {
                guard isCanonical(string: key), isCanonical(child &+ 1, order, rules: rules) else { return false }
                if order == .sorted {
                    if let previous, compare(previous, key) >= 0 { return false }
                    previous = key
                }
            }
            expected = value.end &+ 1
            child = max(child &+ 2, Int(value.next))
        }
        return node.end == expected
    }

    /// The order of two keys: negative where the one comes first, zero where they mean the same.
    @inline(__always)
    func compare(_ one: JSONNode, _ other: JSONNode) -> Int {
        guard let base = bytes.baseAddress, !one.hasEscapes, !other.hasEscapes, Int(one.end) <= bytes.count,
            Int(other.end) <= bytes.count
        else { return compareMeanings(one, other) }
        var (left, right) = (Int(one.start) &+ 1, Int(other.start) &+ 1)
        let (leftEnd, rightEnd) = (Int(one.end) &- 1, Int(other.end) &- 1)
        while left < leftEnd, right < rightEnd {
            let first = base.load(fromByteOffset: left, as: UInt8.self)
            let second = base.load(fromByteOffset: right, as: UInt8.self)
            if first != second {
                // UTF-8 and UTF-16 differ in order only from U+E000 on, whose first byte is 0xEE.
                return first < 0xEE && second < 0xEE ? Int(first) &- Int(second) : compareMeanings(one, other)
            }
            left &+= 1
            right &+= 1
        }
        return (leftEnd &- left) &- (rightEnd &- right)
    }

    @inline(never)
    private func compareMeanings(_ one: JSONNode, _ other: JSONNode) -> Int {
        let (left, right) = (Self.meaning(content(one)).utf16, Self.meaning(content(other)).utf16)
        if left.elementsEqual(right) { return 0 }
        return left.lexicographicallyPrecedes(right) ? -1 : 1
    }

    private static func meaning(_ content: UnsafeRawBufferPointer) -> String {
        String(decoding: Array(JSONDecodedBytes(content)), as: UTF8.self)
    }
}
