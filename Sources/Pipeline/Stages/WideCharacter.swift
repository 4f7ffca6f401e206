/// A character of three bytes of UTF-8, or an escape with a number (`\u3002`), as it stands in a JSON text.
struct WideCharacter {
    /// The code point; of a surrogate pair one half.
    let value: UInt32
    /// Bytes it takes up.
    let count: Int

    /// nil: another kind of character begins at `position`, or `end` lies within.
    @inline(__always)
    init?(_ bytes: UnsafeRawBufferPointer, at position: Int, before end: Int) {
        guard position >= 0, position < end, end <= bytes.count else { return nil }
        let first = bytes[position]
        if first & 0xF0 == 0xE0 {
            guard end &- position >= 3 else { return nil }
            value =
                UInt32(first & 0x0F) &<< 12 | UInt32(bytes[position &+ 1] & 0x3F) &<< 6 | UInt32(bytes[position &+ 2] & 0x3F)
            count = 3
        } else {
            guard first == UInt8(ascii: "\\"), end &- position >= 6, bytes[position &+ 1] == UInt8(ascii: "u") else {
                return nil
            }
            var value: UInt32 = 0
            for place in 2..<6 {
                let digit = bytes[position &+ place]
                value = value &<< 4 | UInt32(digit &- 0x30 < 10 ? digit &- 0x30 : (digit | 0x20) &- 87)
            }
            self.value = value
            count = 6
        }
    }

    /// Chinese or Japanese writing or its punctuation, or one of full width.
    var isEastAsian: Bool { value >= 0x3000 && value < 0xA000 || value >= 0xFF00 && value < 0xFFF0 }
}
