import NIOCore
import Wire

/// Reads a client's body in the form of its path.
struct Inbound {
    let kind: RequestKind
    let path: PathParameters?
    /// The client's, where a body may be other than JSON.
    let contentType: String?

    func read(_ body: ByteBuffer, index: inout JSONIndex) throws(PipelineError) -> InboundRequest {
        switch kind {
        case .conversation(let form): try conversation(body, form, isCount: false, index: &index)
        case .tokenCount(let form): try conversation(body, form, isCount: true, index: &index)
        case .operation(let operation): try read(body, operation, index: &index)
        case .geminiEmbedding(let isBatch): try embedding(body, isBatch: isBatch, index: &index)
        }
    }

    private func conversation(
        _ body: ByteBuffer, _ form: RequestForm, isCount: Bool, index: inout JSONIndex
    ) throws(PipelineError) -> InboundRequest {
        try body.withUnsafeReadableBytes { bytes throws(PipelineError) in
            do throws(JSONError) {
                try index.read(bytes)
            } catch {
                throw PipelineError(RequestError(error))
            }
            do throws(RequestError) {
                let view = try view(bytes, form, isCount: isCount, index)
                return InboundRequest(kind: kind, view: view, path: path, reading: index.reading)
            } catch {
                throw PipelineError(error)
            }
        }
    }

    private func view(
        _ bytes: UnsafeRawBufferPointer, _ form: RequestForm, isCount: Bool, _ index: JSONIndex
    ) throws(RequestError) -> PromptView {
        switch form {
        case .openAIChat: try PromptView(chat: bytes, index: index)
        case .openAIResponses: try PromptView(responses: bytes, index: index)
        case .anthropicMessages: try PromptView(anthropic: bytes, index: index, isCount: isCount)
        case .geminiGenerate:
            try PromptView(
                gemini: bytes, index: index, model: path?.model ?? "", isStream: path?.isStream ?? false)
        }
    }

    private func read(
        _ body: ByteBuffer, _ operation: Operation, index: inout JSONIndex
    ) throws(PipelineError) -> InboundRequest {
        do throws(RequestError) {
            let request = try OperationRequest.read(
                body, operation: operation, contentType: contentType, index: &index)
            return InboundRequest(kind: kind, view: request.view, path: path, operation: request)
        } catch {
            throw PipelineError(error)
        }
    }

    private func embedding(
        _ body: ByteBuffer, isBatch: Bool, index: inout JSONIndex
    ) throws(PipelineError) -> InboundRequest {
        let path = path ?? PathParameters(model: "", isStream: false)
        do throws(ConversationError) {
            let request = try GeminiEmbedding.readRequest(body, path: path, isBatch: isBatch, index: &index)
            var view = PromptView(afterBrace: 1, model: path.model, modelValue: nil)
            view.messagesValue = 0..<body.readableBytes
            return InboundRequest(kind: kind, view: view, path: path, embedding: request)
        } catch {
            throw PipelineError(error)
        }
    }
}
