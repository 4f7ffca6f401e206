import FoundationEssentials

/// Makes exchange ids: UUIDs of version 7 (RFC 9562), so that ids sort by time and an index on them stays dense.
struct IdentifierGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64: fast, and random enough for choosing targets and telling ids apart. Nothing secret hangs on it.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func uuid(wallMicroseconds: Int64) -> UUID {
        let milliseconds = UInt64(bitPattern: wallMicroseconds / 1_000)
        let high = next()
        let low = next()
        func byte(_ word: UInt64, _ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> shift) }
        return UUID(
            uuid: (
                byte(milliseconds, 40), byte(milliseconds, 32), byte(milliseconds, 24), byte(milliseconds, 16),
                byte(milliseconds, 8), byte(milliseconds, 0),
                0x70 | (byte(high, 0) & 0x0F), byte(high, 8), 0x80 | (byte(high, 16) & 0x3F), byte(high, 24),
                byte(low, 0), byte(low, 8), byte(low, 16), byte(low, 24), byte(low, 32), byte(low, 40)
            ))
    }
}

/// Wall time from the monotonic clock, so that the hot path reads one clock only.
struct WallClock {
    private var offsetMicroseconds: Int64 = 0

    /// Takes the offset anew; wall clocks are set, monotonic ones are not.
    mutating func synchronize(nowNanoseconds: Int64) {
        let wall = Int64(Date().timeIntervalSince1970 * 1_000_000)
        offsetMicroseconds = wall &- nowNanoseconds / 1_000
    }

    /// Microseconds since 1970.
    func microseconds(atNanoseconds now: Int64) -> Int64 {
        offsetMicroseconds &+ now / 1_000
    }
}
