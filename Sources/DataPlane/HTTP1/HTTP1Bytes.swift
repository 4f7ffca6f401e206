import Glibc

/// Questions about bytes that both sides of the codec ask.
enum HTTP1Bytes {
    /// Digits, letters and ``!#$%&'*+-.^_`|~`` (RFC 9110, section 5.6.2), a bit for each byte under 0x40, and from there
    /// to 0x7F.
    private static let tokens: (low: UInt64, high: UInt64) = (0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE)

    static func isToken(_ byte: UInt8) -> Bool {
        // Nearly all bytes of a name are letters.
        if (byte | 0x20) &- UInt8(ascii: "a") < 26 { return true }
        let half = byte < 0x40 ? tokens.low : tokens.high
        return byte < 0x80 && (half &>> UInt64(byte)) & 1 == 1
    }

    static func isToken(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        endOfToken(bytes, range) == range.upperBound && !range.isEmpty
    }

    /// Where the token at the range's start ends.
    static func endOfToken(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
        var at = range.lowerBound
        while at < range.upperBound, isToken(bytes[at]) { at += 1 }
        return at
    }

    /// Where the field value at the range's start ends: visible ASCII, spaces, tabs and bytes from 0x80 on
    /// (RFC 9110, section 5.5).
    static func endOfFieldValue(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
        var at = range.lowerBound
        while range.upperBound - at >= 8 {
            let controls = controls(in: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            at += controls.trailingZeroBitCount / 8
            guard controls != 0 else { continue }
            guard bytes[at] == 0x09 else { return at }
            at += 1
        }
        while at < range.upperBound, bytes[at] < 0x20 ? bytes[at] == 0x09 : bytes[at] != 0x7F { at += 1 }
        return at
    }

    /// The lowest bit set is in the first of 8 bytes that is under 0x20 or 0x7F; 0: there is none.
    private static func controls(in word: UInt64) -> UInt64 {
        let word = UInt64(littleEndian: word)
        let under = word &- 0x2020_2020_2020_2020
        let delete = (word ^ 0x7F7F_7F7F_7F7F_7F7F) &- 0x0101_0101_0101_0101
        return (under | delete) & ~word & 0x8080_8080_8080_8080
    }

    static func firstLineFeed(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, 0x0A, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// The first line of a head, without its CRLF.
    static func firstLine(_ head: UnsafeRawBufferPointer) -> Range<Int> {
        0..<max(0, (firstLineFeed(head, from: 0) ?? 0) - 1)
    }

    /// Where a line's text ends: a CR at its end is, or may turn out to be, half of the line end.
    static func endOfText(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) -> Int {
        !line.isEmpty && bytes[line.upperBound - 1] == 0x0D ? line.upperBound - 1 : line.upperBound
    }

    /// The range less spaces and tabs at both ends.
    static func trimmed(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return start..<end
    }

    /// Compares without regard to the case of ASCII letters.
    ///
    /// The bytes have no control characters, which could pass for `-` and digits: a checked name or value.
    /// - Parameter expected: of letters, digits and `-_/`.
    static func equals(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ expected: StaticString) -> Bool {
        guard range.count == expected.utf8CodeUnitCount, let base = bytes.baseAddress else { return false }
        let text = base + range.lowerBound
        let other = UnsafeRawPointer(expected.utf8Start)
        var at = 0
        while at < range.count {
            if range.count >= 8 {
                // The last word overlaps the one before it.
                at = min(at, range.count - 8)
                let words = (
                    text.loadUnaligned(fromByteOffset: at, as: UInt64.self),
                    other.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                )
                if (words.0 ^ words.1) & ~0x2020_2020_2020_2020 != 0 { return false }
                at += 8
            } else {
                let bytes = (
                    text.load(fromByteOffset: at, as: UInt8.self), other.load(fromByteOffset: at, as: UInt8.self)
                )
                if (bytes.0 ^ bytes.1) & ~0x20 != 0 { return false }
                at += 1
            }
        }
        return true
    }

    /// Compares byte for byte.
    static func isExactly(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ expected: StaticString) -> Bool {
        guard range.count == expected.utf8CodeUnitCount, let base = bytes.baseAddress else { return false }
        return memcmp(base + range.lowerBound, expected.utf8Start, range.count) == 0
    }

    /// A decimal number of 1 to 18 digits; nil for anything else, a sign and an empty text included.
    static func decimal(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count <= 18 else { return nil }
        var value = 0
        for at in range {
            let digit = bytes[at] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }

    /// True where a comma-separated list has the token, in lower case.
    static func list(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, has token: StaticString) -> Bool {
        var start = range.lowerBound
        while start <= range.upperBound {
            var end = start
            while end < range.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
            if equals(bytes, trimmed(bytes, start..<end), token) { return true }
            start = end + 1
        }
        return false
    }
}
