import NIOCore

/// Finds a head's end, resumably, and checks what all heads share: line ends, sizes, field syntax.
struct HTTP1HeadFinder: Sendable {
    private var searched = 0
    private var lineStart = 0
    private var lines = 0

    /// The head's length with its blank line; nil while some of it is missing.
    ///
    /// The same bytes are never searched twice, however they drip in.
    mutating func length(in bytes: UnsafeRawBufferPointer, limits: HTTP1Limits) throws(HTTP1Error) -> Int? {
        while let feed = HTTP1Bytes.firstLineFeed(bytes, from: searched) {
            try checkBounds(bytes, to: feed, limits: limits)
            guard feed > lineStart, bytes[feed - 1] == 0x0D else { throw .bareLineFeed }
            if feed - 1 == lineStart, lines > 0 {
                self = HTTP1HeadFinder()
                return feed + 1
            }
            searched = feed + 1
            lineStart = feed + 1
            lines += 1
        }
        searched = bytes.count
        try checkBounds(bytes, to: bytes.count, limits: limits)
        return nil
    }

    /// True within a head.
    var hasBegun: Bool { searched > 0 }

    /// Refuses a line by the first of its bytes that is past a bound, so a head is refused alike however it is cut.
    ///
    /// - Parameter end: where the line ends, or the bytes do.
    private func checkBounds(_ bytes: UnsafeRawBufferPointer, to end: Int, limits: HTTP1Limits) throws(HTTP1Error) {
        let textEnd = HTTP1Bytes.endOfText(bytes, lineStart..<end)
        if lineStart > limits.maximumHeadBytes { throw .headTooLong }
        if lines > limits.maximumHeaderCount, textEnd > lineStart { throw .tooManyHeaders }
        let bound = lineStart + (lines == 0 ? limits.maximumStartLineBytes : limits.maximumHeaderLineBytes)
        guard textEnd > min(bound, limits.maximumHeadBytes) else { return }
        if bound > limits.maximumHeadBytes { throw .headTooLong }
        throw lines == 0 ? .startLineTooLong : .headerLineTooLong
    }
}

/// One field line, taken apart and checked.
struct HTTP1Field {
    let name: Range<Int>
    let value: Range<Int>
    /// Where the next line starts.
    let end: Int

    /// - Parameter start: where the line starts, within `bytes`. The line is whole.
    init(_ bytes: UnsafeRawBufferPointer, at start: Int) throws(HTTP1Error) {
        if bytes[start] == 0x20 || bytes[start] == 0x09 { throw .foldedHeader }
        let colon = HTTP1Bytes.endOfToken(bytes, start..<bytes.count)
        guard colon > start, colon < bytes.count, bytes[colon] == UInt8(ascii: ":") else { throw .badHeaderName }
        let lineEnd = HTTP1Bytes.endOfFieldValue(bytes, (colon + 1)..<bytes.count)
        guard lineEnd < bytes.count, bytes[lineEnd] == 0x0D else { throw .badHeaderValue }
        guard lineEnd + 1 < bytes.count, bytes[lineEnd + 1] == 0x0A else { throw .bareCarriageReturn }
        name = start..<colon
        value = HTTP1Bytes.trimmed(bytes, (colon + 1)..<lineEnd)
        end = lineEnd + 2
    }
}

/// The fields of a head, one after another.
struct HTTP1Fields {
    private let bytes: UnsafeRawBufferPointer
    private var at: Int

    /// - Parameter bytes: a head whose lines all end with CRLF.
    /// - Parameter start: where the line behind the start line starts.
    init(_ bytes: UnsafeRawBufferPointer, from start: Int) {
        self.bytes = bytes
        at = start
    }

    /// The next field; nil: what follows is the blank line.
    mutating func next() throws(HTTP1Error) -> HTTP1Field? {
        guard at + 2 < bytes.count else { return nil }
        let field = try HTTP1Field(bytes, at: at)
        at = field.end
        return field
    }
}

/// The fields that say where a message ends, gathered line by line.
struct HTTP1Framing {
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    private(set) var closes = false
    private(set) var keepsAlive = false

    /// Takes a field that frames the message; false: the field is another's business.
    mutating func take(_ field: HTTP1Field, in bytes: UnsafeRawBufferPointer) throws(HTTP1Error) -> Bool {
        switch field.name.count {
        case 10 where HTTP1Bytes.equals(bytes, field.name, "connection"):
            try takeConnection(field.value, in: bytes)
        case 14 where HTTP1Bytes.equals(bytes, field.name, "content-length"):
            guard contentLength == nil else { throw .duplicateHeader }
            guard let length = HTTP1Bytes.decimal(bytes, field.value) else { throw .badContentLength }
            contentLength = length
        case 17 where HTTP1Bytes.equals(bytes, field.name, "transfer-encoding"):
            guard !isChunked else { throw .duplicateHeader }
            guard HTTP1Bytes.equals(bytes, field.value, "chunked") else { throw .badTransferEncoding }
            isChunked = true
        case 14 where HTTP1Bytes.equals(bytes, field.name, "content_length"),
            17 where HTTP1Bytes.equals(bytes, field.name, "transfer_encoding"):
            throw .badHeaderName
        default: return false
        }
        return true
    }

    private mutating func takeConnection(_ value: Range<Int>, in bytes: UnsafeRawBufferPointer) throws(HTTP1Error) {
        for name: StaticString in ["content-length", "transfer-encoding", "host"]
        where HTTP1Bytes.list(bytes, value, has: name) {
            throw .badConnectionHeader
        }
        if HTTP1Bytes.list(bytes, value, has: "close") { closes = true }
        if HTTP1Bytes.list(bytes, value, has: "keep-alive") { keepsAlive = true }
    }

    /// Both at once is how messages are smuggled past a proxy.
    func check() throws(HTTP1Error) {
        if contentLength != nil, isChunked { throw .bothLengths }
    }

    func isKeepAlive(isVersion10: Bool) -> Bool {
        isVersion10 ? keepsAlive && !closes : !closes
    }
}
