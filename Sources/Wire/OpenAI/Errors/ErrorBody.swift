package import NIOCore

/// Writes errors in OpenAI's form: `{"error":{"message","type","param","code"}}`.
package enum ErrorBody {
    /// Appends an error body. `param` and `code` nil are written as null, as OpenAI does.
    package static func write(
        message: String, type: String, param: String?, code: String?, to buffer: inout ByteBuffer
    ) {
        JSONWriter.write(into: &buffer) { write(message: message, type: type, param: param, code: code, to: &$0) }
    }

    /// Appends the event that ends a stream that failed; no `[DONE]` follows it.
    package static func writeEvent(
        message: String, type: String, param: String?, code: String?, to buffer: inout ByteBuffer
    ) {
        SSEEncoder.write(
            json: { write(message: message, type: type, param: param, code: code, to: &$0) }, into: &buffer)
    }

    private static func write(message: String, type: String, param: String?, code: String?, to writer: inout JSONWriter)
    {
        writer.object {
            $0.object("error") {
                $0.member("message", message)
                $0.member("type", type)
                $0.member("param", param)
                $0.member("code", code)
            }
        }
    }
}
