/// The same numbers for the same seed, on every machine (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// `bytes` with one to four small injuries: a byte changed, dropped, doubled, or put in from `alphabet`; a tail cut off.
    mutating func mutate(_ bytes: [UInt8], alphabet: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            guard let place = result.indices.randomElement(using: &self) else { return result }
            let byte = alphabet.randomElement(using: &self) ?? 0
            switch Int.random(in: 0..<12, using: &self) {
            case 0..<4: result[place] = byte
            case 4..<6: result.remove(at: place)
            case 6..<8: result.insert(byte, at: place)
            case 8..<10: result.insert(result[place], at: place)
            case 10: result[place] = UInt8.random(in: .min ... .max, using: &self)
            default: result.removeLast(result.count - place)
            }
        }
        return result
    }
}
