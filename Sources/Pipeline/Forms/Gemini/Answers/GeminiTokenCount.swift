package import NIOCore
import Wire

/// Answers of `:countTokens`.
package enum GeminiTokenCount {
    package static func write(totalTokens: Int64, into buffer: inout ByteBuffer) {
        JSONWriter.write(into: &buffer) { writer in
            writer.object { $0.member("totalTokens", totalTokens) }
        }
    }
}
