/// A fast 64-bit hash of bytes that is the same in every process, on every platform and in every version: its values are
/// kept and compared between instances.
///
/// Four lanes take sixteen bytes each and multiply them into their state with full width; the halves of the product are
/// folded together. It is not made to withstand somebody who chooses the bytes in order to collide: where that would gain
/// something, compare the bytes.
package enum StableHash {
    /// Odd words of no structure: the fractional parts of the square roots of the primes from 11 to 37, lowest bit set.
    private static let k0: UInt64 = 0x510E_527F_ADE6_82D1
    private static let k1: UInt64 = 0x9B05_688C_2B3E_6C1F
    private static let k2: UInt64 = 0x1F83_D9AB_FB41_BD6B
    private static let k3: UInt64 = 0x5BE0_CD19_137E_2179
    private static let k4: UInt64 = 0xCBBB_9D5D_C105_9ED9
    private static let k5: UInt64 = 0x629A_292A_367C_D507
    private static let k6: UInt64 = 0x9159_015A_3070_DD17
    private static let k7: UInt64 = 0x152F_ECD8_F70E_5939

    /// The hash of `bytes`; another `seed` gives an unrelated one.
    package static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        let count = bytes.count
        guard let base = bytes.baseAddress, count > 0 else { return finish(seed ^ k0, count: 0) }
        var state = seed ^ k0
        var position = 0
        if count >= 64 {
            (state, position) = lanes(base, count: count, seed: seed)
        }
        while count &- position > 16 {
            state = step(state, word(base, position), word(base, position &+ 8), k1)
            position &+= 16
        }
        let (low, high) = lastWords(base, count: count)
        state = step(state, low, high, k2)
        return finish(state, count: count)
    }

    /// One hash of two.
    package static func mix(_ one: UInt64, _ other: UInt64) -> UInt64 {
        finish(step(one ^ k0, other, one, k3), count: 8)
    }

    /// Whole blocks of 64 bytes, a lane for each quarter.
    @inline(__always)
    private static func lanes(_ base: UnsafeRawPointer, count: Int, seed: UInt64) -> (state: UInt64, position: Int) {
        var (s0, s1, s2, s3) = (seed ^ k0, seed ^ k1, seed ^ k2, seed ^ k3)
        var position = 0
        while count &- position >= 64 {
            s0 = step(s0, word(base, position), word(base, position &+ 8), k4)
            s1 = step(s1, word(base, position &+ 16), word(base, position &+ 24), k5)
            s2 = step(s2, word(base, position &+ 32), word(base, position &+ 40), k6)
            s3 = step(s3, word(base, position &+ 48), word(base, position &+ 56), k7)
            position &+= 64
        }
        let joined = fold(s0 ^ k4, s1 ^ k5) ^ rotated(fold(s2 ^ k6, s3 ^ k7))
        return (joined, position)
    }

    /// The last sixteen bytes, which may have been taken before; of fewer, words that overlap.
    @inline(__always)
    private static func lastWords(_ base: UnsafeRawPointer, count: Int) -> (UInt64, UInt64) {
        if count >= 16 { return (word(base, count &- 16), word(base, count &- 8)) }
        if count >= 8 { return (word(base, 0), word(base, count &- 8)) }
        if count >= 4 { return (halfWord(base, 0), halfWord(base, count &- 4)) }
        let first = UInt64(base.load(as: UInt8.self))
        let middle = UInt64(base.load(fromByteOffset: count / 2, as: UInt8.self))
        let last = UInt64(base.load(fromByteOffset: count &- 1, as: UInt8.self))
        return (first << 16 | middle << 8 | last, 0)
    }

    /// The state's rotation keeps what a product with zero would lose.
    @inline(__always)
    private static func step(_ state: UInt64, _ low: UInt64, _ high: UInt64, _ key: UInt64) -> UInt64 {
        fold(low ^ key, high ^ state) &+ rotated(state) &+ high
    }

    @inline(__always)
    private static func finish(_ state: UInt64, count: Int) -> UInt64 {
        let mixed = fold(state ^ k5, UInt64(truncatingIfNeeded: count) ^ k6) ^ state
        return fold(mixed ^ k7, k4) ^ mixed &>> 29
    }

    @inline(__always)
    private static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }

    @inline(__always)
    private static func rotated(_ word: UInt64) -> UInt64 { word &<< 29 | word &>> 35 }

    @inline(__always)
    private static func word(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    private static func halfWord(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
}
