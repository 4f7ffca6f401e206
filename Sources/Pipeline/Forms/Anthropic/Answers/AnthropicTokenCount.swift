package import NIOCore
import Wire

/// Answers of `POST /v1/messages/count_tokens`.
package enum AnthropicTokenCount {
    package static func write(inputTokens: Int64, into buffer: inout ByteBuffer) {
        JSONWriter.write(into: &buffer) { writer in
            writer.object { $0.member("input_tokens", inputTokens) }
        }
    }
}
