package import NIOCore

extension JSONIndex {
    /// A string's meaning, escapes decoded, lone surrogates as U+FFFD; nil for any other kind.
    package func string(_ index: Int, in bytes: UnsafeRawBufferPointer) -> String? {
        let node = self[index]
        guard let content = content(node, in: bytes) else { return nil }
        guard node.hasEscapes else { return String(decoding: content, as: UTF8.self) }
        return String(decoding: decoded(content), as: UTF8.self)
    }

    /// Appends a string's meaning as UTF-8 to `buffer` and returns how many bytes that was; nil, and nothing
    /// appended, for any other kind.
    @discardableResult
    package func appendString(_ index: Int, in bytes: UnsafeRawBufferPointer, to buffer: inout ByteBuffer) -> Int? {
        let node = self[index]
        guard let content = content(node, in: bytes) else { return nil }
        return node.hasEscapes ? buffer.writeBytes(decoded(content)) : buffer.writeBytes(content)
    }

    /// What stands between a string's quotes, with the escapes that JSON needs and no other, each in its one spelling: where its
    /// `escaping` is not `other`, it stands so already. Where half a surrogate pair stands in it, as it is written; empty for any
    /// other kind.
    package func respelledContent(_ index: Int, in bytes: UnsafeRawBufferPointer) -> ByteBuffer {
        guard let content = content(self[index], in: bytes) else { return ByteBuffer() }
        var text = ByteBuffer()
        text.writeWithUnsafeMutableBytes(minimumWritableBytes: content.count) { room in
            CanonicalString.write(content, into: room) ?? 0
        }
        return text.readableBytes > 0 ? text : ByteBuffer(bytes: content)
    }

    /// Whether the value is a string that means `expected`.
    package func stringEquals(_ index: Int, _ expected: StaticString, in bytes: UnsafeRawBufferPointer) -> Bool {
        matches(self[index], expected, in: bytes)
    }

    /// Whether the value is a string that means `expected`.
    package func stringEquals(_ index: Int, _ expected: String, in bytes: UnsafeRawBufferPointer) -> Bool {
        let node = self[index]
        guard let content = content(node, in: bytes) else { return false }
        guard node.hasEscapes else { return content.elementsEqual(expected.utf8) }
        return JSONDecodedBytes(content).elementsEqual(expected.utf8)
    }

    /// The value of the first member of `object` whose key means `name`; nil without one and for any other kind.
    package func member(_ name: StaticString, of object: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        let container = self[object]
        guard container.kind == .object else { return nil }
        // A key that is as long as the name may be it, or one with escapes: the others are passed over unread.
        let quotedCount = UInt32(truncatingIfNeeded: name.utf8CodeUnitCount &+ 2)
        return withNodes { nodes in
            let end = min(Int(container.next), nodes.count)
            var key = object &+ 1
            while key &+ 1 < end {
                let node = nodes[key]
                if node.end &- node.start == quotedCount || node.hasEscapes, matches(node, name, in: bytes) {
                    return key &+ 1
                }
                key = max(key &+ 2, Int(nodes[key &+ 1].next))
            }
            return nil
        }
    }

    /// `true` or `false`; nil for any other kind.
    package func bool(_ index: Int) -> Bool? {
        switch kind(of: index) {
        case .true: true
        case .false: false
        case .object, .array, .string, .number, .null: nil
        }
    }

    /// A number that is an integer of 64 bits, however it is spelled (`1e3` and `12.0` are); nil for any other number,
    /// and for any other kind.
    package func int64(_ index: Int, in bytes: UnsafeRawBufferPointer) -> Int64? {
        let node = self[index]
        guard node.kind == .number else { return nil }
        return JSONInteger.value(of: text(node, in: bytes))
    }

    /// A number as the nearest double; nil where that would be infinite, and for any other kind.
    package func double(_ index: Int, in bytes: UnsafeRawBufferPointer) -> Double? {
        let node = self[index]
        guard node.kind == .number, let value = Double(String(decoding: text(node, in: bytes), as: UTF8.self)),
            value.isFinite
        else { return nil }
        return value
    }

    /// A number's text in the one spelling for its value; empty for any other kind.
    package func respelledNumber(_ index: Int, in bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let node = self[index]
        return node.kind == .number ? CanonicalNumber.spelling(of: text(node, in: bytes)) : []
    }

    /// Whether the node is a string that means `expected`: bytes against bytes where nothing is escaped.
    func matches(_ node: JSONNode, _ expected: StaticString, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard let content = content(node, in: bytes) else { return false }
        return expected.withUTF8Buffer { expected in
            guard node.hasEscapes else { return content.elementsEqual(expected) }
            return JSONDecodedBytes(content).elementsEqual(expected)
        }
    }

    private func decoded(_ content: UnsafeRawBufferPointer) -> [UInt8] {
        var decoder = JSONDecodedBytes(content)
        var result: [UInt8] = []
        result.reserveCapacity(content.count)
        result.append(contentsOf: decoder.nextRun())
        while let byte = decoder.next() {
            result.append(byte)
            result.append(contentsOf: decoder.nextRun())
        }
        return result
    }
}
