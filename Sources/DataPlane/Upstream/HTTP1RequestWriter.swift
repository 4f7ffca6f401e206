import Gateway
import NIOCore
import Pipeline
import Wire

/// Writes an upstream request in HTTP/1.1.
enum HTTP1RequestWriter {
    /// A body up to this is copied behind the head and leaves in one buffer; a larger one leaves in slices of the client's.
    private static let maximumCopiedBytes = 16 * 1024

    static func write(_ request: OutboundRequest, allocator: ByteBufferAllocator, send: (ByteBuffer) -> Void) {
        let length = request.bodyByteCount
        let isCopied = length <= maximumCopiedBytes
        var buffer = allocator.buffer(
            capacity: 160 + request.candidate.basePath.utf8.count + request.candidate.requestHeaders.count
                + (isCopied ? length : 0))
        writeHead(request, length: length, to: &buffer)
        guard isCopied else {
            send(buffer)
            switch request.rendered.content {
            case .edits(let edits): for piece in edits.pieces(of: request.body) { send(piece) }
            case .body(let body): send(body)
            }
            return
        }
        switch request.rendered.content {
        case .edits(let edits): request.body.withUnsafeReadableBytes { edits.apply(to: $0, into: &buffer) }
        case .body(let body): buffer.writeImmutableBuffer(body)
        }
        send(buffer)
    }

    private static func writeHead(_ request: OutboundRequest, length: Int, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("POST ")
        if !request.rendered.isPathWhole { buffer.writeString(request.candidate.basePath) }
        buffer.writeString(request.rendered.path)
        buffer.writeBytes(request.candidate.requestHeaders)
        for field in request.rendered.headers {
            buffer.writeString(field.name)
            buffer.writeStaticString(": ")
            HeaderText.writeValue(field.value, to: &buffer)
            buffer.writeStaticString("\r\n")
        }
        if let contentType = request.rendered.contentType {
            buffer.writeStaticString("content-type: ")
            HeaderText.writeValue(contentType, to: &buffer)
            buffer.writeStaticString("\r\n")
        } else {
            buffer.writeStaticString("content-type: application/json\r\n")
        }
        buffer.writeStaticString(
            request.isStream || request.rendered.asksForEvents
                ? "accept: text/event-stream\r\ncontent-length: "
                : "accept: application/json\r\ncontent-length: ")
        HTTP1Writer.writeDecimal(length, to: &buffer)
        buffer.writeStaticString("\r\n\r\n")
    }
}

extension OutboundRequest {
    fileprivate var bodyByteCount: Int {
        switch rendered.content {
        case .edits(let edits): edits.resultingCount(original: body.readableBytes)
        case .body(let body): body.readableBytes
        }
    }
}
