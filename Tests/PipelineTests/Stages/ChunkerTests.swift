import Pipeline
import Testing
import Wire

struct ChunkerTests {
    typealias Kind = Block.Kind

    private static let file = #"{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}"#

    @Test(arguments: [
        ("a question", "u", [Kind.currentTurn], [0..<1]),
        ("system and question", "su", [.system, .currentTurn], [0..<1, 1..<2]),
        ("system and developer", "sdu", [.system, .currentTurn], [0..<2, 2..<3]),
        (
            "a conversation", "suauau", [.system, .historyTurn, .historyTurn, .currentTurn],
            [0..<1, 1..<3, 3..<5, 5..<6]
        ),
        ("an agent's loop", "suatat", [.system, .currentTurn], [0..<1, 1..<6]),
        ("a loop behind a turn", "suauatat", [.system, .historyTurn, .currentTurn], [0..<1, 1..<3, 3..<8]),
        ("two questions in a row", "uuau", [.historyTurn, .currentTurn], [0..<3, 3..<4]),
        ("an answer first", "auau", [.historyTurn, .historyTurn, .currentTurn], [0..<1, 1..<3, 3..<4]),
        ("a system message within", "susau", [.system, .historyTurn, .currentTurn], [0..<1, 1..<4, 4..<5]),
        ("documents", "sffuau", [.system, .documents, .historyTurn, .currentTurn], [0..<1, 1..<3, 3..<5, 5..<6]),
        ("a document alone", "sf", [.system, .currentTurn], [0..<1, 1..<2]),
        ("system alone", "s", [.system], [0..<1]),
        ("a prefill", "ua", [.currentTurn], [0..<2]),
    ])
    func turnsAreCutWhereAUserSpeaks(_ name: String, _ roles: String, _ kinds: [Kind], _ messages: [Range<Int>]) throws
    {
        let texts = roles.map { role in
            switch role {
            case "s": Requests.message("system", "x")
            case "d": Requests.message("developer", "x")
            case "u": Requests.message("user", "x")
            case "a": Requests.message("assistant", "x")
            case "f": Self.file
            default: Requests.message("tool", "x")
            }
        }
        let text = Requests.chat(texts)
        let prepared = try Requests.prepare(text)
        #expect(prepared.blocks.map(\.kind) == kinds, "\(name)")
        #expect(prepared.blocks.map(\.messages) == messages, "\(name)")
        for block in prepared.blocks {
            #expect(Requests.slice(text, block.span) == texts[block.messages].joined(separator: ","), "\(name)")
        }
        #expect(prepared.chain.count == prepared.blocks.count)
    }

    @Test func toolsComeFirstWhereverTheyStand() throws {
        let text = Requests.chat(
            [Requests.message("user", "x")], #","tools":[{"type":"function"}],"functions":[{"name":"f"}]"#)
        let blocks = try Requests.prepare(text).blocks
        #expect(blocks.map(\.kind) == [.tools, .tools, .currentTurn])
        #expect(Requests.slice(text, blocks[0].span) == #"[{"type":"function"}]"#)
        #expect(Requests.slice(text, blocks[1].span) == #"[{"name":"f"}]"#)
    }

    @Test func whatTheClientBoundsIsCarriedOn() throws {
        let user = [Requests.message("user", "x")]
        #expect(try Requests.prepare(Requests.chat(user, #","max_tokens":10,"n":3"#)).maximumOutputTokens == 30)
        #expect(
            try Requests.prepare(Requests.chat(user, #","max_tokens":9223372036854775807,"n":2"#)).maximumOutputTokens
                == .max)
        #expect(try Requests.prepare(Requests.chat(user)).maximumOutputTokens == nil)
        #expect(try Requests.prepare(Requests.chat(user, #","temperature":0e5"#)).isDeterministic)
        #expect(try Requests.prepare(Requests.chat(user, #","seed":1"#)).isDeterministic)
        #expect(try !Requests.prepare(Requests.chat(user, #","temperature":0.1"#)).isDeterministic)
    }
}

struct TokenEstimateTests {
    private func tokens(_ content: String) throws -> Int64 {
        try Requests.prepare(Requests.chat([Requests.message("user", content)])).estimatedInputTokens
    }

    /// Of the quotes, keys and braces around a content.
    private static let frame: Int64 = 7

    @Test(arguments: [
        ("ASCII", "abcd", 1.0), ("two bytes", "é", 0.5), ("three bytes", "漢", 1), ("four bytes", "😀", 2),
    ])
    func everyKindOfCharacterHasItsShare(_ name: String, _ piece: String, _ share: Double) throws {
        for count in [0, 1, 7, 15, 16, 17, 63, 64, 65, 300, 4_097] {
            let expected = Double(count) * share
            let given = Double(try tokens(String(repeating: piece, count: count)) - Self.frame)
            #expect(abs(given - expected) <= 1, "\(name) × \(count): \(given)")
        }
    }

    @Test func theWholeIsTheSumOfTheBlocks() throws {
        let prepared = try Requests.prepare(
            Requests.chat(["system", "user", "assistant", "user"].map { Requests.message($0, "abc") }))
        #expect(prepared.estimatedInputTokens == prepared.blocks.reduce(0) { $0 + $1.estimatedTokens })
    }

    @Test(arguments: [
        ("an image", "image_url", #"{"url":"data:image/png;base64,"#, 1_000.0...1_100.0),
        ("sound", "input_audio", #"{"format":"wav","data":""#, 90...140),
        ("a file", "file", #"{"file_data":""#, 6_000...6_500),
    ])
    func attachmentsAreNotCountedByTheirBytes(
        _ name: String, _ type: String, _ start: String, _ expected: ClosedRange<Double>
    ) throws {
        let part =
            #"{"type":""# + type + #"",""# + type + "\":" + start + String(repeating: "A", count: 400_000) + #""}}"#
        let text = Requests.chat([#"{"role":"user","content":["# + part + "]}"])
        #expect(expected.contains(Double(try Requests.prepare(text).estimatedInputTokens)), "\(name)")
    }
}
