package import NIOCore

/// A response's head: what the gateway acts on, and its bytes.
package struct HTTP1ResponseHead: HTTP1Head, Equatable {
    package var bytes: ByteBuffer
    /// 200…599; informational responses are not heads.
    package var status = 0
    package var isKeepAlive = true
    package var body = HTTP1BodyFraming.untilClose
    package var contentType: HTTP1Span?
    package var contentEncoding: HTTP1Span?
    package var retryAfter: HTTP1Span?
    /// `retry-after-ms`, which is not HTTP's but the vendors'.
    package var retryAfterMilliseconds: HTTP1Span?
    /// There are fields that tell of limits.
    package var hasLimits = false

    init(bytes: ByteBuffer) {
        self.bytes = bytes
    }

    /// True where `content-type` is this type, whatever its parameters.
    package func hasContentType(_ type: StaticString) -> Bool {
        guard let contentType else { return false }
        return withBytes(of: contentType) { value in
            let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
            return HTTP1Bytes.equals(value, HTTP1Bytes.trimmed(value, 0..<end), type)
        }
    }

    /// The content type where it is neither JSON nor events; nil: it is, or there is none.
    package var otherContentType: String? {
        guard let contentType, !hasContentType("application/json"), !hasContentType("text/event-stream") else {
            return nil
        }
        return string(contentType)
    }

    /// True where the body is compressed, which was never asked for.
    package var isContentEncoded: Bool {
        guard let contentEncoding else { return false }
        return withBytes(of: contentEncoding) { !$0.isEmpty && !HTTP1Bytes.equals($0, 0..<$0.count, "identity") }
    }
}

extension HTTP1ResponseHead {
    /// Reads and checks a whole head.
    ///
    /// - Parameter isTunnel: the answer to CONNECT, which has no body when it is 2xx (RFC 9110, section 9.3.6).
    init(reading bytes: ByteBuffer, isTunnel: Bool) throws(HTTP1Error) {
        self.init(bytes: bytes)
        try bytes.withUnsafeReadableBytes { text throws(HTTP1Error) in try read(text, isTunnel: isTunnel) }
    }

    private mutating func read(_ text: UnsafeRawBufferPointer, isTunnel: Bool) throws(HTTP1Error) {
        let first = HTTP1Bytes.firstLine(text)
        let isVersion10 = try readStatusLine(text, first)
        var framing = HTTP1Framing()
        var fields = HTTP1Fields(text, from: first.upperBound + 2)
        while let field = try fields.next() {
            if try framing.take(field, in: text) { continue }
            try take(field, in: text)
        }
        try framing.check()
        if isVersion10, framing.isChunked { throw .badTransferEncoding }
        isKeepAlive = framing.isKeepAlive(isVersion10: isVersion10)
        try checkBodiless(framing)
        frame(framing, isTunnel: isTunnel)
    }

    /// - Returns: true for HTTP/1.0.
    private mutating func readStatusLine(
        _ text: UnsafeRawBufferPointer, _ line: Range<Int>
    ) throws(HTTP1Error) -> Bool {
        let start = line.lowerBound
        guard line.count >= 12, HTTP1Bytes.isVersion(text, start..<(start + 8)), text[start + 8] == 0x20 else {
            throw .badStatusLine
        }
        guard text[start + 5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        guard let code = HTTP1Bytes.decimal(text, (start + 9)..<(start + 12)), (100...599).contains(code) else {
            throw .badStatusLine
        }
        if line.count > 12, text[start + 12] != 0x20 { throw .badStatusLine }
        guard HTTP1Bytes.endOfFieldValue(text, (start + 12)..<line.upperBound) == line.upperBound else {
            throw .badStatusLine
        }
        status = code
        switch text[start + 7] {
        case UInt8(ascii: "1"): return false
        case UInt8(ascii: "0"): return true
        default: throw .unsupportedVersion
        }
    }

    /// A body announced on 1xx or 204 (RFC 9112, section 6.1 and RFC 9110, section 8.6 forbid it) is there for one parser and
    /// not for another. A length of 0 says nothing that is false.
    private func checkBodiless(_ framing: HTTP1Framing) throws(HTTP1Error) {
        guard status < 200 || status == 204 else { return }
        if framing.isChunked || (framing.contentLength ?? 0) > 0 { throw .unexpectedBody }
    }

    private mutating func frame(_ framing: HTTP1Framing, isTunnel: Bool) {
        if status < 200 || status == 204 || status == 304 || (isTunnel && status < 300) {
            body = .none
        } else if framing.isChunked {
            body = .chunked
        } else if let length = framing.contentLength {
            body = .length(length)
        } else {
            body = .untilClose
            isKeepAlive = false
        }
    }

    private mutating func take(_ field: HTTP1Field, in text: UnsafeRawBufferPointer) throws(HTTP1Error) {
        let span = HTTP1Span(field.value)
        switch field.name.count {
        case 11 where HTTP1Bytes.equals(text, field.name, "retry-after"): retryAfter = span
        case 12 where HTTP1Bytes.equals(text, field.name, "content-type"):
            guard contentType == nil else { throw .duplicateHeader }
            contentType = span
        case 14 where HTTP1Bytes.equals(text, field.name, "retry-after-ms"): retryAfterMilliseconds = span
        case 16 where HTTP1Bytes.equals(text, field.name, "content-encoding"):
            guard contentEncoding == nil else { throw .duplicateHeader }
            contentEncoding = span
        case 24...43 where HTTP1Bytes.mayTellLimits(text, field.name): hasLimits = true
        default: break
        }
    }
}

extension HTTP1Bytes {
    /// A field's name begins as those do that tell what is left of a vendor's limits.
    static func mayTellLimits(_ text: UnsafeRawBufferPointer, _ name: Range<Int>) -> Bool {
        let start = name.lowerBound
        guard name.count >= 20 else { return false }
        return equals(text, start..<(start + 12), "x-ratelimit-")
            || equals(text, start..<(start + 20), "anthropic-ratelimit-")
    }
}
