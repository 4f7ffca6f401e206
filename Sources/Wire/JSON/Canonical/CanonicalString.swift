/// What stands between a string's quotes, with the escapes that JSON needs and no other.
enum CanonicalString {
    /// Nothing in `content` can be spelled otherwise by `write`.
    static func isCanonical(_ content: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        while position < content.count {
            guard content[position] == JSONByte.backslash else {
                position &+= 1
                continue
            }
            guard let count = minimalEscape(in: content, at: position) else { return false }
            position &+= count
        }
        return true
    }

    /// Bytes of the escape at `position`, if its character cannot be spelled shorter.
    static func minimalEscape(in content: UnsafeRawBufferPointer, at position: Int) -> Int? {
        guard position &+ 1 < content.count else { return nil }
        switch content[position &+ 1] {
        case JSONByte.quote, JSONByte.backslash, UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"): return isControl(content, at: position &+ 2) ? 6 : nil
        default: return nil
        }
    }

    /// Four digits, in lower case, of a control character that has no letter of its own.
    static func isControl(_ content: UnsafeRawBufferPointer, at position: Int) -> Bool {
        guard position &+ 4 <= content.count, content[position] == JSONByte.zero, content[position &+ 1] == JSONByte.zero,
            content[position &+ 2] == JSONByte.zero || content[position &+ 2] == JSONByte.zero &+ 1
        else { return false }
        let digit = content[position &+ 3]
        let isLowerCase = digit < UInt8(ascii: "A") || digit >= UInt8(ascii: "a")
        guard isLowerCase, let low = JSONByte.hexValue(digit) else { return false }
        let value = UInt8(truncatingIfNeeded: low) | (content[position &+ 2] &- JSONByte.zero) &<< 4
        return shortEscape(of: value) == nil
    }

    /// Writes `content`, which is never longer afterwards, and returns how many bytes that took; nil where half a surrogate
    /// pair stands in it, or `room` is too small.
    static func write(_ content: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int? {
        convert(content, into: room) { scalar, room in
            if scalar == UInt32(JSONByte.quote) || scalar == UInt32(JSONByte.backslash) {
                return put([JSONByte.backslash, UInt8(truncatingIfNeeded: scalar)], into: room)
            }
            guard scalar < 0x20 else { return put(UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}"), into: room) }
            let value = UInt8(truncatingIfNeeded: scalar)
            if let letter = shortEscape(of: value) { return put([JSONByte.backslash, letter], into: room) }
            let digits = Array("0123456789abcdef".utf8)
            return put(
                Array("\\u00".utf8) + [digits[Int(value &>> 4)], digits[Int(value & 0xF)]], into: room)
        }
    }

    /// Writes what `content` means, which is never longer, and returns how many bytes that took; nil as with `write`.
    static func decode(_ content: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int? {
        convert(content, into: room) { scalar, room in
            if scalar < 0x80 {
                guard !room.isEmpty else { return nil }
                room[0] = UInt8(truncatingIfNeeded: scalar)
                return 1
            }
            return put(UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}"), into: room)
        }
    }

    /// Copies what is not escaped, and hands each escaped scalar to `body`, which says how many bytes it wrote.
    @inline(__always)
    private static func convert(
        _ content: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer,
        _ body: (UInt32, UnsafeMutableRawBufferPointer) -> Int?
    ) -> Int? {
        var written = 0
        var position = 0
        while position < content.count {
            let byte = content[position]
            if byte != JSONByte.backslash {
                guard written < room.count else { return nil }
                room[written] = byte
                written &+= 1
                position &+= 1
                continue
            }
            guard let (scalar, count) = scalar(in: content, at: position),
                let added = body(scalar, UnsafeMutableRawBufferPointer(rebasing: room[written...]))
            else { return nil }
            written &+= added
            position &+= count
        }
        return written
    }

    /// What an escape means and how many bytes it has; nil for half a pair.
    private static func scalar(in content: UnsafeRawBufferPointer, at position: Int) -> (UInt32, Int)? {
        guard position &+ 1 < content.count else { return nil }
        switch content[position &+ 1] {
        case UInt8(ascii: "b"): return (0x08, 2)
        case UInt8(ascii: "t"): return (0x09, 2)
        case UInt8(ascii: "n"): return (0x0A, 2)
        case UInt8(ascii: "f"): return (0x0C, 2)
        case UInt8(ascii: "r"): return (0x0D, 2)
        case UInt8(ascii: "u"):
            guard let unit = unit(in: content, at: position) else { return nil }
            guard UTF16.isSurrogate(unit) else { return (UInt32(unit), 6) }
            guard UTF16.isLeadSurrogate(unit), let second = self.unit(in: content, at: position &+ 6),
                UTF16.isTrailSurrogate(second)
            else { return nil }
            return (UTF16.decode(UTF16.EncodedScalar([unit, second])).value, 12)
        case let byte: return (UInt32(byte), 2)
        }
    }

    private static func unit(in content: UnsafeRawBufferPointer, at position: Int) -> UInt16? {
        guard position &+ 6 <= content.count, content[position] == JSONByte.backslash,
            content[position &+ 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for place in (position &+ 2)..<(position &+ 6) {
            guard let digit = JSONByte.hexValue(content[place]) else { return nil }
            unit = unit &<< 4 | digit
        }
        return unit
    }

    private static func shortEscape(of control: UInt8) -> UInt8? {
        switch control {
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        default: nil
        }
    }

    private static func put(_ bytes: some Collection<UInt8>, into room: UnsafeMutableRawBufferPointer) -> Int? {
        guard bytes.count <= room.count else { return nil }
        for (place, byte) in bytes.enumerated() { room[place] = byte }
        return bytes.count
    }

    private static func put(
        _ scalar: UTF8.EncodedScalar?, into room: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard let scalar else { return nil }
        return put(Array(scalar), into: room)
    }
}
