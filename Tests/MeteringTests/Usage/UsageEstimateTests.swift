import Metering
import Testing

@Suite struct UsageEstimateTests {
    @Test(
        arguments: [
            ("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("You are a helpful assistant.", 7), ("привет", 3),
            ("你好世界", 4),
            ("🙂", 2), ("naïve", 2),
        ] as [(String, Int64)])
    func countsByTheKindOfCharacter(text: String, tokens: Int64) {
        var estimate = UsageEstimate()
        estimate.add(text)
        #expect(estimate.tokens == tokens)
    }

    @Test func isTheSameHoweverTheTextIsCut() {
        let bytes = Array("Grüße, 世界! 🙂 done".utf8)
        var whole = UsageEstimate()
        bytes.withUnsafeBytes { whole.add(utf8: $0) }
        for cut in 0...bytes.count {
            var pieces = UsageEstimate()
            bytes[..<cut].withUnsafeBytes { pieces.add(utf8: $0) }
            bytes[cut...].withUnsafeBytes { pieces.add(utf8: $0) }
            #expect(pieces == whole, "cut at \(cut)")
        }
    }

    @Test(arguments: [(-1, 0), (0, 0), (1, 1), (4, 1), (5, 2), (Int.max, Int64.max / 4 + 1)] as [(Int, Int64)])
    func guessesFromSize(bytes: Int, tokens: Int64) {
        #expect(UsageEstimate.tokens(utf8Bytes: bytes) == tokens)
    }
}
