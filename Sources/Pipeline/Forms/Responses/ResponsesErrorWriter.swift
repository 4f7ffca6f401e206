package import NIOCore
import Wire

/// Writes errors as clients of Responses know them.
package enum ResponsesErrorWriter {
    /// The body: OpenAI's, as in all its forms.
    package static func write(_ error: ClientError, into buffer: inout ByteBuffer) {
        ErrorBody.write(message: error.message, type: error.type, param: error.param, code: error.code, to: &buffer)
    }

    /// The event that ends a stream whose events were not counted: its `sequence_number` is 0.
    package static func writeEvent(_ error: ClientError, into buffer: inout ByteBuffer) {
        writeEvent(error, sequence: 0, into: &buffer)
    }

    static func writeEvent(_ error: ClientError, sequence: Int, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("event: error\ndata: ")
        JSONWriter.write(into: &buffer) { writer in
            writer.object {
                $0.member("type", "error")
                $0.member("code", error.code)
                $0.member("message", error.message)
                $0.member("param", error.param)
                $0.member("sequence_number", sequence)
            }
        }
        buffer.writeStaticString("\n\n")
    }
}
