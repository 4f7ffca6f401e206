/// A 64-bit hash that is the same in every process and every start, unlike `Hasher`. Not for secrets.
package enum StableHash {
    /// Of a text's UTF-8 (FNV-1a, then mixed, for FNV alone leaves short texts close together).
    package static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return mix(hash)
    }

    /// Spreads each bit of a number over all of the result, one to one (the finaliser of SplitMix64).
    package static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
