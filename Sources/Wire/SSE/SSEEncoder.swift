package import NIOCore

/// Writes server-sent events whose lines no content can break.
package enum SSEEncoder {
    /// Appends one event. Line feeds, carriage returns and pairs of them in `data` each begin a new `data` line, so a reader
    /// gets line feeds; in `name` they become spaces.
    package static func write(event name: String? = nil, data: ByteBuffer, into buffer: inout ByteBuffer) {
        writeName(name, into: &buffer)
        data.withUnsafeReadableBytes { writeLines("data: ", $0, into: &buffer) }
        buffer.writeStaticString("\n")
    }

    /// Appends one event, as with a buffer.
    package static func write(event name: String? = nil, data: String, into buffer: inout ByteBuffer) {
        writeName(name, into: &buffer)
        var data = data
        data.withUTF8 { writeLines("data: ", UnsafeRawBufferPointer($0), into: &buffer) }
        buffer.writeStaticString("\n")
    }

    /// Appends one event whose data is the JSON that `body` writes, which is one line. Copies nothing.
    package static func write(
        event name: String? = nil, json body: (inout JSONWriter) -> Void, into buffer: inout ByteBuffer
    ) {
        writeName(name, into: &buffer)
        buffer.writeStaticString("data: ")
        JSONWriter.write(into: &buffer, body)
        buffer.writeStaticString("\n\n")
    }

    /// Appends a comment and a blank line, which every reader skips.
    package static func write(comment: String, into buffer: inout ByteBuffer) {
        var comment = comment
        comment.withUTF8 { writeLines(": ", UnsafeRawBufferPointer($0), into: &buffer) }
        buffer.writeStaticString("\n")
    }

    private static func writeName(_ name: String?, into buffer: inout ByteBuffer) {
        guard let name, !name.isEmpty else { return }
        buffer.writeStaticString("event: ")
        buffer.writeBytes(name.utf8.lazy.map { $0 == 0x0A || $0 == 0x0D ? JSONByte.space : $0 })
        buffer.writeStaticString("\n")
    }

    /// Every line of `bytes` behind `prefix`; one line, if an empty one, at least.
    private static func writeLines(
        _ prefix: StaticString, _ bytes: UnsafeRawBufferPointer, into buffer: inout ByteBuffer
    ) {
        buffer.reserveCapacity(minimumWritableBytes: bytes.count &+ 16)
        var start = 0
        while true {
            let end = bytes.baseAddress.map { SSEScan.lineEnd($0, from: start, count: bytes.count) } ?? 0
            buffer.writeStaticString(prefix)
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            buffer.writeStaticString("\n")
            guard end < bytes.count else { return }
            let isPair = bytes[end] == 0x0D && end &+ 1 < bytes.count && bytes[end &+ 1] == 0x0A
            start = end &+ (isPair ? 2 : 1)
        }
    }
}
