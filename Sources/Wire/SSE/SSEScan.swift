/// Walks the lines of one event and remembers where its fields are; all offsets count from the first byte given, so that
/// the bytes may move as long as they stay in order.
struct SSEScan {
    /// How far a walk came.
    enum Outcome {
        /// The event is incomplete; more bytes are needed.
        case needsMore
        /// A blank line ended the event at this offset.
        case event(end: Int)
    }

    /// Offset of the event's first byte; before it stand blank lines that belong to no event.
    private(set) var start = 0
    /// Lines that begin with `data`.
    private(set) var dataLines = 0
    /// The value of the last `data` line.
    private(set) var data = 0..<0
    /// The value of the last `event` line.
    private(set) var name = 0..<0
    private var lineStart = 0
    /// No line ends before this offset but those already seen.
    private var searched = 0
    private var mayHaveByteOrderMark: Bool
    /// Bytes of the byte order mark the event begins with: 3 or 0.
    private(set) var byteOrderMark = 0
    /// The event has a line; what stands before its first line belongs to no event.
    private(set) var hasBegun = false

    /// `isStreamStart`: these are the stream's first bytes, where a byte order mark is no part of the first line.
    init(isStreamStart: Bool) {
        mayHaveByteOrderMark = isStreamStart
    }

    /// Goes on where the last walk stopped. `isEnd`: nothing follows these bytes, so a last carriage return is not half of
    /// a pair.
    mutating func advance(_ bytes: UnsafeRawBufferPointer, isEnd: Bool) -> Outcome {
        guard let base = bytes.baseAddress else { return .needsMore }
        let count = bytes.count
        while true {
            let lineEnd = Self.lineEnd(base, from: searched, count: count)
            searched = lineEnd
            guard lineEnd < count else { return .needsMore }
            var next = lineEnd &+ 1
            if base.load(fromByteOffset: lineEnd, as: UInt8.self) == 0x0D {
                if next == count {
                    // A line feed may follow and be part of the same ending.
                    guard isEnd else { return .needsMore }
                } else if base.load(fromByteOffset: next, as: UInt8.self) == 0x0A {
                    next &+= 1
                }
            }
            let isBlank = take(base, lineEnd: lineEnd)
            lineStart = next
            searched = next
            guard isBlank else { continue }
            if hasBegun { return .event(end: next) }
            start = next
            byteOrderMark = 0
        }
    }

    /// Takes the bytes after the last line ending for a line: nothing follows them.
    mutating func takeRest(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, lineStart < bytes.count else { return }
        _ = take(base, lineEnd: bytes.count)
        lineStart = bytes.count
        searched = bytes.count
    }

    /// Moves the offsets `distance` to the front: the bytes before are gone.
    mutating func rebase(by distance: Int) {
        start &-= distance
        lineStart &-= distance
        searched &-= distance
        data = Self.moved(data, by: distance)
        name = Self.moved(name, by: distance)
    }

    /// Reads the line from `lineStart` to `lineEnd`; says whether it is blank.
    @inline(__always)
    private mutating func take(_ base: UnsafeRawPointer, lineEnd: Int) -> Bool {
        if mayHaveByteOrderMark {
            mayHaveByteOrderMark = false
            byteOrderMark = SSELine.byteOrderMark(base, lineStart..<lineEnd)
            lineStart &+= byteOrderMark
        }
        let line = lineStart..<lineEnd
        if line.isEmpty { return true }
        hasBegun = true
        if let value = SSELine.value(of: .data, base, line) {
            dataLines &+= 1
            data = value
        } else if let value = SSELine.value(of: .event, base, line) {
            name = value
        }
        return false
    }

    private static func moved(_ range: Range<Int>, by distance: Int) -> Range<Int> {
        range.isEmpty ? 0..<0 : (range.lowerBound &- distance)..<(range.upperBound &- distance)
    }

    /// The offset of the first line feed or carriage return from `start` on, or `count`.
    @inline(__always)
    static func lineEnd(_ base: UnsafeRawPointer, from start: Int, count: Int) -> Int {
        var position = start
        while position &+ ByteBlock.width <= count {
            let block = ByteBlock.load(base, position)
            let matches = ByteBlock.words(ByteBlock.equal(block, 0x0A) .| ByteBlock.equal(block, 0x0D))
            guard ByteBlock.isEmpty(matches) else { return position &+ ByteBlock.first(matches) }
            position &+= ByteBlock.width
        }
        while position < count {
            let byte = base.load(fromByteOffset: position, as: UInt8.self)
            if byte == 0x0A || byte == 0x0D { break }
            position &+= 1
        }
        return position
    }
}
