import NIOCore
import Pipeline
import Testing
import Wire

/// The pipeline over texts.
enum Requests {
    static func prepare(_ text: String, _ options: PipelineOptions = PipelineOptions()) throws -> PreparedRequest {
        var index = JSONIndex()
        return try PromptPipeline(options: options).prepare(
            body: ByteBuffer(string: text), kind: .conversation(.openAIChat), index: &index)
    }

    /// The upstream's body for a client's, and what else was said of it.
    static func render(
        _ text: String, kind: String = "openai", model: String, options: PipelineOptions = PipelineOptions()
    ) throws -> (text: String, rendered: RenderedRequest) {
        let rendered = try rendered(text, kind: kind, model: model, options: options)
        return (String(buffer: upstream(rendered, of: ByteBuffer(string: text))), rendered)
    }

    /// A client's request in the words of a vendor of `kind`.
    static func rendered(
        _ text: String, kind: String, model: String, apiVersion: String? = nil, baseSegment: String = "v1",
        options: PipelineOptions = PipelineOptions()
    ) throws -> RenderedRequest {
        let dialect = try #require(DialectRegistry.dialect(kind: kind))
        var index = JSONIndex()
        return try PromptPipeline(options: options).render(
            try prepare(text, options), body: ByteBuffer(string: text),
            for: OutboundTarget(dialect: dialect, model: model, apiVersion: apiVersion, baseSegment: baseSegment),
            context: RenderContext(), index: &index)
    }

    /// What leaves for the upstream.
    static func upstream(_ rendered: RenderedRequest, of body: ByteBuffer) -> ByteBuffer {
        switch rendered.content {
        case .body(let own): return own
        case .edits(let edits):
            var upstream = ByteBuffer()
            body.withUnsafeReadableBytes { edits.apply(to: $0, into: &upstream) }
            return upstream
        }
    }

    /// As the client sent it, but for what a target needs.
    static let untouched: PipelineOptions = {
        var options = PipelineOptions()
        options.arrange = .off
        return options
    }()

    static func slice(_ text: String, _ range: Range<Int>) -> String {
        String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }

    /// A request of these messages, each a JSON text.
    static func chat(_ messages: [String], _ more: String = "") -> String {
        #"{"model":"m","messages":["# + messages.joined(separator: ",") + "]" + more + "}"
    }

    static func message(_ role: String, _ content: String) -> String {
        #"{"role":""# + role + #"","content":""# + content + #""}"#
    }
}

extension RenderedRequest {
    /// The usage chunk was asked for on the gateway's own account.
    var hidesUsageChunk: Bool {
        if case .sameForm(_, _, hidesUsageChunk: true) = answer { return true }
        return false
    }
}
