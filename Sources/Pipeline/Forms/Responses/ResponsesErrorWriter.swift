package import NIOCore
import Wire

/// Writes errors as clients of Responses know them.
package enum ResponsesErrorWriter {
    /// The body: OpenAI's, as in all its forms.
    package static func write(_ error: ClientError, into buffer: inout ByteBuffer) {
        ErrorBody.write(message: error.message, type: error.type, param: error.param, code: error.code, to: &buffer)
    }

    /// The event that ends a stream which had not begun: its `sequence_number` is 0.
    package static func writeEvent(_ error: ClientError, into buffer: inout ByteBuffer) {
        writeEvent(error, sequence: 0, into: &buffer)
    }

    /// The members of the form's error event, and OpenAI's error as in all its forms: its packages raise for the `error`
    /// member alone, and hand on an event without one (package openai 3.52.0, `_streaming.py`, read 2026-11).
    static func writeEvent(_ error: ClientError, sequence: Int, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("event: error\ndata: ")
        JSONWriter.write(into: &buffer) { writer in
            writer.object {
                $0.member("type", "error")
                $0.member("sequence_number", sequence)
                $0.member("code", error.code)
                $0.member("message", error.message)
                $0.member("param", error.param)
                $0.object("error") { inner in
                    inner.member("message", error.message)
                    inner.member("type", error.type)
                    inner.member("param", error.param)
                    inner.member("code", error.code)
                }
            }
        }
        buffer.writeStaticString("\n\n")
    }

    /// `response.failed`, for a stream that had begun: some clients know a failure by it alone. An `error` event follows.
    ///
    /// - Parameter response: writes the response's object, with `failure(_:)` in it.
    static func writeFailed(sequence: Int, into buffer: inout ByteBuffer, _ response: (inout JSONWriter) -> Void) {
        buffer.writeStaticString("event: response.failed\ndata: ")
        JSONWriter.write(into: &buffer) { writer in
            writer.object {
                $0.member("type", "response.failed")
                $0.member("sequence_number", sequence)
                $0.key("response")
                response(&$0)
            }
        }
        buffer.writeStaticString("\n\n")
    }

    /// Ends a stream in the client's own form, of which no more is known than what its events said.
    ///
    /// - Parameters:
    ///   - start: nil: it had not begun.
    ///   - sequence: the number behind the last one the client has seen.
    static func writeEnd(
        _ error: ClientError, after start: CompletionStart?, sequence: Int, into buffer: inout ByteBuffer
    ) {
        guard let start, let id = start.id else { return writeEvent(error, sequence: sequence, into: &buffer) }
        writeFailed(sequence: sequence, into: &buffer) { writer in
            writer.object {
                $0.member("id", id)
                $0.member("object", "response")
                $0.member("created_at", start.createdSeconds ?? 0)
                $0.member("status", "failed")
                $0.key("error")
                $0.failure(error)
                $0.member("incomplete_details", JSONFragment.null)
                $0.member("model", start.model ?? .empty)
                $0.array("output") { _ in }
                $0.member("usage", JSONFragment.null)
            }
        }
        writeEvent(error, sequence: sequence &+ 1, into: &buffer)
    }
}

extension JSONWriter {
    /// The `error` of a response that failed, whose codes are few (package openai 3.52.0, `ResponseError`, read 2026-11).
    mutating func failure(_ error: ClientError) {
        object {
            $0.member("code", error.status == 429 ? "rate_limit_exceeded" : "server_error")
            $0.member("message", error.message)
        }
    }
}
