import HTTP1
import NIOCore
import Pipeline
import Wire

/// `PartBenchmarks list`, or `PartBenchmarks PART ROUNDS`: does one part's work that many times.
@main
struct PartBenchmarks {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let part = parts.first(where: { $0.name == arguments[1] }),
            let rounds = Int(arguments[2])
        else {
            for part in parts { print(part.name) }
            return
        }
        part.run(rounds)
    }

    struct Part: Sendable {
        let name: String
        let run: @Sendable (_ rounds: Int) -> Void
    }

    static let parts = [
        Part(name: "HTTP1:Request:2KB") { requests($0) },
        Part(name: "HTTP1:Response:Unary") { responses($0) },
        Part(name: "HTTP1:Response:Chunk") { chunks($0) },
        Part(name: "JSON:Index:2KB") { index(Bodies.small, $0) },
        Part(name: "JSON:Index:112KB") { index(Bodies.large, $0) },
        Part(name: "Pipeline:Read:2KB") { read(Bodies.small, $0) },
        Part(name: "Pipeline:Read:112KB") { read(Bodies.large, $0) },
        Part(name: "Pipeline:Read:Agent:112KB") { read(Bodies.agent, $0) },
        Part(name: "Pipeline:Prepare:2KB") { prepare(Bodies.small, $0) },
        Part(name: "Pipeline:Prepare:112KB") { prepare(Bodies.large, $0) },
        Part(name: "Pipeline:Prepare:KnownTools:2KB") { prepareKnown(Bodies.small, $0) },
        Part(name: "Pipeline:Prepare:Canonical:2KB") { prepare(Bodies.canonical, $0) },
        Part(name: "Pipeline:Prepare:Agent:112KB") { prepare(Bodies.agent, $0) },
        Part(name: "Pipeline:Prepare:Escaped:112KB") { prepare(Bodies.escaped, $0) },
        Part(name: "Pipeline:Render:2KB") { render($0) },
        Part(name: "Answer:Unary") { answers($0) },
        Part(name: "SSE:Event") { events($0) },
    ] + Translations.all.flatMap(\.parts)

    /// Keeps the optimizer from leaving out work whose result nobody reads.
    @inline(never)
    static func keep<Value>(_ value: Value) {}

    static func requests(_ rounds: Int) {
        let message = Bodies.message(Bodies.small)
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        for _ in 0..<rounds {
            var bytes = message
            reading: while let event = try? parser.next(&bytes) {
                switch event {
                case .end, .needMore: break reading
                case .head(let head): keep(head)
                case .body(let part): keep(part)
                }
            }
        }
    }

    static func responses(_ rounds: Int) {
        for _ in 0..<rounds {
            var parser = HTTP1ResponseParser(limits: HTTP1Limits())
            var bytes = Bodies.response
            reading: while let event = try? parser.next(&bytes) {
                if case .end = event { break reading }
                keep(event)
            }
        }
    }

    static func chunks(_ rounds: Int) {
        var parser = HTTP1ResponseParser(limits: HTTP1Limits())
        var head = Bodies.chunkedHead
        keep(try? parser.next(&head))
        for _ in 0..<rounds {
            var bytes = Bodies.chunk
            reading: while let event = try? parser.next(&bytes) {
                if case .needMore = event { break reading }
                keep(event)
            }
        }
    }

    static func index(_ body: ByteBuffer, _ rounds: Int) {
        var index = JSONIndex()
        for _ in 0..<rounds {
            body.withUnsafeReadableBytes { try? index.read($0) }
            keep(index.count)
        }
    }

    /// What comes before the stages: the index, and the request's fields.
    static func read(_ body: ByteBuffer, _ rounds: Int) {
        var index = JSONIndex()
        for _ in 0..<rounds { keep(try? PromptPipeline.read(body, kind: .conversation(.openAIChat), index: &index)) }
    }

    static func prepare(_ body: ByteBuffer, _ rounds: Int) {
        let pipeline = PromptPipeline(options: PipelineOptions())
        var index = JSONIndex()
        for _ in 0..<rounds { keep(try? pipeline.prepare(body: body, kind: .conversation(.openAIChat), index: &index)) }
    }

    /// The same tools as in the request before, as most requests have.
    static func prepareKnown(_ body: ByteBuffer, _ rounds: Int) {
        let pipeline = PromptPipeline(options: PipelineOptions())
        var index = JSONIndex()
        var tools = ToolMemory()
        for _ in 0..<rounds {
            guard let inbound = try? PromptPipeline.read(body, kind: .conversation(.openAIChat), index: &index) else { return }
            keep(try? pipeline.prepare(inbound, body: body, index: index, tools: &tools))
        }
    }

    static func render(_ rounds: Int) {
        let pipeline = PromptPipeline(options: PipelineOptions())
        var index = JSONIndex()
        guard let prepared = try? pipeline.prepare(body: Bodies.small, kind: .conversation(.openAIChat), index: &index),
            let dialect = DialectRegistry.dialect(kind: "openai-compatible")
        else { return }
        let target = OutboundTarget(dialect: dialect, model: "gpt-4o-mini")
        for _ in 0..<rounds {
            guard let rendered = try? pipeline.render(
                prepared, body: Bodies.small, for: target, context: RenderContext(), index: &index),
                case .edits(let edits) = rendered.content
            else { return }
            var out = ByteBuffer()
            out.reserveCapacity(edits.resultingCount(original: Bodies.small.readableBytes))
            Bodies.small.withUnsafeReadableBytes { edits.apply(to: $0, into: &out) }
            keep(out)
        }
    }

    static func answers(_ rounds: Int) {
        let route = AnswerRoute.sameForm(.openAIChat, .inclusive, hidesUsageChunk: true)
        var index = JSONIndex()
        for _ in 0..<rounds { keep(try? AnswerReader.readUnary(Bodies.answer, route: route, index: &index)) }
    }

    static func events(_ rounds: Int) {
        let route = AnswerRoute.sameForm(.openAIChat, .inclusive, hidesUsageChunk: true)
        var index = JSONIndex()
        var decoder = SSEDecoder()
        var reader = StreamReader(route: route)
        for _ in 0..<rounds {
            decoder.append(Bodies.event)
            while let event = try? decoder.next() {
                keep(reader.read(event, index: &index))
            }
        }
    }
}
