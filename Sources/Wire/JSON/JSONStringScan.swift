/// Finds the end of a JSON string and says whether its bytes may stand in one.
enum JSONStringScan {
    /// Where a string ended, or where it went wrong.
    struct Result {
        /// Offset after the closing quote; nil is written as a negative number, see `errorOffset`.
        var end: Int
        var escaping: JSONEscaping

        @inline(__always)
        var errorOffset: Int? { end < 0 ? ~end : nil }

        @inline(__always)
        static func failure(at offset: Int) -> Result { Result(end: ~offset, escaping: .none) }
    }

    /// Reads from `start`, the offset after the opening quote, never beyond `count`.
    @inline(never)
    static func scan(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Result {
        var position = start
        var escaping = JSONEscaping.none
        while true {
            position = skipPlain(base, from: position, count: count)
            guard position < count else { return .failure(at: count) }
            let byte = base.load(fromByteOffset: position, as: UInt8.self)
            if byte == JSONByte.quote { return Result(end: position &+ 1, escaping: escaping) }
            if byte == JSONByte.backslash {
                position = skipEscape(base, from: position, count: count, &escaping)
            } else if byte >= 0x80 {
                position = UTF8Scan.skipMultibyte(base, from: position, count: count)
            } else {
                return .failure(at: position)
            }
            if position < 0 { return .failure(at: ~position) }
        }
    }

    /// The offset of the first byte from `start` on that is not plain ASCII text, or `count`.
    @inline(__always)
    static func skipPlain(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Int {
        var position = start
        while position &+ ByteBlock.width <= count {
            let matches = ByteBlock.words(ByteBlock.stringSpecials(ByteBlock.load(base, position)))
            guard ByteBlock.isEmpty(matches) else { return position &+ ByteBlock.first(matches) }
            position &+= ByteBlock.width
            // Runs between escapes are short: four blocks at once would be looked at in vain.
            guard position &- start >= 4 &* ByteBlock.width else { continue }
            while position &+ 4 &* ByteBlock.width <= count {
                let first = ByteBlock.stringSpecials(ByteBlock.load(base, position))
                let second = ByteBlock.stringSpecials(ByteBlock.load(base, position &+ 16))
                let third = ByteBlock.stringSpecials(ByteBlock.load(base, position &+ 32))
                let fourth = ByteBlock.stringSpecials(ByteBlock.load(base, position &+ 48))
                guard ByteBlock.isEmpty(ByteBlock.words(first .| second .| third .| fourth)) else { break }
                position &+= 4 &* ByteBlock.width
            }
        }
        while position < count {
            let byte = base.load(fromByteOffset: position, as: UInt8.self)
            if byte == JSONByte.quote || byte == JSONByte.backslash || byte < 0x20 || byte >= 0x80 { break }
            position &+= 1
        }
        return position
    }

    /// Whether a line ends anywhere in `bytes`.
    static func containsLineEnd(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        var position = 0
        while position &+ ByteBlock.width <= bytes.count {
            let block = ByteBlock.load(base, position)
            let matches = ByteBlock.words(ByteBlock.equal(block, 0x0A) .| ByteBlock.equal(block, 0x0D))
            guard ByteBlock.isEmpty(matches) else { return true }
            position &+= ByteBlock.width
        }
        return bytes[position...].contains { $0 == 0x0A || $0 == 0x0D }
    }

    /// The offset after the escape at `start`, or the complement of the offset that is wrong.
    @inline(__always)
    private static func skipEscape(
        _ base: UnsafeRawPointer, from start: Int, count: Int, _ escaping: inout JSONEscaping
    ) -> Int {
        guard start &+ 1 < count else { return ~count }
        let byte = base.load(fromByteOffset: start &+ 1, as: UInt8.self)
        if isShortest(byte) {
            if escaping == .none { escaping = .shortest }
            return start &+ 2
        }
        escaping = .other
        if byte == UInt8(ascii: "/") { return start &+ 2 }
        guard byte == UInt8(ascii: "u") else { return ~(start &+ 1) }
        for offset in (start &+ 2)..<(start &+ 6) {
            guard offset < count else { return ~count }
            guard JSONByte.hexValue(base.load(fromByteOffset: offset, as: UInt8.self)) != nil else { return ~offset }
        }
        return start &+ 6
    }

    /// One of `"`, `\`, `b`, `f`, `n`, `r` and `t`, which have no shorter spelling.
    @inline(__always)
    private static func isShortest(_ byte: UInt8) -> Bool {
        guard byte < 0x80 else { return false }
        return (byte < 0x40 ? lowEscapes : highEscapes) &>> UInt64(byte & 0x3F) & 1 == 1
    }

    /// A bit for each byte below 0x40.
    private static let lowEscapes: UInt64 = 1 << 0x22
    /// A bit for each byte from 0x40 to 0x7F.
    private static let highEscapes: UInt64 = 1 << 0x1C | 1 << 0x22 | 1 << 0x26 | 1 << 0x2E | 1 << 0x32 | 1 << 0x34
}
