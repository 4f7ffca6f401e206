/// Reads the header lines of one part (RFC 7578, 4.2 to 4.8; RFC 5322 without what it calls obsolete).
struct MultipartHead {
    private let bytes: UnsafeRawBufferPointer
    private let start: Int
    private let limits: MultipartLimits
    private var name: Range<Int>?
    private var filename: Range<Int>?
    private var contentType: Range<Int>?
    private var hasDisposition = false
    private var namesCharset = false

    init(_ bytes: UnsafeRawBufferPointer, from start: Int, limits: MultipartLimits) {
        self.bytes = bytes
        self.start = start
        self.limits = limits
    }

    /// Reads up to the blank line; returns the offset behind it.
    mutating func read() throws(MultipartError) -> Int {
        var lineStart = start
        var lines = 0
        while true {
            let lineEnd = try lineEnd(from: lineStart)
            if lineEnd == lineStart { return lineEnd &+ 2 }
            lines &+= 1
            guard lines <= limits.maximumHeaders else { throw .headTooLarge(at: start) }
            try readLine(lineStart..<lineEnd)
            lineStart = lineEnd &+ 2
        }
    }

    /// The part with this head.
    func part(span: Range<Int>, content: Range<Int>) throws(MultipartError) -> MultipartPart {
        guard let name else { throw .badDisposition(at: start) }
        if filename == nil {
            if namesCharset { throw .charset }
            // A field of this name sets the character set of all others (RFC 7578, 4.6).
            if MultipartIndex.slice(name, of: bytes).spells("_charset_"),
                !MultipartIndex.slice(content, of: bytes).isUTF8Name
            {
                throw .charset
            }
        }
        return MultipartPart(span: span, name: name, filename: filename, contentType: contentType, content: content)
    }

    /// The offset of the CRLF that ends the line; other control bytes than tabs may not stand in it.
    private func lineEnd(from lineStart: Int) throws(MultipartError) -> Int {
        let limit = start &+ limits.maximumHeadBytes
        var position = lineStart
        while position < bytes.count {
            guard position < limit else { throw .headTooLarge(at: start) }
            let byte = bytes[position]
            if byte == 0x0D {
                guard position &+ 1 < bytes.count else { throw .noFinalBoundary }
                guard bytes[position &+ 1] == 0x0A else { throw .badHeader(at: lineStart) }
                return position
            }
            guard byte >= 0x20 || byte == 0x09, byte != 0x7F else { throw .badHeader(at: lineStart) }
            position &+= 1
        }
        throw .noFinalBoundary
    }

    private mutating func readLine(_ line: Range<Int>) throws(MultipartError) {
        var colon = line.lowerBound
        while colon < line.upperBound, HeaderParameters.isToken(bytes[colon]) { colon &+= 1 }
        guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == UInt8(ascii: ":") else {
            throw .badHeader(at: line.lowerBound)
        }
        let field = UnsafeRawBufferPointer(rebasing: bytes[line.lowerBound..<colon])
        let value = trimmed((colon &+ 1)..<line.upperBound)
        if field.equalsIgnoringCase("content-disposition") {
            try readDisposition(value)
        } else if field.equalsIgnoringCase("content-type") {
            guard contentType == nil else { throw .badHeader(at: line.lowerBound) }
            contentType = value
            namesCharset = try namesOtherCharset(value, line: line.lowerBound)
        } else if field.equalsIgnoringCase("content-transfer-encoding") {
            let encoding = UnsafeRawBufferPointer(rebasing: bytes[value])
            guard
                encoding.equalsIgnoringCase("binary") || encoding.equalsIgnoringCase("8bit")
                    || encoding.equalsIgnoringCase("7bit")
            else { throw .encodedPart(at: line.lowerBound) }
        }
    }

    private mutating func readDisposition(_ value: Range<Int>) throws(MultipartError) {
        let text = UnsafeRawBufferPointer(rebasing: bytes[value])
        var fields = HeaderParameters(text)
        guard !hasDisposition, let kind = fields.head(), kind.equalsIgnoringCase("form-data") else {
            throw .badDisposition(at: start)
        }
        hasDisposition = true
        var hasExtendedFilename = false
        while true {
            switch fields.next() {
            case .parameter(let key, let found, let isEscaped):
                if key.equalsIgnoringCase("name") {
                    guard name == nil, !isEscaped, let span = span(of: found), isName(found) else {
                        throw .badDisposition(at: start)
                    }
                    name = span
                } else if key.equalsIgnoringCase("filename") {
                    guard filename == nil, let span = span(of: found) else { throw .badDisposition(at: start) }
                    filename = span
                } else if key.equalsIgnoringCase("filename*") {
                    // RFC 7578 forbids it, .NET sends it beside `filename`: taken for what it says there, a file.
                    guard !hasExtendedFilename else { throw .badDisposition(at: start) }
                    hasExtendedFilename = true
                } else if key.first.map({ $0 | 0x20 }) == UInt8(ascii: "n"), key.contains(UInt8(ascii: "*")) {
                    throw .badDisposition(at: start)
                }
            case .end:
                if hasExtendedFilename, filename == nil { throw .badDisposition(at: start) }
                return
            case .malformed: throw .badDisposition(at: start)
            }
        }
    }

    private func isName(_ text: UnsafeRawBufferPointer) -> Bool {
        !text.isEmpty && String(validating: text, as: UTF8.self) != nil
    }

    private func namesOtherCharset(_ value: Range<Int>, line: Int) throws(MultipartError) -> Bool {
        var fields = HeaderParameters(UnsafeRawBufferPointer(rebasing: bytes[value]))
        guard fields.head() != nil else { throw .badHeader(at: line) }
        var isOther = false
        while true {
            switch fields.next() {
            case .parameter(let key, let found, _):
                if key.equalsIgnoringCase("charset"), !found.isUTF8Name { isOther = true }
            case .end: return isOther
            case .malformed: throw .badHeader(at: line)
            }
        }
    }

    /// Where bytes that are a part of the body stand in it.
    private func span(of part: UnsafeRawBufferPointer) -> Range<Int>? {
        guard let base = bytes.baseAddress, let start = part.baseAddress else { return nil }
        let offset = start - base
        guard offset >= 0, offset &+ part.count <= bytes.count else { return nil }
        return offset..<(offset &+ part.count)
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, HeaderParameters.isSpace(bytes[start]) { start &+= 1 }
        while end > start, HeaderParameters.isSpace(bytes[end &- 1]) { end &-= 1 }
        return start..<end
    }
}
