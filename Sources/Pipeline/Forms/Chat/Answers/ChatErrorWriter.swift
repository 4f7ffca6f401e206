package import NIOCore
import Wire

/// Writes errors of OpenAI's forms.
package enum ChatErrorWriter {
    package static func write(_ error: ClientError, into buffer: inout ByteBuffer) {
        ErrorBody.write(
            message: error.message, type: error.type, param: error.param, code: error.code, to: &buffer)
    }

    package static func writeEvent(_ error: ClientError, into buffer: inout ByteBuffer) {
        ErrorBody.writeEvent(
            message: error.message, type: error.type, param: error.param, code: error.code, to: &buffer)
    }
}
