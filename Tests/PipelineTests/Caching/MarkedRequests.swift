import NIOCore
import Pipeline
import Testing
import Wire

/// Requests with places where a mark is expected.
///
/// A template is a client's body with signs in it: `<5>` where a mark of the shorter life is expected on an object, `<h>` one of
/// the longer; `<[>` and `<]5>`, `<]h>` around a text that is expected to become a list. Without them it is what the client sends.
enum MarkedRequests {
    static func body(_ template: String) -> String {
        signs("", "", "", "", "", template)
    }

    /// - Parameter mark: the mark's text without the brace that ends it, which `"ttl"` may precede.
    static func expected(_ template: String, _ mark: String = ccMark, long: String = ccLong, type: String = "text")
        -> String
    {
        signs(mark, long, #"[{"type":"\#(type)","text":"#, mark + "}]", long + "}]", template)
    }

    static let ccMark = #","cache_control":{"type":"ephemeral"}"#
    static let ccLong = #","cache_control":{"type":"ephemeral","ttl":"1h"}"#
    static let breakpoint = #","prompt_cache_breakpoint":{"mode":"explicit"}"#
    static let breakpointLong = #","prompt_cache_breakpoint":{"mode":"explicit","ttl":"12h"}"#

    private static func signs(
        _ mark: String, _ long: String, _ start: String, _ end: String, _ longEnd: String, _ template: String
    ) -> String {
        template.replacing("<5>", with: mark).replacing("<h>", with: long).replacing("<[>", with: start)
            .replacing("<]5>", with: end).replacing("<]h>", with: longEnd)
    }

    /// Prose of about so many tokens.
    static func words(_ tokens: Int) -> String { String(repeating: "abc ", count: tokens - 1) + "end." }

    static func rendered(
        _ text: String, form: RequestForm = .anthropicMessages, kind: String = "anthropic",
        model: String = "claude-sonnet-5", cache: PipelineOptions.CacheMarks = .auto,
        outlook: CacheOutlook = CacheOutlook(), terms: CacheTerms? = nil,
        arrange: PipelineOptions.Arrangement = .off
    ) throws -> (text: String, rendered: RenderedRequest) {
        var options = PipelineOptions()
        options.cache = cache
        options.arrange = arrange
        let pipeline = PromptPipeline(options: options)
        let body = ByteBuffer(string: text)
        var index = JSONIndex()
        let path = form == .geminiGenerate ? PathParameters(model: "m", isStream: false) : nil
        let prepared = try pipeline.prepare(body: body, kind: .conversation(form), path: path, index: &index)
        let dialect = try #require(DialectRegistry.dialect(kind: kind))
        let rendered = try pipeline.render(
            prepared, body: body, for: OutboundTarget(dialect: dialect, model: model, cacheTerms: terms),
            context: RenderContext(cache: outlook), index: &index)
        return (String(buffer: Requests.upstream(rendered, of: body)), rendered)
    }

    /// Sonnet's prices, in pico-USD a token.
    static let terms = CacheTerms(input: 3_000_000, read: 300_000, shortWrite: 3_750_000, longWrite: 6_000_000)
}
