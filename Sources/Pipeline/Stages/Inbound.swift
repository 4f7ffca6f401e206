import NIOCore
import Wire

/// Reads a client's body in the form of its path.
enum Inbound {
    static func readChat(_ body: ByteBuffer, index: inout JSONIndex) throws(PipelineError) -> InboundRequest {
        try body.withUnsafeReadableBytes { bytes throws(PipelineError) in
            do throws(JSONError) {
                try index.read(bytes)
            } catch {
                throw PipelineError(ChatRequestError(error))
            }
            do throws(ChatRequestError) {
                return InboundRequest(form: .openAIChat, chat: try ChatRequestView(bytes, index: index))
            } catch {
                throw PipelineError(error)
            }
        }
    }
}
