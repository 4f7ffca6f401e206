/// Checks UTF-8 as the Unicode Standard's table 3-7 gives it: no overlong form, no surrogate, nothing above U+10FFFF.
enum UTF8Scan {
    /// The offset of the first ASCII byte from `start` on, or `count`; the complement of an offset that is not UTF-8.
    /// The byte at `start` is at least 0x80.
    @inline(never)
    static func skipMultibyte(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Int {
        var position = start
        while position < count {
            let lead = base.load(fromByteOffset: position, as: UInt8.self)
            guard lead >= 0x80 else { return position }
            if lead & 0xF0 == 0xE0 {
                while position &+ ByteBlock.width <= count, isFiveOfThree(ByteBlock.load(base, position)) {
                    position &+= 15
                }
                guard position < count, base.load(fromByteOffset: position, as: UInt8.self) == lead else { continue }
            }
            let length = scalarLength(base, at: position, count: count)
            guard length > 0 else { return ~position }
            position &+= length
        }
        return position
    }

    /// Five scalars of three bytes, none beginning with E0 or ED (whose second bytes are restricted): most of Chinese,
    /// Japanese and Korean text.
    @inline(__always)
    private static func isFiveOfThree(_ block: SIMD16<Int8>) -> Bool {
        // Lanes of three bytes as little-endian words: F0 C0 C0 keep the bits that E0 80 80 prescribe.
        let fixedBits = SIMD2<UInt64>(0xC0F0_C0C0_F0C0_C0F0, 0x00C0_C0F0_C0C0_F0C0)
        let expected = SIMD2<UInt64>(0x80E0_8080_E080_80E0, 0x0080_80E0_8080_E080)
        let restricted = ByteBlock.equal(block, 0xE0) .| ByteBlock.equal(block, 0xED)
        let difference = (unsafeBitCast(block, to: SIMD2<UInt64>.self) & fixedBits) ^ expected
        return ByteBlock.isEmpty(difference | ByteBlock.words(restricted))
    }

    /// Bytes of the scalar at `position`, 1 for ASCII; 0 when none is well-formed there.
    @inline(__always)
    static func scalarLength(_ base: UnsafeRawPointer, at position: Int, count: Int) -> Int {
        let lead = byte(base, position, count)
        let second = byte(base, position &+ 1, count)
        switch lead {
        case 0..<0x80: return 1
        case 0xC2...0xDF: return isContinuation(second) ? 2 : 0
        case 0xE0...0xEF:
            let lowest: UInt8 = lead == 0xE0 ? 0xA0 : 0x80
            let highest: UInt8 = lead == 0xED ? 0x9F : 0xBF
            guard second >= lowest, second <= highest, isContinuation(byte(base, position &+ 2, count)) else {
                return 0
            }
            return 3
        case 0xF0...0xF4:
            let lowest: UInt8 = lead == 0xF0 ? 0x90 : 0x80
            let highest: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
            guard second >= lowest, second <= highest, isContinuation(byte(base, position &+ 2, count)),
                isContinuation(byte(base, position &+ 3, count))
            else { return 0 }
            return 4
        default: return 0
        }
    }

    /// The byte at `offset`, or zero beyond the end: zero never continues a scalar.
    @inline(__always)
    private static func byte(_ base: UnsafeRawPointer, _ offset: Int, _ count: Int) -> UInt8 {
        offset < count ? base.load(fromByteOffset: offset, as: UInt8.self) : 0
    }

    @inline(__always)
    private static func isContinuation(_ byte: UInt8) -> Bool {
        byte & 0xC0 == 0x80
    }
}
