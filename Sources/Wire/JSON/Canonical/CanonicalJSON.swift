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

    /// - Parameter index: what was read from `bytes`.
    package init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        self.bytes = bytes
        self.index = index
    }

    /// The value is spelled as `write` would spell it. Allocates nothing unless it meets a number with a point or an
    /// exponent, or keys beyond ASCII.
    package func isCanonical(_ position: Int, _ order: KeyOrder = .sorted) -> Bool {
        let node = index[position]
        switch node.kind {
        case .true, .false, .null: return true
        case .number: return order == .kept || CanonicalNumber.isCanonical(index.text(node, in: bytes))
        case .string: return isCanonical(string: node)
        case .array: return isCanonical(array: node, at: position, order)
        case .object: return isCanonical(object: node, at: position, order)
        }
    }

    /// No escape in it can be spelled shorter; false for what is no string.
    package func isCanonical(string node: JSONNode) -> Bool {
        guard node.hasEscapes else { return node.kind == .string }
        guard let content = index.content(node, in: bytes) else { return false }
        return CanonicalString.isCanonical(content)
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

    /// Where the next element begins without white space is known from where the last one ends.
    private func isCanonical(array node: JSONNode, at position: Int, _ order: KeyOrder) -> Bool {
        let end = Int(node.next)
        var child = position &+ 1
        guard child < end else { return node.end == node.start &+ 2 }
        var expected = node.start &+ 1
        while child < end {
            let element = index[child]
            guard element.start == expected, isCanonical(child, order) else { return false }
            expected = element.end &+ 1
            child = max(child &+ 1, Int(element.next))
        }
        return node.end == expected
    }

    private func isCanonical(object node: JSONNode, at position: Int, _ order: KeyOrder) -> Bool {
        let end = Int(node.next)
        var child = position &+ 1
        guard child < end else { return node.end == node.start &+ 2 }
        var expected = node.start &+ 1
        var previous: JSONNode?
        while child < end {
            let key = index[child]
            let value = index[child &+ 1]
            guard key.start == expected, value.start == key.end &+ 1, isCanonical(string: key),
                isCanonical(child &+ 1, order)
            else { return false }
            if order == .sorted {
                if let previous, !precedes(previous, key) { return false }
                previous = key
            }
            expected = value.end &+ 1
            child = max(child &+ 2, Int(value.next))
        }
        return node.end == expected
    }

    /// One key comes before another that is not the same.
    package func precedes(_ one: JSONNode, _ other: JSONNode) -> Bool {
        guard let left = index.content(one, in: bytes), let right = index.content(other, in: bytes) else { return false }
        if !one.hasEscapes, !other.hasEscapes {
            var place = 0
            let shorter = min(left.count, right.count)
            while place < shorter, left[place] == right[place] { place &+= 1 }
            if place == shorter { return left.count < right.count }
            // UTF-8 and UTF-16 differ in order only from U+E000 on, whose first byte is 0xEE.
            if left[place] < 0xEE, right[place] < 0xEE { return left[place] < right[place] }
        }
        return String(decoding: JSONDecodedBytes(left), as: UTF8.self).utf16
            .lexicographicallyPrecedes(String(decoding: JSONDecodedBytes(right), as: UTF8.self).utf16)
    }
}

extension String {
    fileprivate init(decoding bytes: JSONDecodedBytes, as encoding: UTF8.Type) {
        self.init(decoding: Array(bytes), as: encoding)
    }
}
