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
            scalar < 0x80 ? write(ascii: UInt8(truncatingIfNeeded: scalar), into: room) : encode(scalar, into: room)
        }
    }

    private static func write(ascii byte: UInt8, into room: UnsafeMutableRawBufferPointer) -> Int? {
        if byte >= 0x20, byte != JSONByte.quote, byte != JSONByte.backslash { return encode(UInt32(byte), into: room) }
        guard room.count >= 2 else { return nil }
        room[0] = JSONByte.backslash
        if byte >= 0x20 {
            room[1] = byte
            return 2
        }
        if let letter = shortEscape(of: byte) {
            room[1] = letter
            return 2
        }
        guard room.count >= 6 else { return nil }
        room[1] = UInt8(ascii: "u")
        room[2] = JSONByte.zero
        room[3] = JSONByte.zero
        room[4] = JSONByte.zero &+ byte &>> 4
        let low = byte & 0xF
        room[5] = low < 10 ? JSONByte.zero &+ low : UInt8(ascii: "a") &+ low &- 10
        return 6
    }

    /// Writes what `content` means, which is never longer, and returns how many bytes that took; nil as with `write`.
    static func decode(_ content: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int? {
        convert(content, into: room, encode)
    }

    /// Writes a scalar, no half of a surrogate pair, as UTF-8; nil: there is too little room.
    @inline(__always)
    private static func encode(_ scalar: UInt32, into room: UnsafeMutableRawBufferPointer) -> Int? {
        func continuation(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | scalar &>> shift & 0x3F) }
        switch scalar {
        case ..<0x80:
            guard room.count >= 1 else { return nil }
            room[0] = UInt8(truncatingIfNeeded: scalar)
            return 1
        case ..<0x800:
            guard room.count >= 2 else { return nil }
            room[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar &>> 6)
            room[1] = continuation(0)
            return 2
        case ..<0x1_0000:
            guard room.count >= 3 else { return nil }
            room[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar &>> 12)
            room[1] = continuation(6)
            room[2] = continuation(0)
            return 3
        default:
            guard room.count >= 4 else { return nil }
            room[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar &>> 18)
            room[1] = continuation(12)
            room[2] = continuation(6)
            room[3] = continuation(0)
            return 4
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
            return (0x1_0000 &+ (UInt32(unit) & 0x3FF) &<< 10 &+ UInt32(second) & 0x3FF, 12)
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
}
