import Testing

@testable import Wire

@Suite struct JSONGrammarTests {
    @Test func judgesThePublicCorpusAsItsNamesSay() throws {
        var seen: [Character: Int] = [:]
        for (name, bytes) in try Corpus.files("json") {
            let error = refusal(of: bytes)
            seen[name.first ?? "?", default: 0] += 1
            switch name.first {
            case "y": #expect(error == nil, "\(name)")
            case "n": #expect(error != nil, "\(name)")
            default: #expect((error == nil) == ReferenceJSON.accepts(bytes), "\(name)")
            }
        }
        #expect(seen["y", default: 0] > 90 && seen["n", default: 0] > 180)
    }

    @Test(arguments: [
        ("", 0), (" ", 1), ("[", 1), ("[1,]", 3), ("{\"a\":1,}", 7), ("{\"a\"}", 4), ("{1:2}", 1), ("[1}", 2),
        ("01", 1), ("-", 1), ("1.", 2),
        ("1e+", 3), ("tru", 3), ("trux", 3), ("\"a", 2), ("\"\\x\"", 2), ("\"\\u12G4\"", 5), ("\"\\u12", 5),
        ("\"a\u{1}\"", 2), ("\"\\", 2),
        ("nul", 3), ("1 2", 2), ("\u{FEFF}1", 0), ("[1 2]", 3), ("{,}", 1), ("]", 0), (".5", 0), ("+1", 0), ("--1", 1),
        ("\u{B}1", 0),
    ])
    func saysWhereATextGoesWrong(text: String, offset: Int) {
        #expect(refusal(of: text) == .invalid(at: offset))
    }

    @Test(arguments: [
        "null", " \t\r\n1 ", "\"\"", "{}", "[]", "[ ]", "{ }", "-0", "-0.0e-0", "1E+2", "[[],{}]", "\"\\ud800\"",
        "\"\\udc00\\ud800\"", "{\"\":0}",
        "\"\u{7F}\u{2028}\u{10FFFF}\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\"", "{\"a\":1,\"a\":2}", "1e400",
        "0.00000000000000000000000000000000001",
    ])
    func readsWhatTheGrammarAllows(text: String) {
        #expect(refusal(of: text) == nil)
    }

    /// Ill-formed UTF-8 wherever in a block it stands, the same text well-formed, and ASCII before and behind.
    @Test(
        arguments: [
            ("continuation alone", [0x80]), ("lead alone", [0xC3]), ("overlong of two", [0xC0, 0xAF]),
            ("C1", [0xC1, 0xBF]),
            ("overlong of three", [0xE0, 0x80, 0xAF]), ("surrogate", [0xED, 0xA0, 0x80]),
            ("cut of three", [0xE4, 0xBD]),
            ("overlong of four", [0xF0, 0x80, 0x80, 0xAF]), ("above the last", [0xF4, 0x90, 0x80, 0x80]),
            ("F5", [0xF5, 0x80, 0x80, 0x80]),
            ("FF", [0xFF]), ("cut of four", [0xF0, 0x9F, 0x98]), ("stray second", [0xE4, 0xBD, 0xA0, 0xA0]),
        ] as [(String, [UInt8])])
    func refusesWhatIsNotUTF8AtEveryAlignment(name: String, wrong: [UInt8]) {
        for filler in ["x", "ä", "你", "😀", "ࠀ", "퟿"] {
            for before in 0..<40 {
                for after in [0, 1, 17] {
                    let head = Array(String(repeating: filler, count: before).utf8)
                    let tail = Array(String(repeating: filler, count: after).utf8)
                    let quote: [UInt8] = [0x22]
                    let text = quote + head + wrong + tail + quote
                    #expect(refusal(of: text) != nil, "\(name) after \(before) of \(filler)")
                    #expect(refusal(of: quote + head + tail + quote) == nil, "\(before) and \(after) of \(filler)")
                }
            }
        }
    }

    /// Every ending of a run in every lane, with the block before it full or not.
    @Test func findsQuotesEscapesAndControlsInEveryLane() throws {
        for length in 0..<150 {
            let run = String(repeating: "x", count: length)
            for tail in ["", "y", String(repeating: "z", count: 90)] {
                #expect(
                    try indexed("[\"\(run)\",1]\(tail.isEmpty ? "" : " ")") { index, _ in index.span(1) }
                        == 1..<(length + 3))
                #expect(
                    try indexed("\"\(run)\\n\(tail)\"") { index, bytes in index.string(0, in: bytes) } == run + "\n"
                        + tail)
                #expect(refusal(of: "\"\(run)\u{1F}\(tail)\"") == .invalid(at: length + 1))
                #expect(refusal(of: "\"\(run)\(tail)") == .invalid(at: 1 + length + tail.utf8.count))
            }
        }
    }

    @Test func boundsDepthNodesAndBytes() {
        let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(refusal(of: deep) == nil)
        #expect(refusal(of: "[" + deep + "]") == .tooDeep(at: 128))
        #expect(refusal(of: "{\"a\":[]}", limits: .init(maximumDepth: 1)) == .tooDeep(at: 5))
        #expect(refusal(of: "1", limits: .init(maximumDepth: 0)) == nil)
        #expect(refusal(of: "[1,2]", limits: .init(maximumNodes: 3)) == nil)
        #expect(refusal(of: "[1,2]", limits: .init(maximumNodes: 2)) == .tooManyNodes)
        #expect(refusal(of: "1", limits: .init(maximumNodes: -1)) == .tooManyNodes)
        #expect(refusal(of: "[1]", limits: .init(maximumBytes: 2)) == .tooLarge)
        #expect(refusal(of: "[1]", limits: .init(maximumBytes: .max)) == nil)
    }

    @Test func agreesWithASlowReaderOnMutatedTexts() {
        let seed: UInt64 = 0x5EED_0001
        var random = SeededGenerator(seed: seed)
        let texts = [
            #"{"model":"gpt-4o","messages":[{"role":"user","content":"hi \"you\" \u00e9\ud83d\ude00"}],"n":1,"stream":true}"#,
            #"[1,-2.5e+3,0,{"a":{"b":[[],{},null,false]}}, "long enough to fill a block or two of sixteen bytes" ]"#,
            "{\"键\":\"你好世界，这是一个很长的句子，用来测试\",\"é\":[\"ü\",\"😀😀\",\"ࠀ\"]}", " [ 0.1 , 1E5 , -0 ]\n", "\"\\ud800\"",
        ].map { Array($0.utf8) }
        let alphabet = Array("{}[]\",:\\/ue0123456789.+-E tfn\n\u{0}é你😀".utf8) + [0xC0, 0xED, 0xA0, 0xF5, 0xFF]
        var accepted = 0
        for round in 0..<100_000 {
            let text = random.mutate(texts[round % texts.count], alphabet: alphabet)
            let error = refusal(of: text)
            if error == nil { accepted += 1 }
            #expect((error == nil) == ReferenceJSON.accepts(text), "seed \(seed), round \(round): \(text)")
            if case .invalid(let offset) = error {
                #expect((0...text.count).contains(offset), "seed \(seed), round \(round)")
            }
        }
        #expect(accepted > 1000)
    }
}
