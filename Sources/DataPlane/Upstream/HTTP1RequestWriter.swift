import Gateway
import NIOCore
import Pipeline
import Wire

/// Writes an upstream request in HTTP/1.1.
enum HTTP1RequestWriter {
    /// A body up to this is copied behind the head and leaves in one buffer; a larger one leaves in slices of the client's.
    private static let maximumCopiedBytes = 16 * 1024

    static func write(_ request: OutboundRequest, allocator: ByteBufferAllocator, send: (ByteBuffer) -> Void) {
        let edits = request.rendered.edits
        let length = edits.resultingCount(original: request.body.readableBytes)
        let isCopied = length <= maximumCopiedBytes
        var buffer = allocator.buffer(
            capacity: 96 + request.candidate.basePath.utf8.count + request.candidate.requestHeaders.count + (isCopied ? length : 0))
        buffer.writeStaticString("POST ")
        buffer.writeString(request.candidate.basePath)
        buffer.writeStaticString(request.rendered.pathSuffix)
        buffer.writeBytes(request.candidate.requestHeaders)
        buffer.writeStaticString(
            request.isStream ? "accept: text/event-stream\r\ncontent-length: " : "accept: application/json\r\ncontent-length: ")
        HTTP1Writer.writeDecimal(length, to: &buffer)
        buffer.writeStaticString("\r\n\r\n")
        if isCopied {
            request.body.withUnsafeReadableBytes { edits.apply(to: $0, into: &buffer) }
            send(buffer)
        } else {
            send(buffer)
            for piece in edits.pieces(of: request.body) { send(piece) }
        }
    }
}
