/// One pass over a text that leaves its nodes behind. Containers still open are chained through their `next`, so that
/// depth costs neither a stack nor recursion.
struct JSONReader {
    private let base: UnsafeRawPointer
    private let count: Int
    private let storage: JSONNodeStorage
    private let maximumDepth: Int
    private let maximumNodes: Int
    private var nodes: UnsafeMutablePointer<JSONNode>
    /// Nodes that fit before the storage must grow or the limit is met.
    private var room: Int
    private var filled = 0
    private var position = 0

    /// No container is open.
    private static let none = UInt32.max

    init(_ base: UnsafeRawPointer, count: Int, limits: JSONLimits, storage: JSONNodeStorage) {
        self.base = base
        self.count = count
        self.storage = storage
        maximumDepth = limits.maximumDepth
        maximumNodes = max(0, min(limits.maximumNodes, Int(UInt32.max) - 1))
        nodes = storage.nodes
        room = min(storage.capacity, maximumNodes)
    }

    /// Reads the whole text as one value and returns how many nodes it has.
    mutating func read() throws(JSONError) -> Int {
        var parent = Self.none
        var inObject = false
        var depth = 0
        value: while true {
            let byte = try nextToken()
            switch byte {
            case JSONByte.quote:
                try readString()
            case JSONByte.openBrace, JSONByte.openBracket:
                guard depth < maximumDepth else { throw .tooDeep(at: position) }
                depth &+= 1
                inObject = byte == JSONByte.openBrace
                let opened = UInt32(truncatingIfNeeded: filled)
                try append(inObject ? .object : .array, end: 0, next: parent)
                parent = opened
                position &+= 1
                // A closing bracket is its opening one plus two, in both pairs.
                if try nextToken() != byte &+ 2 {
                    if inObject { try readKey() }
                    continue value
                }
            case JSONByte.minus, JSONByte.zero...JSONByte.nine:
                try readNumber(first: byte)
            case UInt8(ascii: "t"): try readLiteral("true", .true)
            case UInt8(ascii: "f"): try readLiteral("false", .false)
            case UInt8(ascii: "n"): try readLiteral("null", .null)
            default: throw .invalid(at: position)
            }
            while parent != Self.none {
                let byte = try nextToken()
                if byte == JSONByte.comma {
                    position &+= 1
                    if inObject { try readKey() }
                    continue value
                }
                guard byte == (inObject ? JSONByte.closeBrace : JSONByte.closeBracket) else {
                    throw .invalid(at: position)
                }
                position &+= 1
                depth &-= 1
                parent = close(parent)
                inObject = parent != Self.none && nodes[Int(parent)].kind == .object
            }
            break value
        }
        skipWhitespace()
        guard position == count else { throw .invalid(at: position) }
        return filled
    }

    /// Ends the container and returns the one around it.
    @inline(__always)
    private func close(_ container: UInt32) -> UInt32 {
        let node = nodes + Int(container)
        let parent = node.pointee.next
        node.pointee.end = UInt32(truncatingIfNeeded: position)
        node.pointee.next = UInt32(truncatingIfNeeded: filled)
        return parent
    }

    @inline(__always)
    private mutating func append(
        _ kind: JSONKind, end: Int, next: UInt32? = nil, escaping: JSONEscaping = .none
    ) throws(JSONError) {
        if filled == room {
            guard filled < maximumNodes else { throw .tooManyNodes }
            storage.grow(keeping: filled)
            nodes = storage.nodes
            room = min(storage.capacity, maximumNodes)
        }
        let following = UInt32(truncatingIfNeeded: filled &+ 1)
        (nodes + filled).initialize(
            to: JSONNode(
                start: UInt32(truncatingIfNeeded: position), end: UInt32(truncatingIfNeeded: end),
                next: next ?? following, kind: kind, escaping: escaping))
        filled &+= 1
    }

    @inline(__always)
    private func byte(at offset: Int) -> UInt8 {
        base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// The first byte that is not white space, where `position` then is.
    @inline(__always)
    private mutating func nextToken() throws(JSONError) -> UInt8 {
        guard position < count else { throw .invalid(at: count) }
        let byte = byte(at: position)
        if byte > JSONByte.space { return byte }
        skipWhitespace()
        guard position < count else { throw .invalid(at: count) }
        return self.byte(at: position)
    }

    @inline(__always)
    private mutating func skipWhitespace() {
        while position < count {
            switch byte(at: position) {
            case 0x20, 0x0A, 0x0D, 0x09: position &+= 1
            default: return
            }
        }
    }

    /// A key and its colon.
    @inline(__always)
    private mutating func readKey() throws(JSONError) {
        guard try nextToken() == JSONByte.quote else { throw .invalid(at: position) }
        try readString()
        guard try nextToken() == JSONByte.colon else { throw .invalid(at: position) }
        position &+= 1
    }

    @inline(__always)
    private mutating func readString() throws(JSONError) {
        let start = position &+ 1
        // Most keys and many values end within one block.
        if start &+ ByteBlock.width <= count {
            let matches = ByteBlock.words(ByteBlock.stringSpecials(ByteBlock.load(base, start)))
            if !ByteBlock.isEmpty(matches) {
                let offset = start &+ ByteBlock.first(matches)
                if byte(at: offset) == JSONByte.quote {
                    try append(.string, end: offset &+ 1)
                    position = offset &+ 1
                    return
                }
            }
        }
        let result = JSONStringScan.scan(base, from: start, count: count)
        if let offset = result.errorOffset { throw .invalid(at: offset) }
        try append(.string, end: result.end, escaping: result.escaping)
        position = result.end
    }

    @inline(__always)
    private mutating func readLiteral(_ text: StaticString, _ kind: JSONKind) throws(JSONError) {
        let length = text.utf8CodeUnitCount
        for offset in 0..<length {
            guard position &+ offset < count else { throw .invalid(at: count) }
            guard byte(at: position &+ offset) == text.utf8Start[offset] else { throw .invalid(at: position &+ offset) }
        }
        try append(kind, end: position &+ length)
        position &+= length
    }

    @inline(__always)
    private mutating func readNumber(first: UInt8) throws(JSONError) {
        var offset = position
        if first == JSONByte.minus { offset &+= 1 }
        if offset < count, byte(at: offset) == JSONByte.zero {
            offset &+= 1
        } else {
            offset = try skipDigits(from: offset)
        }
        if offset < count, byte(at: offset) == UInt8(ascii: ".") {
            offset = try skipDigits(from: offset &+ 1)
        }
        if offset < count, byte(at: offset) | 0x20 == UInt8(ascii: "e") {
            offset &+= 1
            if offset < count, byte(at: offset) == UInt8(ascii: "+") || byte(at: offset) == JSONByte.minus {
                offset &+= 1
            }
            offset = try skipDigits(from: offset)
        }
        try append(.number, end: offset)
        position = offset
    }

    /// At least one digit, and all that follow.
    @inline(__always)
    private func skipDigits(from start: Int) throws(JSONError) -> Int {
        var offset = start
        while offset < count, byte(at: offset) &- JSONByte.zero <= 9 { offset &+= 1 }
        guard offset > start else { throw .invalid(at: min(start, count)) }
        return offset
    }
}
