import NIOCore
import Testing
import Wire

@testable import Pipeline

@Suite struct PrefixComparisonTests {
    private func compare(_ first: String, _ second: String) throws -> PrefixComparison {
        let pipeline = PromptPipeline(options: PipelineOptions())
        var index = JSONIndex()
        let bodies = (ByteBuffer(string: first), ByteBuffer(string: second))
        let prepared = try (
            pipeline.prepare(body: bodies.0, kind: .conversation(.openAIChat), index: &index),
            pipeline.prepare(body: bodies.1, kind: .conversation(.openAIChat), index: &index)
        )
        return PrefixComparison(prepared.0, bodies.0, prepared.1, bodies.1)
    }

    private func request(system: String = "Be brief.", turns: [String]) -> String {
        let messages = turns.enumerated().map { #"{"role":"\#($0 % 2 == 0 ? "user" : "assistant")","content":"\#($1)"}"# }
        return #"{"model":"m","messages":[{"role":"system","content":"\#(system)"},\#(messages.joined(separator: ","))]}"#
    }

    @Test func aPromptThatGoesOnDoesNotPart() throws {
        let found = try compare(request(turns: ["One"]), request(turns: ["One", "Two", "Three"]))
        #expect(found.rows.map(\.isSame) == [true, false, false])
        #expect(found.parting == nil)
        #expect(found.commonTokens > 0)
    }

    @Test func theSamePromptIsTheSameToItsEnd() throws {
        let found = try compare(request(turns: ["One"]), request(turns: ["One"]))
        #expect(found.rows.map(\.isSame) == [true, true])
        #expect(found.parting == nil)
        #expect(found.commonTokens == found.secondTokens)
    }

    @Test func theFirstByteThatDiffersIsFoundAndShown() throws {
        let first = request(system: "It is 10:01 now.", turns: ["One"])
        let second = request(system: "It is 10:02 now.", turns: ["One"])
        let parting = try #require(try compare(first, second).parting)
        #expect(parting.row == 0)
        #expect(parting.kind == .system)
        #expect(Array(first.utf8)[parting.firstOffset] == UInt8(ascii: "1"))
        #expect(Array(second.utf8)[parting.secondOffset] == UInt8(ascii: "2"))
        #expect(parting.firstExcerpt.contains("10:01 now"))
        #expect(parting.secondExcerpt.contains("10:02 now"))
    }

    @Test func anExcerptHoldsNoHalfCharacters() throws {
        let first = request(system: String(repeating: "令", count: 40) + "一" + String(repeating: "牌", count: 40), turns: ["x"])
        let second = request(system: String(repeating: "令", count: 40) + "二" + String(repeating: "牌", count: 40), turns: ["x"])
        let parting = try #require(try compare(first, second).parting)
        #expect(parting.firstExcerpt.allSatisfy { "令一牌".contains($0) }, "\(parting.firstExcerpt)")
    }

    /// A text of some tokens of four bytes.
    private static func words(_ tokens: Int, _ word: String = "abc ") -> String { String(repeating: word, count: tokens) }

    @Test func theTokensInCommonAreCountedToTheByte() throws {
        let long = Self.words(20_000)
        let found = try compare(request(turns: [long + "x"]), request(turns: [long + "y"]))
        #expect(found.parting?.row == 1)
        #expect(abs(found.commonTokens - 20_000) < 100, "\(found.commonTokens)")
        #expect(found.commonBlockTokens < 50)
        #expect(!found.isContinued)
    }

    struct Alike: Sendable, CustomTestStringConvertible {
        var name: String
        var first: String
        var second: String
        var testDescription: String { name }
    }

    /// Each differs in its first message in a way that vendors do not see, and in its second in one that they do.
    static let alike = [
        Alike(name: "white space", first: #"{"role":"system","content":"é/A"}"#, second: #"{ "role" : "system", "content": "é/A" }"#),
        Alike(name: "key order", first: #"{"role":"system","content":"é/A"}"#, second: #"{"content":"é/A","role":"system"}"#),
        Alike(name: "escapes", first: #"{"role":"system","content":"é/A😀"}"#, second: #"{"role":"system","content":"\u00e9\/\u0041\ud83d\ude00"}"#),
        Alike(
            name: "a text and a list of it", first: #"{"role":"system","content":"é/A"}"#,
            second: #"{"role":"system","content":[{"type":"text","text":"é/A"}]}"#),
        Alike(
            name: "a mark", first: #"{"role":"system","content":[{"type":"text","text":"é/A"}]}"#,
            second: #"{"role":"system","content":[{"type":"text","text":"é/A","cache_control":{"type":"ephemeral"}}]}"#),
    ]

    @Test(arguments: alike)
    func whatMeansTheSameDoesNotPart(case: Alike) throws {
        func body(_ message: String, _ question: String) -> String {
            #"{"model":"m","messages":[\#(message),{"role":"user","content":"\#(question)"}]}"#
        }
        #expect(try compare(body(`case`.first, "One"), body(`case`.second, "One")).parting == nil)
        let second = body(`case`.second, "Two")
        let parting = try #require(try compare(body(`case`.first, "One"), second).parting)
        #expect(parting.row == 1)
        #expect(Array(second.utf8.dropFirst(parting.secondOffset).prefix(3)) == Array("Two".utf8))
    }

    @Test func argumentsOfCallsAreComparedAsTheyLeave() throws {
        func body(_ arguments: String, _ answer: String) -> String {
            #"{"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"\#(arguments)"}}],"content":"\#(answer)"},{"role":"tool","tool_call_id":"c","content":"y"}]}"#
        }
        let first = body(#"{\"a\":1,\"b\":2.0}"#, "One")
        #expect(try compare(first, body(#"{ \"b\": 2, \"a\": 1 }"#, "One")).parting == nil)
        let parting = try #require(try compare(first, body(#"{\"a\":1,\"b\":3}"#, "One")).parting)
        #expect(parting.secondExcerpt.contains(#"b\":3"#), "\(parting.secondExcerpt)")
    }

    @Test func toolsAreComparedInTheOrderOfTheirNames() throws {
        func tool(_ name: String, _ words: String) -> String {
            #"{"type":"function","function":{"name":"\#(name)","description":"\#(words)","parameters":{"type":"object"}}}"#
        }
        func body(_ tools: [String]) -> String {
            #"{"model":"m","tools":[\#(tools.joined(separator: ","))],"messages":[{"role":"user","content":"x"}]}"#
        }
        let first = body([tool("a", "one"), tool("b", "two")])
        #expect(try compare(first, body([tool("b", "two"), tool("a", "one")])).parting == nil)
        let second = body([tool("b", "new"), tool("a", "one")])
        let parting = try #require(try compare(first, second).parting)
        #expect(parting.kind == .tools)
        #expect(parting.secondExcerpt.contains("new") && parting.firstExcerpt.contains("two"))
    }
}
