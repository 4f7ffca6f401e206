import NIOCore
import Pipeline
import Testing
import Wire

/// Bytes from anybody: whatever they are, they end in a value or an error, and what is accepted stays JSON.
struct HostileBytesTests {
    private static let pipeline = PromptPipeline(options: PipelineOptions())
    private static let chat = RequestKind.conversation(.openAIChat)
    private static let alphabet =
        Array(#"{}[]",:\u0123eE+-.tfn null true false 9"#.utf8) + [0x00, 0x1F, 0x80, 0xC3, 0xF0, 0xFF]

    private static func injured(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            guard let place = result.indices.randomElement(using: &random) else { return result }
            let byte = alphabet.randomElement(using: &random) ?? 0
            switch Int.random(in: 0..<4, using: &random) {
            case 0: result[place] = byte
            case 1: result.remove(at: place)
            case 2: result.insert(byte, at: place)
            default:
                let end = min(result.count, place + Int.random(in: 0...12, using: &random))
                result.insert(contentsOf: result[place..<end], at: result.indices.randomElement(using: &random) ?? 0)
            }
        }
        return result
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func injuredRequestsAreReadOrRefused(_ seed: UInt64) throws {
        var generator = ChatBodyGenerator(seed: seed)
        var index = JSONIndex()
        let dialect = try #require(DialectRegistry.dialect(kind: "openai"))
        let bytes = Array(generator.body().text.utf8)
        var accepted = 0
        for _ in 0..<60 {
            let body = ByteBuffer(bytes: Self.injured(bytes, &generator.random))
            guard let prepared = try? Self.pipeline.prepare(body: body, kind: Self.chat, index: &index) else { continue }
            accepted += 1
            let rendered = try Self.pipeline.render(
                prepared, body: body, for: OutboundTarget(dialect: dialect, model: "up"), context: RenderContext(),
                index: &index)
            let upstream = Requests.upstream(rendered, of: body)
            let again = try Self.pipeline.prepare(body: upstream, kind: Self.chat, index: &index)
            #expect(again.modelName == "up" && again.chain == prepared.chain, "seed \(seed): \(String(buffer: body))")
            #expect(!again.isStream || again.clientWantsUsageChunk, "seed \(seed): \(String(buffer: body))")
        }
        #expect(accepted > 0, "seed \(seed): no injury was harmless, so nothing was tested")
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func injuredAnswersAreReadOrRefused(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var index = JSONIndex()
        let route = AnswerRoute.sameForm(.openAIChat, .hitsAndMisses, hidesUsageChunk: true)
        let fixtures = Fixture.all(of: "openai-chat")
        try #require(!fixtures.isEmpty)
        for fixture in fixtures {
            for _ in 0..<10 {
                if let response = fixture.text("response.json") {
                    let body = ByteBuffer(bytes: Self.injured(Array(response.utf8), &random))
                    let summary = try? AnswerReader.readUnary(body, route: route, index: &index)
                    #expect((summary?.usage?.prompt ?? 0) >= 0 && (summary?.contentBytes ?? 0) >= 0, "seed \(seed)")
                    _ = UpstreamErrorReader.read(body, index: &index)
                }
                if let stream = fixture.text("stream.sse") {
                    var decoder = SSEDecoder()
                    var reader = StreamReader(route: route)
                    decoder.append(ByteBuffer(bytes: Self.injured(Array(stream.utf8), &random)))
                    while let event = try decoder.next() {
                        _ = reader.read(event, index: &index)
                    }
                    #expect((reader.usage?.prompt ?? 0) >= 0, "seed \(seed)")
                }
            }
        }
    }

    /// Work grows with the body, not with the product of what is in it.
    @Test func manyTurnsWithManyAttachmentsAreReadInOneGo() throws {
        let part = #"{"type":"image_url","image_url":{"url":"x"},"cache_control":{}}"#
        let turn = #"{"role":"user","content":["# + part + #"]},{"role":"assistant","content":"a"}"#
        let text = Requests.chat([String](repeating: turn, count: 20_000))
        let clock = ContinuousClock()
        var prepared: PreparedRequest?
        let took = try clock.measure { prepared = try Requests.prepare(text) }
        #expect(prepared?.blocks.count == 20_000 && prepared?.estimatedInputTokens ?? 0 > 20_000_000)
        #expect(took < .seconds(5), "\(took)")
    }

    @Test func anotherBodyThanTheOneReadDoesNotTrap() throws {
        let long = ByteBuffer(
            string: Requests.chat(
                [Requests.message("system", "x"), Requests.message("user", "abc")], #","tools":[{}]"#))
        var index = JSONIndex()
        let inbound = try PromptPipeline.read(long, kind: .conversation(.openAIChat), index: &index)
        var tools = ToolMemory()
        _ = try Self.pipeline.prepare(inbound, body: long, index: index, tools: &tools)
        for count in 0..<long.readableBytes {
            let cut = try #require(long.getSlice(at: 0, length: count))
            _ = try Self.pipeline.prepare(inbound, body: cut, index: index, tools: &tools)
        }
    }
}
