/// A second opinion on what JSON is: slow, recursive, written from RFC 8259's grammar, sharing nothing with the code it judges.
struct ReferenceJSON {
    private let bytes: [UInt8]
    private var at = 0
    private var depth = 0
    private let maximumDepth: Int

    /// Whether `bytes` is one JSON text nested at most `maximumDepth` deep.
    static func accepts(_ bytes: [UInt8], maximumDepth: Int = 128) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var reader = ReferenceJSON(bytes: bytes, maximumDepth: maximumDepth)
        reader.space()
        guard reader.value() else { return false }
        reader.space()
        return reader.at == bytes.count
    }

    private init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func take(_ text: StaticString) -> Bool {
        let expected = Array("\(text)".utf8)
        guard bytes[at...].starts(with: expected) else { return false }
        at += expected.count
        return true
    }

    private mutating func space() {
        while let byte, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { at += 1 }
    }

    private mutating func value() -> Bool {
        switch byte {
        case UInt8(ascii: "{"): nested { $0.object() }
        case UInt8(ascii: "["): nested { $0.array() }
        case UInt8(ascii: "\""): string()
        case UInt8(ascii: "t"): take("true")
        case UInt8(ascii: "f"): take("false")
        case UInt8(ascii: "n"): take("null")
        default: number()
        }
    }

    private mutating func nested(_ body: (inout ReferenceJSON) -> Bool) -> Bool {
        depth += 1
        defer { depth -= 1 }
        return depth <= maximumDepth && body(&self)
    }

    private mutating func object() -> Bool {
        at += 1
        space()
        if take("}") { return true }
        while true {
            space()
            guard string() else { return false }
            space()
            guard take(":") else { return false }
            space()
            guard value() else { return false }
            space()
            if take("}") { return true }
            guard take(",") else { return false }
        }
    }

    private mutating func array() -> Bool {
        at += 1
        space()
        if take("]") { return true }
        while true {
            space()
            guard value() else { return false }
            space()
            if take("]") { return true }
            guard take(",") else { return false }
        }
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let next = byte {
            at += 1
            switch next {
            case UInt8(ascii: "\""): return true
            case 0..<0x20: return false
            case UInt8(ascii: "\\"): if !escape() { return false }
            default: break
            }
        }
        return false
    }

    private mutating func escape() -> Bool {
        guard let kind = byte else { return false }
        at += 1
        guard kind == UInt8(ascii: "u") else { return "\"\\/bfnrt".utf8.contains(kind) }
        for _ in 0..<4 {
            guard let digit = byte, Character(Unicode.Scalar(digit)).isHexDigit else { return false }
            at += 1
        }
        return true
    }

    private mutating func digits() -> Bool {
        let start = at
        while let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        return at > start
    }

    private mutating func number() -> Bool {
        _ = take("-")
        guard take("0") || digits() else { return false }
        if take("."), !digits() { return false }
        guard take("e") || take("E") else { return true }
        _ = take("+") || take("-")
        return digits()
    }
}
