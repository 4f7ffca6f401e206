package import NIOCore
import Wire

/// Writes errors as Google's APIs do (google.rpc.Status with BadRequest, ErrorInfo and RetryInfo; ai.google.dev,
/// troubleshooting, read 2026-11).
package enum GeminiErrorWriter {
    package static func write(_ error: ClientError, into buffer: inout ByteBuffer) {
        JSONWriter.write(into: &buffer) { write(error, to: &$0) }
    }

    package static func writeEvent(_ error: ClientError, into buffer: inout ByteBuffer) {
        SSEEncoder.write(json: { write(error, to: &$0) }, into: &buffer)
    }

    private static func write(_ error: ClientError, to writer: inout JSONWriter) {
        writer.object { root in
            root.object("error") { object in
                object.member("code", error.status)
                object.member("message", error.message)
                object.member("status", raw: word(error.status))
                object.array("details") { writeDetails(of: error, to: &$0) }
            }
        }
    }

    private static func writeDetails(of error: ClientError, to details: inout JSONWriter) {
        details.object { detail in
            detail.member("@type", raw: "\"type.googleapis.com/google.rpc.ErrorInfo\"")
            detail.member("reason", error.code)
            detail.member("domain", raw: "\"tokenrouter\"")
        }
        if let field = error.param {
            details.object { detail in
                detail.member("@type", raw: "\"type.googleapis.com/google.rpc.BadRequest\"")
                detail.array("fieldViolations") { list in
                    list.object { violation in
                        violation.member("field", field)
                        violation.member("description", error.message)
                    }
                }
            }
        }
        if let seconds = error.retryAfterSeconds {
            details.object { detail in
                detail.member("@type", raw: "\"type.googleapis.com/google.rpc.RetryInfo\"")
                detail.member("retryDelay", "\(seconds)s")
            }
        }
    }

    private static func word(_ status: Int) -> StaticString {
        switch status {
        case 401: "\"UNAUTHENTICATED\""
        case 402: "\"FAILED_PRECONDITION\""
        case 403: "\"PERMISSION_DENIED\""
        case 404: "\"NOT_FOUND\""
        case 409: "\"ABORTED\""
        case 429: "\"RESOURCE_EXHAUSTED\""
        case 499: "\"CANCELLED\""
        case 501: "\"UNIMPLEMENTED\""
        case 502, 503, 529: "\"UNAVAILABLE\""
        case 504, 408: "\"DEADLINE_EXCEEDED\""
        case 400..<500: "\"INVALID_ARGUMENT\""
        default: "\"INTERNAL\""
        }
    }
}
