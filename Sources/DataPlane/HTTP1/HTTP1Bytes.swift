import Glibc

/// Questions about bytes that both sides of the codec ask.
enum HTTP1Bytes {
    /// Token bytes (RFC 9110, section 5.6.2).
    private static let tokens: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { table[Int(byte)] = true }
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") { table[Int(byte)] = true }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { table[Int(byte)] = true }
        for byte in "!#$%&'*+-.^_`|~".utf8 { table[Int(byte)] = true }
        return table
    }()

    static func isToken(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return false }
        return tokens.withUnsafeBufferPointer { table in
            for at in range where !table[Int(bytes[at])] { return false }
            return true
        }
    }

    /// Visible ASCII, space, tab and bytes from 0x80 on (RFC 9110, section 5.5).
    static func isFieldValue(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        for at in range {
            let byte = bytes[at]
            if byte < 0x20 ? byte != 0x09 : byte == 0x7F { return false }
        }
        return true
    }

    static func firstLineFeed(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, 0x0A, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// What lies from `start` on, less spaces and tabs at both ends.
    static func trimmed(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Range<Int> {
        trimmed(bytes, start..<bytes.count)
    }

    static func trimmed(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return start..<end
    }

    /// Compares without regard to the case of ASCII letters; `expected` is in lower case.
    static func equals(_ bytes: UnsafeRawBufferPointer, _ expected: StaticString) -> Bool {
        equals(bytes, 0..<bytes.count, expected)
    }

    static func equals(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ expected: StaticString) -> Bool {
        guard range.count == expected.utf8CodeUnitCount else { return false }
        let text = expected.utf8Start
        var at = 0
        while at < range.count {
            let byte = bytes[range.lowerBound + at]
            let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            if lower != text[at] { return false }
            at += 1
        }
        return true
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
