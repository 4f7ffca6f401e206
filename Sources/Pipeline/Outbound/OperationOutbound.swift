import NIOCore
import Wire

/// Puts what is no conversation into its target's words: OpenAI's operations as they came, vectors in either form.
struct OperationOutbound {
    let prepared: PreparedRequest
    let target: OutboundTarget
    /// The client's, which a form's boundary stands in.
    let contentType: String?

    func render(
        _ operation: Operation, _ edits: consuming JSONEdits, body: ByteBuffer, isStrict: Bool, index: inout JSONIndex
    ) throws(PipelineError) -> RenderedRequest {
        guard let request = prepared.operation else { throw .unreachable }
        if target.dialect.operations.contains(operation) { return try sameForm(request, edits) }
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
        let isForm = request.operation.requestFormat == .multipart
        return RenderedRequest(
            path: target.path(.operation(request.operation), isStream: request.view.isStream), content: .edits(edits),
            contentType: isForm ? contentType : nil, answer: .operation(request), report: FidelityReport())
    }
}
