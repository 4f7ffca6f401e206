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
}
