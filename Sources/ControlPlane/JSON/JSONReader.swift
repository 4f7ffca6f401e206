/// What is wrong with a text that is no JSON.
struct JSONFailure: Error, Equatable {
    var reason: String
    /// The byte it was seen at, from 0.
    var offset: Int
}

/// Reads a whole JSON text as RFC 8259 has it: valid UTF-8, no byte order mark, one value; stricter in that a name
/// stands once in an object, escapes make whole characters, and nesting is at most `maximumDepth`.
struct JSONReader {
    static let maximumDepth = 64

    private let bytes: [UInt8]
    private var position = 0

    static func read(_ bytes: [UInt8]) throws(JSONFailure) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONFailure(reason: "not valid UTF-8", offset: 0)
        }
        var reader = JSONReader(bytes: bytes)
        reader.skipSpace()
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.next == nil else { throw reader.failure("something stands behind the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ reason: String) -> JSONFailure { JSONFailure(reason: reason, offset: position) }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONFailure) -> JSONValue {
        guard depth < Self.maximumDepth else { throw failure("nested too deep") }
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw failure("the text ends too early")
        case .some(let byte) where byte == UInt8(ascii: "-") || Self.isDigit(byte): return .number(try number())
        default: throw failure("a value was expected")
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONFailure) -> JSONValue {
        for byte in "\(text)".utf8 where !take(byte) { throw failure("a value was expected") }
        return value
    }

    private mutating func object(depth: Int) throws(JSONFailure) -> JSONValue {
        position += 1
        var members: [JSONMember] = []
        var names: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([]) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a member's name was expected") }
            let name = try string()
            guard names.insert(name).inserted else { throw failure("the name '\(name)' stands twice") }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("':' was expected") }
            skipSpace()
            members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw failure("',' or '}' was expected") }
            return .object(members)
        }
    }

    private mutating func array(depth: Int) throws(JSONFailure) -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            skipSpace()
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw failure("',' or ']' was expected") }
            return .array(items)
        }
    }

    private mutating func number() throws(JSONFailure) -> String {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// One digit or more.
    private mutating func digits() throws(JSONFailure) {
        let start = position
        while let byte = next, Self.isDigit(byte) { position += 1 }
        guard position > start else { throw failure("a digit was expected") }
    }
}

extension JSONReader {
    private mutating func string() throws(JSONFailure) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                text.append(contentsOf: try escape().utf8)
            case 0..<0x20:
                throw failure("a control character stands in a string")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw failure("a string does not end")
    }

    private mutating func escape() throws(JSONFailure) -> String {
        guard let byte = next else { throw failure("a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try character()
        default: throw failure("an unknown escape")
        }
    }

    /// Behind `\u`: a character, of one or two groups of digits.
    private mutating func character() throws(JSONFailure) -> String {
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(first) { return String(scalar) }
        guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw failure("half a character")
        }
        let second = try fourDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) * 0x400 + (second - 0xDC00))
        else { throw failure("half a character") }
        return String(scalar)
    }

    private mutating func fourDigits() throws(JSONFailure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits were expected")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
