import Pipeline
import Testing

struct StableHashTests {
    private static func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        bytes.withUnsafeBytes { StableHash.hash($0, seed: seed) }
    }

    private static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
    }

    /// Kept hashes would mean nothing any more if one of these moved.
    @Test(
        arguments: [
            (0, 0, 0x11FB_CB7F_5F83_B000),
            (1, 0, 0x96A8_3086_1CEA_C8E9),
            (3, 0, 0x567E_CE27_F98A_4327),
            (4, 0, 0xEAA7_2CD3_C4D3_FD1A),
            (8, 0, 0x4210_5ADE_1F5E_D1EC),
            (15, 0, 0x31E3_9CAB_7484_C069),
            (16, 0, 0xF0EA_C108_2D73_B560),
            (17, 0, 0x6BBE_F24F_5D0C_03B3),
            (63, 0, 0xBF89_8631_768C_B96D),
            (64, 0, 0x6A2C_5855_419B_AACA),
            (65, 0, 0xA92C_0107_6558_4371),
            (128, 0, 0x5BF7_C087_4405_FE22),
            (1000, 0, 0x19E0_62ED_F456_369A),
            (100, 1, 0x0B9B_7F83_F420_1B07),
            (100, 0xffffffffffffffff, 0xBD61_C918_91A5_569F),
        ] as [(Int, UInt64, UInt64)])
    func knownAnswersStand(_ count: Int, _ seed: UInt64, _ expected: UInt64) {
        #expect(Self.hash(Self.pattern(count), seed: seed) == expected, "\(count) bytes")
    }

    @Test func whereTheBytesStandInMemoryDoesNotMatter() {
        for count in [0, 1, 3, 4, 8, 15, 16, 17, 63, 64, 65, 127, 128, 200, 1_000] {
            let bytes = Self.pattern(count)
            let shifted = [9] + bytes + [9]
            let again = shifted.withUnsafeBytes {
                StableHash.hash(UnsafeRawBufferPointer(rebasing: $0[1..<(1 + count)]), seed: 3)
            }
            #expect(again == Self.hash(bytes, seed: 3), "\(count) bytes")
        }
    }

    @Test func everyBitCounts() {
        for count in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 80, 81, 127, 128, 129, 300] {
            var bytes = Self.pattern(count)
            let plain = Self.hash(bytes)
            var flips = 0
            for bit in 0..<(8 * count) {
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                let other = Self.hash(bytes)
                #expect(other != plain, "bit \(bit) of \(count) bytes")
                flips += (plain ^ other).nonzeroBitCount
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            }
            let mean = Double(flips) / Double(8 * count)
            #expect(mean > 28 && mean < 36, "\(count) bytes: \(mean) of 64 bits change")
        }
    }

    @Test func lengthsOfEqualBytesDiffer() {
        let hashes = Set((0..<2_000).map { Self.hash([UInt8](repeating: 0, count: $0)) })
        #expect(hashes.count == 2_000)
    }

    @Test func seedsGiveUnrelatedHashes() {
        let bytes = Self.pattern(100)
        #expect(Set((0..<5_000).map { Self.hash(bytes, seed: $0) }).count == 5_000)
        #expect(StableHash.mix(1, 2) != StableHash.mix(2, 1))
    }

    @Test func shortTextsDoNotCollide() {
        var hashes: Set<UInt64> = []
        for number in 0..<200_000 { hashes.insert(Self.hash(Array("key-\(number)".utf8))) }
        #expect(hashes.count == 200_000)
    }
}
