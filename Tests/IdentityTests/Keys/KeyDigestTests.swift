import Identity
import Testing

@Suite struct KeyDigestTests {
    /// FIPS 180-2, appendix B, and the empty text.
    @Test(arguments: [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func isTheSHA256(text: String, hexadecimal: String) throws {
        #expect(KeyDigest(ofKey: Array(text.utf8)).hexadecimal == hexadecimal)
        #expect(KeyDigest(ofKey: text.utf8).hexadecimal == hexadecimal)
        let inPlace = Array(text.utf8).withUnsafeBytes { KeyDigest(ofKey: $0) }
        #expect(inPlace.hexadecimal == hexadecimal)
        let read = try #require(KeyDigest(hexadecimal: hexadecimal))
        #expect(read == inPlace && read.hexadecimal == hexadecimal)
        #expect(KeyDigest(hexadecimal: hexadecimal.uppercased()) == read)
    }

    /// A collection that is not in one piece.
    @Test func readsKeysInPieces() {
        let key = "sk-tr-0123456789"
        let pieces = [Array(key.utf8.prefix(5)), Array(key.utf8.dropFirst(5))].joined()
        #expect(KeyDigest(ofKey: Array(pieces)) == KeyDigest(ofKey: key.utf8))
        #expect(KeyDigest(ofKey: key.utf8.reversed().reversed()) == KeyDigest(ofKey: key.utf8))
    }

    @Test(arguments: [
        "", "ab", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
        "g" + String(repeating: "0", count: 63), "+" + String(repeating: "0", count: 63),
        String(repeating: "0", count: 48) + "-" + String(repeating: "0", count: 15),
        String(repeating: " ", count: 64), String(repeating: "é", count: 32), String(repeating: "０", count: 64),
    ])
    func refusesWhatIsNot64HexadecimalDigits(text: String) {
        #expect(KeyDigest(hexadecimal: text) == nil)
    }

    @Test func leadingZerosAreKept() {
        let text = String(repeating: "0", count: 15) + "1" + String(repeating: "0", count: 47) + "a"
        #expect(KeyDigest(hexadecimal: text)?.hexadecimal == text)
    }

    @Test func oneBitMakesADifference() throws {
        let digits = Array(String(repeating: "0", count: 64))
        let zero = try #require(KeyDigest(hexadecimal: String(digits)))
        for place in digits.indices {
            var changed = digits
            changed[place] = "1"
            #expect(KeyDigest(hexadecimal: String(changed)) != zero, "digit \(place)")
        }
    }
}
