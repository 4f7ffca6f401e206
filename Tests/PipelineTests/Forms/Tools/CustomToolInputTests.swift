import NIOCore
import Pipeline
import Testing
import Wire

struct CustomToolInputTests {
    private static func taken(_ pieces: [String]) -> String {
        var input = CustomToolInput()
        var text = ByteBuffer()
        for piece in pieces { text.writeImmutableBuffer(input.take(JSONText(piece)).content) }
        text.writeImmutableBuffer(input.finish().content)
        return String(buffer: text)
    }

    /// What a model writes as arguments, and the text as it stands in a JSON string.
    private static let cases: [(arguments: String, text: String)] = [
        (#"{"input":"print(1)"}"#, "print(1)"),
        (" {\n\"input\" : \"a\" } ", "a"),
        (#"{"input":"a\"b\\c\nd\/e\u0041"}"#, #"a\"b\\c\nd\/e\u0041"#),
        (#"{"input":"\ud83d\ude00x"}"#, #"\ud83d\ude00x"#),
        (#"{"input":"\ud83dx\ud83d\n\ud83d"}"#, #"\ud83dx\ud83d\n\ud83d"#),
        (#"{"input":"größe"}"#, "größe"),
        ("{\"input\":\"line\nline\tend\"}", #"line\nline\tend"#),
        (#"{"input":"\d+\'\u12z"}"#, #"\\d+\\'\\u12z"#),
        (#"{"input":"cut\u00"#, #"cut\\u00"#),
        (#"{"input":"cut"#, "cut"),
        (#"{"input":""}"#, ""),
        ("{}", ""),
        ("", ""),
        (#"{"input":"a","more":"b"}"#, "a"),
        ("print(1)", "print(1)"),
        (#"{"code":"a"}"#, #"{\"code\":\"a\"}"#),
        (#"{"input":["a"]}"#, #"{\"input\":[\"a\"]}"#),
        (#""a""#, #"\"a\""#),
        (#"{"inp"#, #"{\"inp"#),
    ]

    @Test(arguments: Self.cases)
    func theTextComesOutAsItStands(arguments: String, text: String) {
        #expect(Self.taken([arguments]) == text)
    }

    @Test(arguments: Self.cases)
    func piecesSayTheSame(arguments: String, text: String) {
        #expect(Self.taken(arguments.unicodeScalars.map { String($0) }) == text)
        for cut in arguments.unicodeScalars.indices {
            #expect(Self.taken([String(arguments[..<cut]), String(arguments[cut...])]) == text)
        }
    }

    /// Each piece is told in an event of its own.
    @Test func noPieceEndsWithinAnEscape() {
        var input = CustomToolInput()
        for character in #"{"input":"a\ud83d\ude00\n\\\u00e9\"b"}"# {
            let piece = input.take(JSONText(String(character)))
            let whole = ByteBuffer(string: "\"" + String(buffer: piece.content) + "\"")
            var index = JSONIndex()
            #expect(throws: Never.self) { try whole.withUnsafeReadableBytes { try index.read($0) } }
            #expect(!piece.string.contains("\u{FFFD}"), "half a pair stands alone")
        }
    }

    @Test func hostileArgumentsMakeNoBadJSON() {
        var random = SeededGenerator(seed: 0xC0570)
        let alphabet = Array(#"{}"\:input ud83de0nxu1,"#.unicodeScalars)
        for round in 0..<3_000 {
            var input = CustomToolInput()
            var text = ByteBuffer(string: "\"")
            if Bool.random(using: &random) { _ = input.take(#"{"input":""#) }
            for _ in 0..<Int.random(in: 0..<30, using: &random) {
                let piece = JSONText(String(alphabet.randomElement(using: &random) ?? "x"))
                text.writeImmutableBuffer(input.take(piece).content)
            }
            text.writeImmutableBuffer(input.finish().content)
            text.writeString("\"")
            var index = JSONIndex()
            #expect(throws: Never.self, "seed 0xC0570, round \(round): \(String(buffer: text))") {
                try text.withUnsafeReadableBytes { try index.read($0) }
            }
        }
    }
}
