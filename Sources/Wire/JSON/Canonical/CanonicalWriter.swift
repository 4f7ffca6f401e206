/// Writes canonical values one behind the other into memory that is there already.
///
/// What does not fit, and what is not to be respelled, ends in false; what was written until then is the caller's to forget.
package struct CanonicalWriter: ~Copyable {
    private let json: CanonicalJSON
    private let room: UnsafeMutableRawBufferPointer
    private let rules: CanonicalRules
    /// Bytes written.
    package private(set) var count = 0
    /// Where the closing braces of objects are that a member was left out of, in the order written.
    package private(set) var openEnds: [(object: Int, offset: Int)] = []

    package init(_ json: CanonicalJSON, rules: CanonicalRules = CanonicalRules(), room: UnsafeMutableRawBufferPointer) {
        self.json = json
        self.room = room
        self.rules = rules
    }

    /// Bytes that a value takes at most: numbers alone can grow.
    package static func room(for position: Int, in index: JSONIndex) -> Int {
        index.withNodes { nodes in
            guard position >= 0, position < nodes.count else { return 0 }
            let node = nodes[position]
            var room = node.span.count
            for child in position..<max(position, min(Int(node.next), nodes.count)) where nodes[child].kind == .number {
                room &+= CanonicalNumber.maximumCount
            }
            return room
        }
    }

    package mutating func write(_ position: Int, _ order: CanonicalJSON.KeyOrder) -> Bool {
        let node = json.node(position)
        switch node.kind {
        case .true, .false, .null: return append(node)
        case .number: return write(number: node, order)
        case .string: return write(string: node)
        case .array: return write(array: node, at: position, order)
        case .object: return write(object: node, at: position, rules.order(of: position, in: order))
        }
    }

    package mutating func byte(_ byte: UInt8) -> Bool {
        guard count < room.count else { return false }
        room[count] = byte
        count &+= 1
        return true
    }

    /// A value's bytes as they are.
    package mutating func copy(_ position: Int) -> Bool { append(json.text(json.node(position))) }

    /// Forgets what was written behind the first `count` bytes.
    package mutating func rewind(to count: Int) {
        self.count = max(0, min(count, self.count))
        openEnds.removeAll { $0.offset >= self.count }
    }

    @inline(__always)
    private mutating func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= room.count &- count else { return false }
        UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyMemory(from: bytes)
        count &+= bytes.count
        return true
    }

    /// A value's bytes as they are. Most are short: sixteen bytes are copied at once where there are so many on both sides.
    @inline(__always)
    private mutating func append(_ node: JSONNode) -> Bool {
        let (start, end) = (Int(node.start), Int(node.end))
        guard end &- start <= 16, start &+ 16 <= json.bytes.count, count &+ 16 <= room.count, start < end,
            let from = json.bytes.baseAddress, let to = room.baseAddress
        else { return append(json.text(node)) }
        let block = from.loadUnaligned(fromByteOffset: start, as: SIMD16<UInt8>.self)
        to.storeBytes(of: block, toByteOffset: count, as: SIMD16<UInt8>.self)
        count &+= end &- start
        return true
    }

    private mutating func write(array node: JSONNode, at position: Int, _ order: CanonicalJSON.KeyOrder) -> Bool {
        guard byte(JSONByte.openBracket) else { return false }
        if let elements = rules.elements(of: position) {
            for (place, element) in elements.enumerated() {
                if place > 0, !byte(JSONByte.comma) { return false }
                guard write(element, order) else { return false }
            }
            return byte(JSONByte.closeBracket)
        }
        var child = position &+ 1
        while child < Int(node.next) {
            if child > position &+ 1, !byte(JSONByte.comma) { return false }
            guard write(child, order) else { return false }
            child = max(child &+ 1, Int(json.node(child).next))
        }
        return byte(JSONByte.closeBracket)
    }

    private mutating func write(object node: JSONNode, at position: Int, _ order: CanonicalJSON.KeyOrder) -> Bool {
        var members = 0
        var child = position &+ 1
        while child < Int(node.next) {
            members &+= 1
            child = max(child &+ 2, Int(json.node(child &+ 1).next))
        }
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: members) { keys in
            var kept = 0
            var child = position &+ 1
            while kept < keys.count, child < Int(node.next) {
                if !rules.leavesOut(child) {
                    guard order == .kept || members > Self.fewMembers || insert(child, into: keys, count: kept) else {
                        return false
                    }
                    if order == .kept || members > Self.fewMembers { keys[kept] = child }
                    kept &+= 1
                }
                child = max(child &+ 2, Int(json.node(child &+ 1).next))
            }
            let keys = UnsafeMutableBufferPointer(rebasing: keys[..<kept])
            if order == .sorted, members > Self.fewMembers, !sort(keys) { return false }
            guard write(members: keys, order) else { return false }
            if kept < members { openEnds.append((position, count)) }
            return byte(JSONByte.closeBrace)
        }
    }

    /// The opening brace and the members.
    private mutating func write(members keys: UnsafeMutableBufferPointer<Int>, _ order: CanonicalJSON.KeyOrder) -> Bool {
        guard byte(JSONByte.openBrace) else { return false }
        var place = 0
        while place < keys.count {
            if place > 0, !byte(JSONByte.comma) { return false }
            let key = keys[place]
            guard write(string: json.node(key)), byte(JSONByte.colon), write(key &+ 1, order) else { return false }
            place &+= 1
        }
        return true
    }

    // MARK: Keys

    /// Up to here keys are put in their places one by one.
    private static var fewMembers: Int { 16 }

    /// Puts a key among `count` that are in order; false where one of them means the same.
    @inline(__always)
    private func insert(_ key: Int, into keys: UnsafeMutableBufferPointer<Int>, count: Int) -> Bool {
        let node = json.node(key)
        var place = count
        while place > 0 {
            let order = json.compare(node, json.node(keys[place &- 1]))
            if order == 0 { return false }
            if order > 0 { break }
            keys[place] = keys[place &- 1]
            place &-= 1
        }
        keys[place] = key
        return true
    }

    /// Puts keys in order; false where two mean the same.
    private func sort(_ keys: UnsafeMutableBufferPointer<Int>) -> Bool {
        var keys = keys
        keys.sort { json.compare(json.node($0), json.node($1)) < 0 }
        var place = 1
        while place < keys.count {
            guard json.compare(json.node(keys[place &- 1]), json.node(keys[place])) < 0 else { return false }
            place &+= 1
        }
        return true
    }

    private mutating func write(number node: JSONNode, _ order: CanonicalJSON.KeyOrder) -> Bool {
        let text = json.text(node)
        if order == .kept || CanonicalNumber.isWhole(text) { return append(text) }
        return CanonicalNumber.spelling(of: text).withUnsafeBytes { append($0) }
    }

    @inline(__always)
    private mutating func write(string node: JSONNode) -> Bool {
        node.hasEscapes ? write(escaped: node) : append(node)
    }

    private mutating func write(escaped node: JSONNode) -> Bool {
        guard byte(JSONByte.quote) else { return false }
        let free = UnsafeMutableRawBufferPointer(rebasing: room[count...])
        guard let written = CanonicalString.write(json.content(node), into: free) else { return false }
        count &+= written
        return byte(JSONByte.quote)
    }
}
