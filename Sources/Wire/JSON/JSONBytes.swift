/// The bytes JSON's grammar names.
enum JSONByte {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let minus = UInt8(ascii: "-")
    static let zero = UInt8(ascii: "0")
    static let nine = UInt8(ascii: "9")
    static let space = UInt8(ascii: " ")

    /// The value of a hexadecimal digit, either case; nil for anything else.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt16? {
        switch byte {
        case zero...nine: UInt16(byte &- zero)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }
}

/// Sixteen bytes at a time: which of them end a run.
enum ByteBlock {
    static let width = 16

    /// One result per byte, all ones where it matched, as two little-endian words: the first match is at
    /// the trailing zeros of the first word that is not zero.
    typealias Matches = SIMD2<UInt64>

    @inline(__always)
    static func load(_ base: UnsafeRawPointer, _ offset: Int) -> SIMD16<Int8> {
        base.loadUnaligned(fromByteOffset: offset, as: SIMD16<Int8>.self)
    }

    /// What a JSON string cannot hold as it is, or holds but must be looked at: quote, backslash, control, non-ASCII.
    /// Bytes are compared signed, so that one comparison finds controls and everything from 0x80 up.
    @inline(__always)
    static func stringSpecials(_ block: SIMD16<Int8>) -> SIMDMask<SIMD16<Int8>> {
        equal(block, JSONByte.quote) .| equal(block, JSONByte.backslash) .| below(block, 0x20)
    }

    /// Both sides are vectors of a spelled-out type: the comparisons of the generic protocol, which inference may
    /// prefer for a shorter expression, are loops over the lanes.
    @inline(__always)
    static func equal(_ block: SIMD16<Int8>, _ byte: UInt8) -> SIMDMask<SIMD16<Int8>> {
        let other: SIMD16<Int8> = SIMD16(repeating: Int8(bitPattern: byte))
        return block .== other
    }

    @inline(__always)
    private static func below(_ block: SIMD16<Int8>, _ bound: Int8) -> SIMDMask<SIMD16<Int8>> {
        let other: SIMD16<Int8> = SIMD16(repeating: bound)
        return block .< other
    }

    @inline(__always)
    static func words(_ mask: SIMDMask<SIMD16<Int8>>) -> Matches {
        unsafeBitCast(mask, to: Matches.self)
    }

    @inline(__always)
    static func isEmpty(_ matches: Matches) -> Bool {
        matches[0] | matches[1] == 0
    }

    /// Offset of the first match in the block; 16 when there is none.
    @inline(__always)
    static func first(_ matches: Matches) -> Int {
        let low = UInt64(littleEndian: matches[0])
        if low != 0 { return low.trailingZeroBitCount &>> 3 }
        return 8 &+ UInt64(littleEndian: matches[1]).trailingZeroBitCount &>> 3
    }
}
