import NIOCore
import Pipeline
import Testing
import Wire

@testable import Simulator

/// What the gateway marks, as the simulated vendor reads it.
struct MarkedRequestTests {
    /// A seeded agent: its instructions, its tools, and what it and the user have said.
    private struct Agent {
        var random: SeededGenerator
        var messages: [String] = []
        let system: String
        let hasTools: Bool
        /// Long enough, with some, to be worth a mark of its own: then there are more places than marks.
        let toolWords: String

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            system = Self.words(Int.random(in: 300...3_000, using: &random))
            hasTools = Bool.random(using: &random)
            toolWords = Self.words(Bool.random(using: &random) ? 1_500 : 5)
        }

        static func words(_ count: Int) -> String {
            (0..<count).map { "w\($0 % 97)" }.joined(separator: " ")
        }

        /// The next request.
        mutating func next() -> String {
            if messages.isEmpty || !hasTools || Int.random(in: 0..<3, using: &random) == 0 {
                if !messages.isEmpty { messages.append(#"{"role":"assistant","content":"done"}"#) }
                messages.append(#"{"role":"user","content":"\#(Self.words(Int.random(in: 5...400, using: &random)))"}"#)
            } else {
                let ids = (0..<Int.random(in: 1...30, using: &random)).map { "c\(messages.count)_\($0)" }
                let calls = ids.map { #"{"type":"tool_use","id":"\#($0)","name":"f","input":{}}"# }
                let results = ids.map {
                    #"{"type":"tool_result","tool_use_id":"\#($0)","content":"\#(Self.words(20))"}"#
                }
                messages.append(#"{"role":"assistant","content":[\#(calls.joined(separator: ","))]}"#)
                messages.append(#"{"role":"user","content":[\#(results.joined(separator: ","))]}"#)
            }
            let tools =
                hasTools
                ? #""tools":[{"name":"f","description":"\#(toolWords)","input_schema":{"type":"object"}}],"# : ""
            return
                #"{"model":"claude-sonnet-5","max_tokens":9,\#(tools)"system":"\#(system)","messages":[\#(messages.joined(separator: ","))]}"#
        }
    }

    private static func marked(_ text: String, turns: Int, gap: Duration) throws -> (String, CachePlan) {
        let body = ByteBuffer(string: text)
        let pipeline = PromptPipeline(options: PipelineOptions())
        var index = JSONIndex()
        let prepared = try pipeline.prepare(body: body, kind: .conversation(.anthropicMessages), index: &index)
        let dialect = try #require(DialectRegistry.dialect(kind: "anthropic"))
        let outlook = CacheOutlook(
            typicalGap: gap, turnsSeen: turns, warmBlocks: turns == 0 ? 0 : max(0, prepared.blocks.count - 2))
        let rendered = try pipeline.render(
            prepared, body: body, for: OutboundTarget(dialect: dialect, model: "claude-sonnet-5"),
            context: RenderContext(cache: outlook), index: &index)
        guard case .edits(let edits) = rendered.content else { return ("", rendered.cachePlan) }
        var upstream = ByteBuffer()
        body.withUnsafeReadableBytes { edits.apply(to: $0, into: &upstream) }
        return (String(buffer: upstream), rendered.cachePlan)
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func everyTurnIsTakenAndReadsWhatTheLastOneWrote(_ seed: UInt64) throws {
        var agent = Agent(seed: seed)
        var book = CacheBook()
        let gap = [Duration.seconds(20), .seconds(200), .seconds(900)][Int(seed % 3)]
        var written = 0
        for turn in 0..<12 {
            let (text, plan) = try Self.marked(agent.next(), turns: turn, gap: gap)
            let tree = try JSONTreeReader.read(text.utf8)
            let request = try SimulatedRequest(anthropic: tree, version: .june2023, header: nil)
            let now = gap * turn
            let reading = book.read(
                request.prompt, by: .anthropic(model: "claude-sonnet-5"),
                for: CacheBook.Scope(account: "a", model: "m"), at: now)
            if written > 0, gap < .seconds(300) || plan.marks.allSatisfy(\.isLong) && turn > 8 {
                #expect(reading.read >= written, "seed \(seed), turn \(turn): \(reading) \(plan)")
            }
            book.store(reading, at: now)
            written = reading.read + reading.written
        }
        #expect(written > 0 || gap > .seconds(300) || agent.system.utf8.count < 6_000, "seed \(seed)")
    }
}
