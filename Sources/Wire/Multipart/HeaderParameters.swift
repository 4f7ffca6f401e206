/// Walks a header value of the shape `word; name=value; name="value"` (RFC 2045, 5.1), without copying.
struct HeaderParameters {
    enum Step {
        /// A value without its quotes, escapes as written. `isEscaped`: there is a backslash in it.
        case parameter(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, isEscaped: Bool)
        case end
        /// What stands there is no parameter, or parsers could end it in different places.
        case malformed
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The word before the first semicolon, space around it left out; nil where it is empty.
    mutating func head() -> UnsafeRawBufferPointer? {
        skipSpace()
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ";") { position &+= 1 }
        var end = position
        while end > start, Self.isSpace(bytes[end &- 1]) { end &-= 1 }
        return end > start ? UnsafeRawBufferPointer(rebasing: bytes[start..<end]) : nil
    }

    mutating func next() -> Step {
        skipSpace()
        guard position < bytes.count else { return .end }
        guard bytes[position] == UInt8(ascii: ";") else { return .malformed }
        position &+= 1
        skipSpace()
        // A semicolon at the end says nothing; some clients write one.
        guard position < bytes.count else { return .end }
        let name = token()
        guard !name.isEmpty, position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return .malformed }
        position &+= 1
        guard position < bytes.count, bytes[position] == JSONByte.quote else {
            let value = token()
            return value.isEmpty ? .malformed : .parameter(name: name, value: value, isEscaped: false)
        }
        return quoted(name)
    }

    /// A backslash before a quote is refused: it is an escaped quote to some parsers and a path's end to others.
    private mutating func quoted(_ name: UnsafeRawBufferPointer) -> Step {
        let start = position &+ 1
        position = start
        var isEscaped = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == JSONByte.quote {
                guard position == start || bytes[position &- 1] != JSONByte.backslash else { return .malformed }
                let value = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
                position &+= 1
                return .parameter(name: name, value: value, isEscaped: isEscaped)
            }
            if byte == JSONByte.backslash { isEscaped = true }
            position &+= 1
        }
        return .malformed
    }

    private mutating func token() -> UnsafeRawBufferPointer {
        let start = position
        while position < bytes.count, Self.isToken(bytes[position]) { position &+= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position &+= 1 }
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == JSONByte.space || byte == 0x09 }

    /// `token` of RFC 9110: what both RFC 2045 and HTTP allow unquoted.
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are those of `name`, ASCII letters of either case taken as the same.
    ///
    /// - Parameter name: in lower case.
    func equalsIgnoringCase(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { expected in
            zip(self, expected).allSatisfy { byte, expected in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 == expected : byte == expected
            }
        }
    }

    /// A name of UTF-8 or of ASCII, which is part of it.
    var isUTF8Name: Bool {
        equalsIgnoringCase("utf-8") || equalsIgnoringCase("utf8") || equalsIgnoringCase("us-ascii")
    }
}
