package import NIOCore
import Wire

/// Writes errors of the Messages form (platform.claude.com, errors, read 2026-11).
package enum AnthropicErrorWriter {
    package static func write(_ error: ClientError, into buffer: inout ByteBuffer) {
        JSONWriter.write(into: &buffer) { write(error, to: &$0) }
    }

    package static func writeEvent(_ error: ClientError, into buffer: inout ByteBuffer) {
        SSEEncoder.write(event: "error", json: { write(error, to: &$0) }, into: &buffer)
    }

    private static func write(_ error: ClientError, to writer: inout JSONWriter) {
        writer.object { root in
            root.member("type", raw: "\"error\"")
            root.object("error") { object in
                object.member("type", type(of: error))
                object.member("message", error.message)
                // The vendor's own client goes on without threads when it reads this (package anthropic 2.11.0).
                if error.param == "thread" {
                    object.object("details") { $0.member("error_code", raw: "\"thread_unsupported_request\"") }
                }
            }
            root.member("request_id", error.requestID)
        }
    }

    private static func type(of error: ClientError) -> String {
        switch error.status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 409: "conflict_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 503, 529: "overloaded_error"
        case 504: "timeout_error"
        case 400..<500: "invalid_request_error"
        default: "api_error"
        }
    }
}
