import FoundationEssentials
import Gateway
import NIOCore

/// Writes answer heads in HTTP/1.1.
enum HTTP1AnswerWriter {
    /// How the body is framed.
    enum Body {
        case length(Int)
        case chunked
        /// It ends with the connection.
        case untilClose
    }

    /// The whole head, blank line included.
    static func writeHead(
        _ head: AnswerHead, labels: [CandidateLabel], body: Body, isKeepAlive: Bool, to buffer: inout ByteBuffer
    ) {
        HTTP1Writer.writeStatusLine(head.status, to: &buffer)
        switch body {
        case .length(let length): HTTP1Writer.writeContentLength(length, to: &buffer)
        case .chunked: buffer.writeStaticString("transfer-encoding: chunked\r\n")
        case .untilClose: break
        }
        if !isKeepAlive { buffer.writeStaticString("connection: close\r\n") }
        var sink = HTTP1FieldSink(buffer: buffer)
        buffer = ByteBuffer()
        AnswerFields.write(head, labels: labels, to: &sink)
        buffer = sink.buffer
        buffer.writeStaticString("\r\n")
    }
}

/// Fields as lines.
struct HTTP1FieldSink: FieldSink {
    var buffer: ByteBuffer

    private mutating func begin(_ name: StaticString) {
        buffer.writeStaticString(name)
        buffer.writeStaticString(": ")
    }

    mutating func text(_ name: StaticString, _ value: String) {
        begin(name)
        HeaderText.writeValue(value, to: &buffer)
        buffer.writeStaticString("\r\n")
    }

    mutating func number(_ name: StaticString, _ value: Int) {
        begin(name)
        HTTP1Writer.writeDecimal(value, to: &buffer)
        buffer.writeStaticString("\r\n")
    }

    mutating func identifier(_ name: StaticString, _ value: UUID) {
        begin(name)
        HeaderText.writeUUID(value, to: &buffer)
        buffer.writeStaticString("\r\n")
    }

    mutating func hash(_ name: StaticString, _ value: UInt64) {
        begin(name)
        HeaderText.writeHexadecimal(value, to: &buffer)
        buffer.writeStaticString("\r\n")
    }
}
