/// Writes canonical values one behind the other into memory that is there already.
///
/// What does not fit, and what is not to be respelled, ends in false; what was written until then is the caller's to forget.
package struct CanonicalWriter {
    private let json: CanonicalJSON
    private let room: UnsafeMutableRawBufferPointer
    /// Bytes written.
    package private(set) var count = 0

    package init(_ json: CanonicalJSON, room: UnsafeMutableRawBufferPointer) {
        self.json = json
        self.room = room
    }

    /// Bytes that a value takes at most: numbers alone can grow.
    package static func room(for position: Int, in index: JSONIndex) -> Int {
        let node = index[position]
        var room = node.span.count
        var child = position
        while child < Int(node.next) {
            if index[child].kind == .number { room &+= CanonicalNumber.maximumCount }
            child &+= 1
        }
        return room
    }

    package mutating func write(_ position: Int, _ order: CanonicalJSON.KeyOrder) -> Bool {
        let node = json.index[position]
        switch node.kind {
        case .true, .false, .null: return copy(node.span)
        case .number: return order == .kept ? copy(node.span) : write(number: node)
        case .string: return write(string: node)
        case .array: return write(array: node, at: position, order)
        case .object:
            return write(object: position, order) { writer, value in writer.write(value, order) }
        }
    }

    /// Writes an object whose values `body` writes: from the node of the value. Escapes of keys are normalised.
    ///
    /// - Parameter isLeftOut: from the node of the key.
    package mutating func write(
        object position: Int, _ order: CanonicalJSON.KeyOrder, except isLeftOut: (_ key: Int) -> Bool = { _ in false },
        _ body: (inout CanonicalWriter, _ value: Int) -> Bool
    ) -> Bool {
        let index = json.index
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: max(1, index.childCount(of: position))) { keys in
            var kept = 0
            for (key, _) in index.members(of: position) where !isLeftOut(key) {
                keys[kept] = key
                kept &+= 1
            }
            var keys = UnsafeMutableBufferPointer(rebasing: keys[..<kept])
            if order == .sorted, !sort(&keys) { return false }
            guard byte(JSONByte.openBrace) else { return false }
            for (place, key) in keys.enumerated() {
                if place > 0, !byte(JSONByte.comma) { return false }
                guard write(string: index[key]), byte(JSONByte.colon), body(&self, key &+ 1) else { return false }
            }
            return byte(JSONByte.closeBrace)
        }
    }

    package mutating func byte(_ byte: UInt8) -> Bool {
        guard count < room.count else { return false }
        room[count] = byte
        count &+= 1
        return true
    }

    /// Bytes of the text as they are.
    package mutating func copy(_ span: Range<Int>) -> Bool {
        guard span.upperBound <= json.bytes.count else { return false }
        return append(UnsafeRawBufferPointer(rebasing: json.bytes[span]))
    }

    /// Forgets what was written behind the first `count` bytes.
    package mutating func rewind(to count: Int) {
        self.count = max(0, min(count, self.count))
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= room.count &- count else { return false }
        UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyMemory(from: bytes)
        count &+= bytes.count
        return true
    }

    private mutating func write(array node: JSONNode, at position: Int, _ order: CanonicalJSON.KeyOrder) -> Bool {
        guard byte(JSONByte.openBracket) else { return false }
        var isFirst = true
        for element in json.index.elements(of: position) {
            if !isFirst, !byte(JSONByte.comma) { return false }
            isFirst = false
            guard write(element, order) else { return false }
        }
        return byte(JSONByte.closeBracket)
    }

    private mutating func write(number node: JSONNode) -> Bool {
        let text = json.index.text(node, in: json.bytes)
        if CanonicalNumber.isWhole(text) { return append(text) }
        return CanonicalNumber.spelling(of: text).withUnsafeBytes { append($0) }
    }

    private mutating func write(string node: JSONNode) -> Bool {
        guard node.hasEscapes else { return copy(node.span) }
        guard let content = json.index.content(node, in: json.bytes), byte(JSONByte.quote) else { return false }
        let free = UnsafeMutableRawBufferPointer(rebasing: room[count...])
        guard let written = CanonicalString.write(content, into: free) else { return false }
        count &+= written
        return byte(JSONByte.quote)
    }

    /// Puts keys in order; false where two mean the same.
    private func sort(_ keys: inout UnsafeMutableBufferPointer<Int>) -> Bool {
        let index = json.index
        if keys.count <= 16 {
            var sorted = 1
            while sorted < keys.count {
                let key = keys[sorted]
                var place = sorted
                while place > 0, json.precedes(index[key], index[keys[place &- 1]]) {
                    keys[place] = keys[place &- 1]
                    place &-= 1
                }
                keys[place] = key
                sorted &+= 1
            }
        } else {
            keys.sort { json.precedes(index[$0], index[$1]) }
        }
        var place = 1
        while place < keys.count {
            guard json.precedes(index[keys[place &- 1]], index[keys[place]]) else { return false }
            place &+= 1
        }
        return true
    }
}
