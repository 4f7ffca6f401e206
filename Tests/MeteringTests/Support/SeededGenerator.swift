/// Repeatable randomness (SplitMix64): tests print the seed they failed with.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Any Int64, the ends of the range and small numbers far more often than chance has them.
    mutating func extremeInt64() -> Int64 {
        switch next() % 8 {
        case 0: .min
        case 1: .max
        case 2: 0
        case 3: -1
        case 4: Int64.random(in: -10...10, using: &self)
        case 5: Int64.max - Int64.random(in: 0...10, using: &self)
        case 6: Int64.random(in: 0...1_000_000, using: &self)
        default: Int64(bitPattern: next())
        }
    }
}
