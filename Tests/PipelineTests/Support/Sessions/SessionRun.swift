import NIOCore
import Pipeline
import Synchronization
import Testing
import Wire

/// A kind of vendor with one of its models.
struct PrefixTarget: CustomTestStringConvertible, Sendable {
    let kind: String
    let model: String

    var testDescription: String { "\(kind) \(model)" }

    /// Each kind of vendor, and of those that treat models differently one of each sort.
    static let all = [
        PrefixTarget(kind: "openai", model: "gpt-4.1"), PrefixTarget(kind: "openai", model: "gpt-5.6-sol"),
        PrefixTarget(kind: "openai", model: "gpt-6.1-sol"), PrefixTarget(kind: "azure-openai", model: "gpt-4.1"),
        PrefixTarget(kind: "anthropic", model: "claude-sonnet-5"), PrefixTarget(kind: "anthropic", model: "claude-3-7-sonnet"),
        PrefixTarget(kind: "gemini", model: "gemini-3-pro"), PrefixTarget(kind: "gemini", model: "gemini-2.5-flash"),
        PrefixTarget(kind: "deepseek", model: "deepseek-chat"), PrefixTarget(kind: "qwen", model: "qwen3-max"),
        PrefixTarget(kind: "doubao", model: "doubao-seed-2"), PrefixTarget(kind: "openai-compatible", model: "llama"),
        PrefixTarget(kind: "simulator", model: "gpt-5.6-sol"),
    ]

    /// One for each form that vendors speak.
    static let oneForEachForm = [
        PrefixTarget(kind: "deepseek", model: "deepseek-chat"), PrefixTarget(kind: "openai", model: "gpt-6.1-sol"),
        PrefixTarget(kind: "anthropic", model: "claude-sonnet-5"), PrefixTarget(kind: "gemini", model: "gemini-3-pro"),
    ]
}

/// The requests of a session on their way to one vendor.
struct SessionRun {
    /// What the gateway remembers of earlier cuts.
    final class Anchors: Sendable {
        private let starts = Mutex<Set<UInt64>>([])

        var known: CutAnchors { CutAnchors { start in self.starts.withLock { $0.contains(start) } } }

        func remember(_ cut: HistoryCut?) {
            guard let cut else { return }
            starts.withLock { _ = $0.insert(cut.start) }
        }
    }

    /// A request as it leaves.
    struct Sent {
        let client: String
        let stamps: [String]
        let prepared: PreparedRequest
        let prompt: RenderedPrompt
        /// The body that leaves.
        let body: ByteBuffer
        /// Stands in what was said last alone.
        let lastWord: String
    }

    let target: PrefixTarget
    let dialect: Dialect
    let options: PipelineOptions
    let writer: SessionWriter
    let noise: Spelling.Noise

    /// - Parameters:
    ///   - seed: of the session.
    ///   - changed: seeds a change somewhere in it; nil: there is none.
    init(
        seed: UInt64, from client: RequestForm, to target: PrefixTarget, _ options: PipelineOptions, noise: Spelling.Noise,
        shape: SessionShape = SessionShape(), window: Int? = nil, changed: UInt64? = nil
    ) throws {
        dialect = try #require(DialectRegistry.dialect(kind: target.kind))
        self.target = target
        self.options = options
        self.noise = noise
        var shape = shape
        let traits = dialect.traits(of: target.model)
        let isChat = dialect.forms.first == .openAIChat
        shape.takesImages = shape.takesImages && (traits.takesImages || !isChat)
        shape.takesFiles = shape.takesFiles && (traits.takesFiles || !isChat)
        shape.hasCustomTools = client == .openAIChat || client == .openAIResponses
        shape.hasHostedTools = client != .openAIChat
        var session = AgentSession(seed: seed, shape: shape)
        if let changed { session.change(seed: changed) }
        let vendor = dialect.forms.contains(client) ? client : dialect.forms[0]
        writer = SessionWriter(session: session, client: client, vendor: vendor, window: window)
    }

    /// All requests, each spelled anew.
    func sent(seed: UInt64) throws -> [Sent] {
        let anchors = Anchors()
        var random = SeededGenerator(seed: seed)
        var index = JSONIndex()
        return try writer.session.points.map { point in
            let (text, stamps) = writer.request(point, Spelling(noise, seed: random.next()))
            let body = ByteBuffer(string: text)
            let pipeline = PromptPipeline(options: options)
            let path = writer.client == .geminiGenerate ? PathParameters(model: "m", isStream: false) : nil
            let prepared = try pipeline.prepare(
                body: body, kind: .conversation(writer.client), path: path, anchors: anchors.known, index: &index)
            anchors.remember(prepared.cut)
            let rendered = try pipeline.render(
                prepared, body: body, for: OutboundTarget(dialect: dialect, model: target.model),
                context: RenderContext(idSeed: random.next(), createdSeconds: 1, cache: Self.outlook(&random)), index: &index)
            let upstream = Requests.upstream(rendered, of: body)
            return Sent(
                client: text, stamps: stamps, prepared: prepared,
                prompt: try RenderedPrompt(upstream, in: rendered.form(client: writer.client)), body: upstream,
                lastWord: writer.session.lastWord(of: point))
        }
    }

    private static func outlook(_ random: inout SeededGenerator) -> CacheOutlook {
        CacheOutlook(
            typicalGap: random.chance(60) ? .seconds(Int.random(in: 0...5_000, using: &random)) : nil,
            turnsSeen: Int.random(in: 0...30, using: &random), warmBlocks: Int.random(in: 0...9, using: &random),
            expectedReusePermille: random.chance(40) ? Int64.random(in: 0...20_000, using: &random) : nil)
    }
}

extension RenderedRequest {
    /// Whose words its body is in.
    func form(client: RequestForm) -> RequestForm {
        if case .translated(let translation) = answer { translation.vendorForm } else { client }
    }
}
