/// The meaning of a JSON string as UTF-8, byte for byte, from what stands between its quotes. Allocates nothing.
///
/// A surrogate escape without its partner, and an escape the grammar does not know, mean U+FFFD.
struct JSONDecodedBytes: Sequence, IteratorProtocol {
    private let content: UnsafeRawBufferPointer
    private var position = 0
    /// Bytes of a decoded scalar still to be handed out, the lowest byte first.
    private var pending: UInt32 = 0

    init(_ content: UnsafeRawBufferPointer) {
        self.content = content
    }

    mutating func next() -> UInt8? {
        if pending != 0 {
            defer { pending &>>= 8 }
            return UInt8(truncatingIfNeeded: pending)
        }
        guard position < content.count else { return nil }
        let byte = content[position]
        guard byte == JSONByte.backslash else {
            position &+= 1
            return byte
        }
        return begin(decodeEscape().value)
    }

    /// The first byte of a scalar; those that follow it wait. None of them is zero, so zero can say that none waits.
    private mutating func begin(_ scalar: UInt32) -> UInt8 {
        let last = 0x80 | scalar & 0x3F
        let beforeLast = 0x80 | scalar >> 6 & 0x3F
        switch scalar {
        case 0..<0x80:
            return UInt8(truncatingIfNeeded: scalar)
        case 0x80..<0x800:
            pending = last
            return UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
        case 0x800..<0x1_0000:
            pending = last << 8 | beforeLast
            return UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
        default:
            pending = last << 16 | beforeLast << 8 | 0x80 | scalar >> 12 & 0x3F
            return UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
        }
    }

    /// Bytes that need no decoding from where the sequence stands, at least one if any is left: they are taken.
    mutating func nextRun() -> UnsafeRawBufferPointer {
        guard pending == 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        var end = position
        while end < content.count, content[end] != JSONByte.backslash { end &+= 1 }
        defer { position = end }
        return UnsafeRawBufferPointer(rebasing: content[position..<end])
    }

    private mutating func decodeEscape() -> Unicode.Scalar {
        let kind = position &+ 1 < content.count ? content[position &+ 1] : 0
        guard kind == UInt8(ascii: "u") else {
            position &+= 2
            return Self.meaning(of: kind)
        }
        let first = codeUnit(at: position)
        position = Swift.min(position &+ 6, content.count)
        guard let first else { return Self.replacement }
        if UTF16.isLeadSurrogate(first), let second = codeUnit(at: position), UTF16.isTrailSurrogate(second) {
            position &+= 6
            return UTF16.decode(UTF16.EncodedScalar([first, second]))
        }
        return Unicode.Scalar(first) ?? Self.replacement
    }

    /// The code unit of an escape of six bytes that begins at `offset`.
    private func codeUnit(at offset: Int) -> UInt16? {
        guard content.count - offset >= 6, content[offset] == JSONByte.backslash,
            content[offset &+ 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for digit in content[(offset &+ 2)..<(offset &+ 6)] {
            guard let value = JSONByte.hexValue(digit) else { return nil }
            unit = unit &<< 4 | value
        }
        return unit
    }

    private static let replacement: Unicode.Scalar = "\u{FFFD}"

    private static func meaning(of kind: UInt8) -> Unicode.Scalar {
        switch kind {
        case JSONByte.quote, JSONByte.backslash, UInt8(ascii: "/"): Unicode.Scalar(kind)
        case UInt8(ascii: "b"): "\u{08}"
        case UInt8(ascii: "f"): "\u{0C}"
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "t"): "\t"
        default: replacement
        }
    }
}
