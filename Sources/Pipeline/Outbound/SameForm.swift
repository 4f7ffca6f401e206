import NIOCore
import Wire

/// A request to a target that speaks the client's own form: the client's bytes but for the model's name, the request for
/// usage in streams, and what this vendor is known to spell otherwise.
struct SameForm {
    let prepared: PreparedRequest
    let form: RequestForm
    let target: OutboundTarget
    let context: RenderContext

    /// - Parameters:
    ///   - edits: what the stages before have changed.
    ///   - body: the client's, which only some vendors' requests are read again for.
    ///   - index: scratch.
    func render(
        _ edits: consuming JSONEdits, body: ByteBuffer, index: inout JSONIndex
    ) throws(PipelineError) -> RenderedRequest {
        var edits = edits
        var report = FidelityReport()
        let view = prepared.view
        let asksForUsage =
            form == .openAIChat && view.isStream && target.dialect.takesStreamUsage && !view.wantsUsageChunk
        let traits = form == .openAIChat ? target.dialect.traits(of: target.model) : VendorTraits()
        if traits.refusesOtherMarks { dropMarks(traits, body, view, &edits, &report) }
        do throws(JSONEditError) {
            if asksForUsage { try askForUsage(view, &edits) }
            if form == .openAIChat { try respell(view, traits, &edits, &report) }
            if traits.takesReasoningBack, view.toolsValue != nil {
                try stopThinking(body, view, &edits, &report, index: &index)
            }
            if let span = view.modelValue, target.model != view.model { try setModel(target.model, span, &edits) }
        } catch {
            throw .invalidRequest(message: "The request cannot be rewritten for this model's target.", param: nil)
        }
        return RenderedRequest(
            path: target.path(prepared.kind, isStream: view.isStream),
            content: .edits(edits), headers: headers, answer: answer(hidesUsageChunk: asksForUsage), report: report)
    }

    private func answer(hidesUsageChunk: Bool) -> AnswerRoute {
        switch prepared.kind {
        case .conversation: .sameForm(form, target.dialect.usageStyle, hidesUsageChunk: hidesUsageChunk)
        case .tokenCount, .operation, .geminiEmbedding: .tokenCount
        }
    }

    /// The client's fields that this vendor knows; Anthropic's API asks for its version in every request
    /// (platform.claude.com/docs/en/api/versioning, read 2026-11).
    private var headers: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for header in target.dialect.clientHeaders {
            if let value = context.headers[header] {
                fields.append((header.name, value))
            } else if header == .anthropicVersion, form == .anthropicMessages {
                fields.append((header.name, "2023-06-01"))
            }
        }
        return fields
    }

    private func setModel(_ model: String, _ span: Range<Int>, _ edits: inout JSONEdits) throws(JSONEditError) {
        if model.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            try edits.replace(span: (span.lowerBound + 1)..<(span.upperBound - 1), with: model)
        } else {
            var writer = JSONWriter()
            writer.string(model)
            try edits.replace(span: span, with: writer.buffer)
        }
    }

    /// What OpenAI has renamed and this vendor knows by the older name alone.
    private func respell(
        _ view: PromptView, _ traits: VendorTraits, _ edits: inout JSONEdits, _ report: inout FidelityReport
    ) throws(JSONEditError) {
        if !traits.takesDeveloperRole, !view.developerRoles.isEmpty {
            for span in view.developerRoles { try edits.replace(span: span, with: #""system""#) }
            report.rewrite("messages.role")
        }
        if !traits.takesMaxCompletionTokens, let key = view.maxCompletionTokensKey {
            try edits.replace(span: key, with: #""max_tokens""#)
            report.rewrite("max_completion_tokens")
        }
    }

    /// Takes out the cache marks that the model would refuse; what has been taken out before stays so.
    private func dropMarks(
        _ traits: VendorTraits, _ body: ByteBuffer, _ view: PromptView, _ edits: inout JSONEdits,
        _ report: inout FidelityReport
    ) {
        for span in view.cacheMarks {
            let mark = body.getSlice(at: body.readerIndex &+ span.lowerBound, length: span.count)
            let isBreakpoint = mark.map { String(buffer: $0).contains(#""prompt_cache_breakpoint""#) } ?? false
            if isBreakpoint, traits.takesBreakpoints { continue }
            guard (try? edits.remove(span: span)) != nil else { continue }
            report.drop(isBreakpoint ? "prompt_cache_breakpoint" : "cache_control")
        }
    }

    /// Asks for no thinking where the vendor wants thoughts back that the history does not have (`ChatThoughts`).
    private func stopThinking(
        _ body: ByteBuffer, _ view: PromptView, _ edits: inout JSONEdits, _ report: inout FidelityReport,
        index: inout JSONIndex
    ) throws(JSONEditError) {
        guard let root = JSONView(body, index: &index), ChatThoughts.areMissing(in: root) else { return }
        let said = body.withUnsafeReadableBytes { index.member("thinking", of: 0, in: $0) }
        if let said {
            try edits.replace(span: index.span(said), with: ChatThoughts.off)
            report.rewrite("thinking")
        } else {
            try edits.insert(at: view.afterBrace, #""thinking":{"type":"disabled"},"#)
            report.rewrite(.reasoning, of: form)
        }
    }

    private func askForUsage(_ view: PromptView, _ edits: inout JSONEdits) throws(JSONEditError) {
        switch view.streamOptions {
        case .absent:
            try edits.insert(at: view.afterBrace, #""stream_options":{"include_usage":true},"#)
        case .null(let span):
            try edits.replace(span: span, with: #"{"include_usage":true}"#)
        case .object(.absent, let afterBrace, isEmpty: true):
            try edits.insert(at: afterBrace, #""include_usage":true"#)
        case .object(.absent, let afterBrace, isEmpty: false):
            try edits.insert(at: afterBrace, #""include_usage":true,"#)
        case .object(.no(let span), _, _):
            try edits.replace(span: span, with: "true")
        case .object(.yes, _, _):
            break
        }
    }
}
