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
            guard feed > lineStart, bytes[feed - 1] == 0x0D else { throw .bareLineFeed }
            searched = feed + 1
            let length = feed - 1 - lineStart
            if length == 0, lines > 0 {
                self = HTTP1HeadFinder()
                return feed + 1
            }
            try check(lineLength: length, limits: limits)
            lines += 1
            lineStart = feed + 1
            if lineStart > limits.maximumHeadBytes { throw .headTooLong }
        }
        searched = bytes.count
        try check(lineLength: bytes.count - lineStart, limits: limits)
        if bytes.count > limits.maximumHeadBytes { throw .headTooLong }
        return nil
    }

    private func check(lineLength: Int, limits: HTTP1Limits) throws(HTTP1Error) {
        if lines == 0 {
            if lineLength > limits.maximumStartLineBytes { throw .startLineTooLong }
        } else {
            if lineLength > limits.maximumHeaderLineBytes { throw .headerLineTooLong }
            if lines > limits.maximumHeaderCount { throw .tooManyHeaders }
        }
    }
}

/// One field line, taken apart and checked.
struct HTTP1Field {
    let name: Range<Int>
    let value: Range<Int>

    init(_ bytes: UnsafeRawBufferPointer, line: Range<Int>) throws(HTTP1Error) {
        let first = bytes[line.lowerBound]
        if first == 0x20 || first == 0x09 { throw .foldedHeader }
        var colon = line.lowerBound
        while colon < line.upperBound, bytes[colon] != UInt8(ascii: ":") { colon += 1 }
        guard colon < line.upperBound else { throw .badHeaderName }
        name = line.lowerBound..<colon
        guard HTTP1Bytes.isToken(bytes, name) else { throw .badHeaderName }
        value = HTTP1Bytes.trimmed(bytes, (colon + 1)..<line.upperBound)
        guard HTTP1Bytes.isFieldValue(bytes, value) else {
            throw value.contains { bytes[$0] == 0x0D } ? .bareCarriageReturn : .badHeaderValue
        }
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
