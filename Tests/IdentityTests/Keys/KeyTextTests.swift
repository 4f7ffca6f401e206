import Testing

@testable import Identity

@Suite struct KeyTextTests {
    private struct Fixed: RandomNumberGenerator {
        var words: [UInt64]
        mutating func next() -> UInt64 { words.isEmpty ? 0 : words.removeFirst() }
    }

    private static let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    @Test func keysHaveTheirShape() {
        for (key, prefix) in [(KeyText.customer(), "sk-tr-"), (KeyText.administrator(), "tr-admin-")] {
            #expect(key.revealed.hasPrefix(prefix))
            let random = key.revealed.dropFirst(prefix.count)
            #expect(random.count == 43 && random.allSatisfy(Self.alphabet.contains))
            #expect(key.prefix == String(key.revealed.prefix(8)) && key.prefix.count == 8)
            #expect(key.digest == KeyDigest(ofKey: Array(key.revealed.utf8)))
        }
    }

    /// The bytes 00 … 1f, and all ones, in base64url as other programs write them.
    @Test(
        arguments: [
            (
                [0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f, 0x1011_1213_1415_1617, 0x1819_1a1b_1c1d_1e1f],
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
            ),
            ([.max, .max, .max, .max], "__________________________________________8"),
        ] as [([UInt64], String)])
    func allRandomBitsAreWritten(words: [UInt64], text: String) {
        var generator = Fixed(words: words)
        #expect(KeyText(prefix: "", using: &generator).revealed == text)
    }

    @Test func noTwoKeysAreTheSame() {
        #expect(Set((0..<1_000).map { _ in KeyText.customer().revealed }).count == 1_000)
    }

    @Test func printingAKeyMasksIt() {
        let key = KeyText.customer()
        for text in ["\(key)", String(reflecting: key)] {
            #expect(text == key.prefix + "…")
        }
        #expect(!"\([key])".contains(key.revealed))
    }
}
