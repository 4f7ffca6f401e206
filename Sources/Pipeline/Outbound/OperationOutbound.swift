import NIOCore
import Wire

/// Puts what is no conversation into its target's words: OpenAI's operations as they came or in a vendor's own words, vectors
/// in either form.
struct OperationOutbound {
    let prepared: PreparedRequest
    let target: OutboundTarget
    let context: RenderContext

    func render(
        _ operation: Operation, _ edits: consuming JSONEdits, body: ByteBuffer, isStrict: Bool, index: inout JSONIndex
    ) throws(PipelineError) -> RenderedRequest {
        guard let request = prepared.operation else { throw .unreachable }
        if target.dialect.operations.contains(operation) { return try sameForm(request, edits) }
        if let vendor = target.dialect.nativeOperations, vendor.operations.contains(operation) {
            return try native(vendor, request, body: body, isStrict: isStrict, index: &index)
        }
        guard operation == .embeddings, target.dialect.embedsInGemini else { throw .unreachable }
        let texts: EmbeddingRequest
        do throws(ConversationError) {
            texts = try OpenAIEmbedding.readRequest(body, index: &index)
        } catch {
            throw PipelineError(error)
        }
        return try render(texts, isStrict: isStrict)
    }

    /// Vectors for a client of either form.
    func render(_ request: EmbeddingRequest, isStrict: Bool) throws(PipelineError) -> RenderedRequest {
        let isGemini = target.dialect.embedsInGemini
        guard isGemini || target.dialect.operations.contains(.embeddings) else { throw .unreachable }
        let written =
            isGemini
            ? GeminiEmbedding.write(request, model: target.model) : OpenAIEmbedding.write(request, model: target.model)
        if isStrict, let field = written.report.dropped.first { throw .notCarried(field) }
        let translation = EmbeddingTranslation(
            isGemini: isGemini, request: request, upstreamModel: target.model,
            estimatedInputTokens: prepared.estimatedInputTokens)
        let kind: RequestKind = isGemini ? .geminiEmbedding(isBatch: true) : .operation(.embeddings)
        return RenderedRequest(
            path: target.path(kind, isStream: false), content: .body(written.body), headers: written.headers,
            answer: .embedding(translation), report: written.report)
    }

    private func sameForm(
        _ request: OperationRequest, _ edits: consuming JSONEdits
    ) throws(PipelineError) -> RenderedRequest {
        var edits = edits
        do throws(JSONEditError) {
            try request.setModel(target.model, in: &edits)
        } catch {
            throw .invalidRequest(message: "The request cannot be rewritten for this model's target.", param: nil)
        }
        let isForm = request.requestFormat == .multipart
        return RenderedRequest(
            path: target.path(.operation(request.operation), isStream: request.view.isStream), content: .edits(edits),
            contentType: isForm ? context.contentType : nil, answer: .operation(request), report: FidelityReport())
    }

    private func native(
        _ vendor: any NativeOperations, _ request: OperationRequest, body: ByteBuffer, isStrict: Bool,
        index: inout JSONIndex
    ) throws(PipelineError) -> RenderedRequest {
        let fields: OperationFields
        let call: NativeCall
        do throws(ConversationError) {
            fields = try OperationFields(body, of: request, contentType: context.contentType, index: &index)
            call = try vendor.write(
                NativeRequest(
                    operation: request.operation, isStream: request.view.isStream, fields: fields, target: target),
                index: &index)
        } catch {
            throw PipelineError(error)
        }
        if isStrict, let field = call.report.dropped.first { throw .notCarried(field) }
        let translation = NativeTranslation(
            vendor: vendor, operation: request.operation, fields: fields, upstreamModel: target.model,
            createdSeconds: context.createdSeconds, estimatedInputTokens: prepared.estimatedInputTokens)
        var rendered = RenderedRequest(
            path: call.path, content: .body(call.body), headers: call.headers, answer: .native(translation),
            report: call.report)
        rendered.isPathWhole = true
        rendered.asksForEvents = call.asksForEvents
        return rendered
    }
}
