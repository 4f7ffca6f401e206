package import NIOCore

/// Writes the framing of messages.
package enum HTTP1Writer {
    /// `HTTP/1.1 200 OK` and its line end.
    package static func writeStatusLine(_ status: Int, to buffer: inout ByteBuffer) {
        if status == 200 {
            buffer.writeStaticString("HTTP/1.1 200 OK\r\n")
            return
        }
        buffer.writeStaticString("HTTP/1.1 ")
        writeDecimal(min(max(status, 100), 999), to: &buffer)
        buffer.writeStaticString(" ")
        buffer.writeStaticString(phrase(of: status))
        buffer.writeStaticString("\r\n")
    }

    package static func writeContentLength(_ length: Int, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("content-length: ")
        writeDecimal(length, to: &buffer)
        buffer.writeStaticString("\r\n")
    }

    /// A chunk's size line. The size is above 0: the chunk of size 0 ends the body.
    package static func writeChunkHeader(_ size: Int, to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 18) { target in
            let digits = max(1, (Int.bitWidth - max(size, 0).leadingZeroBitCount + 3) / 4)
            guard target.count >= digits + 2 else { return 0 }
            for at in 0..<digits {
                let nibble = UInt8(truncatingIfNeeded: size >> ((digits - 1 - at) * 4)) & 0x0F
                target[at] = nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble
            }
            target[digits] = 0x0D
            target[digits + 1] = 0x0A
            return digits + 2
        }
    }

    /// A decimal number, without a `String` in between.
    package static func writeDecimal(_ value: Int, to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { target in
            var rest = value.magnitude
            let sign = value < 0 ? 1 : 0
            var length = sign
            repeat {
                length += 1
                rest /= 10
            } while rest > 0
            guard target.count >= length else { return 0 }
            rest = value.magnitude
            for at in stride(from: length - 1, through: sign, by: -1) {
                target[at] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            if value < 0 { target[0] = UInt8(ascii: "-") }
            return length
        }
    }

    private static func phrase(of status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}
