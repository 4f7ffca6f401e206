import NIOCore
import Wire

/// Reads a client's body in the form of its path.
enum Inbound {
    static func read(
        _ body: ByteBuffer, kind: RequestKind, path: PathParameters?, index: inout JSONIndex
    ) throws(PipelineError) -> InboundRequest {
        try body.withUnsafeReadableBytes { bytes throws(PipelineError) in
            do throws(JSONError) {
                try index.read(bytes)
            } catch {
                throw PipelineError(RequestError(error))
            }
            do throws(RequestError) {
                return InboundRequest(kind: kind, view: try view(bytes, kind, path, index), path: path)
            } catch {
                throw PipelineError(error)
            }
        }
    }

    private static func view(
        _ bytes: UnsafeRawBufferPointer, _ kind: RequestKind, _ path: PathParameters?, _ index: JSONIndex
    ) throws(RequestError) -> PromptView {
        switch kind {
        case .conversation(.openAIChat), .tokenCount(.openAIChat): try PromptView(chat: bytes, index: index)
        case .conversation(.openAIResponses), .tokenCount(.openAIResponses):
            try PromptView(responses: bytes, index: index)
        case .conversation(.anthropicMessages): try PromptView(anthropic: bytes, index: index)
        case .tokenCount(.anthropicMessages): try PromptView(anthropic: bytes, index: index, isCount: true)
        case .conversation(.geminiGenerate), .tokenCount(.geminiGenerate):
            try PromptView(
                gemini: bytes, index: index, model: path?.model ?? "", isStream: path?.isStream ?? false)
        }
    }
}
