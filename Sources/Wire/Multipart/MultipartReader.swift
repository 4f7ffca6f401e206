/// Reads a form's body from its first boundary to its last.
struct MultipartReader {
    /// A boundary's line in the body.
    private struct Boundary {
        /// Of its first hyphen.
        var start: Int
        /// Behind its line break, or behind the two hyphens that close the form.
        var end: Int
        var isFinal: Bool
    }

    private let bytes: UnsafeRawBufferPointer
    private let delimiter: [UInt8]
    private let limits: MultipartLimits

    init(_ bytes: UnsafeRawBufferPointer, delimiter: [UInt8], limits: MultipartLimits) {
        self.bytes = bytes
        self.delimiter = delimiter
        self.limits = limits
    }

    func read() throws(MultipartError) -> [MultipartPart] {
        // A line break that may precede the first boundary belongs to it.
        let start = isLineBreak(at: 0) ? 2 : 0
        guard beginsDelimiter(at: start) else { throw .noOpeningBoundary }
        var boundary = try readBoundary(at: start)
        var parts: [MultipartPart] = []
        while !boundary.isFinal {
            guard parts.count < limits.maximumParts else { throw .tooManyParts }
            var head = MultipartHead(bytes, from: boundary.end, limits: limits)
            let headEnd = try head.read()
            let next = try nextBoundary(from: headEnd)
            let content = headEnd..<max(headEnd, next.start &- 2)
            parts.append(try head.part(span: boundary.start..<content.upperBound, content: content))
            boundary = next
        }
        try checkRest(from: boundary.end)
        return parts
    }

    /// The next boundary at or behind `start`, which is where a part's content begins.
    private func nextBoundary(from start: Int) throws(MultipartError) -> Boundary {
        var line = start
        while true {
            if beginsDelimiter(at: line) {
                // The line break before a boundary is the boundary's, and not the one that ends the head.
                guard line >= start &+ 2, isLineBreak(at: line &- 2) else { throw .badBoundaryLine(at: line) }
                return try readBoundary(at: line)
            }
            guard let next = MultipartScan.hyphenLine(bytes, from: line) else { throw .noFinalBoundary }
            line = next
        }
    }

    /// Reads what follows the delimiter that begins at `start`: a line break, or two hyphens.
    private func readBoundary(at start: Int) throws(MultipartError) -> Boundary {
        let end = start &+ delimiter.count
        guard bytes.count &- end >= 2 else { throw .noFinalBoundary }
        if isLineBreak(at: end) { return Boundary(start: start, end: end &+ 2, isFinal: false) }
        guard bytes[end] == UInt8(ascii: "-"), bytes[end &+ 1] == UInt8(ascii: "-") else {
            throw .badBoundaryLine(at: start)
        }
        return Boundary(start: start, end: end &+ 2, isFinal: true)
    }

    /// Line breaks alone may follow the form.
    private func checkRest(from start: Int) throws(MultipartError) {
        var position = start
        while position < bytes.count {
            guard isLineBreak(at: position) else { throw .trailingBytes(at: position) }
            position &+= 2
        }
    }

    private func isLineBreak(at offset: Int) -> Bool {
        offset >= 0 && bytes.count &- offset >= 2 && bytes[offset] == 0x0D && bytes[offset &+ 1] == 0x0A
    }

    private func beginsDelimiter(at offset: Int) -> Bool {
        guard offset >= 0, bytes.count &- offset >= delimiter.count else { return false }
        var position = 0
        while position < delimiter.count {
            guard bytes[offset &+ position] == delimiter[position] else { return false }
            position &+= 1
        }
        return true
    }
}

/// Looks for lines that may be boundaries.
enum MultipartScan {
    /// The offset of the first two hyphens from `start` on that stand right behind a CR or LF, itself from `start` on.
    static func hyphenLine(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start >= 0 else { return nil }
        var position = start
        while bytes.count &- position >= ByteBlock.width &+ 2 {
            let block = ByteBlock.load(base, position)
            let breaks = ByteBlock.equal(block, 0x0A) .| ByteBlock.equal(block, 0x0D)
            let first = ByteBlock.equal(ByteBlock.load(base, position &+ 1), hyphen)
            let second = ByteBlock.equal(ByteBlock.load(base, position &+ 2), hyphen)
            let matches = ByteBlock.words(breaks .& first .& second)
            guard ByteBlock.isEmpty(matches) else { return position &+ ByteBlock.first(matches) &+ 1 }
            position &+= ByteBlock.width
        }
        while bytes.count &- position >= 3 {
            let byte = bytes[position]
            if byte == 0x0A || byte == 0x0D, bytes[position &+ 1] == hyphen, bytes[position &+ 2] == hyphen {
                return position &+ 1
            }
            position &+= 1
        }
        return nil
    }

    private static let hyphen = UInt8(ascii: "-")
}
