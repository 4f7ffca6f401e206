import Testing

@testable import Simulator

struct TokenizerTests {
    @Test(arguments: [
        ("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("日本", 2), ("éé", 1), ("aé日", 2), ("😀", 1), ("a😀", 2),
        (String(repeating: "x", count: 4096), 1024),
    ])
    func aTokenIsAsManyWholeScalarsAsFitIntoFourBytes(text: String, count: Int) {
        #expect(SimulatedTokenizer.count(text) == count)
        let tokens = SimulatedTokenizer.tokens(of: text)
        #expect(tokens.count == count)
        #expect(tokens.joined() == text)
    }

    @Test func joinedPrefixesAreTheTextAndNoScalarIsCut() {
        var generator = SeededGenerator(seed: 7)
        let alphabet = Array("ab é日本😀👩‍👩‍👧\n\u{301}")
        for _ in 0..<300 {
            let text = String(
                (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                })
            let count = SimulatedTokenizer.count(text)
            for limit in 0...count {
                let prefix = SimulatedTokenizer.prefix(of: text, tokens: limit)
                #expect(text.unicodeScalars.starts(with: prefix.unicodeScalars), "seed 7: \(text)")
                #expect(SimulatedTokenizer.count(prefix) == limit, "seed 7: \(text)")
            }
        }
    }
}
