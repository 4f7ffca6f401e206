/// What one line of a stream says.
enum SSELine {
    /// The fields that are read; `id` and `retry` serve reconnecting, which a relay does not do.
    enum Field {
        case data, event
    }

    /// Where the value of `field` stands in the line; nil when the line is not of that field. A line without a colon is a
    /// field without a value.
    @inline(__always)
    static func value(of field: Field, _ base: UnsafeRawPointer, _ line: Range<Int>) -> Range<Int>? {
        let nameLength = field == .data ? 4 : 5
        guard line.count >= nameLength else { return nil }
        let word = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: line.lowerBound, as: UInt32.self))
        switch field {
        case .data: guard word == fourBytes("data") else { return nil }
        case .event:
            guard word == fourBytes("even"), byte(base, line.lowerBound &+ 4) == UInt8(ascii: "t") else { return nil }
        }
        var start = line.lowerBound &+ nameLength
        guard start < line.upperBound else { return start..<start }
        guard byte(base, start) == JSONByte.colon else { return nil }
        start &+= 1
        if start < line.upperBound, byte(base, start) == JSONByte.space { start &+= 1 }
        return start..<line.upperBound
    }

    /// Bytes of the byte order mark the line begins with: 3 or 0.
    static func byteOrderMark(_ base: UnsafeRawPointer, _ line: Range<Int>) -> Int {
        guard line.count >= 3, byte(base, line.lowerBound) == 0xEF, byte(base, line.lowerBound &+ 1) == 0xBB,
            byte(base, line.lowerBound &+ 2) == 0xBF
        else { return 0 }
        return 3
    }

    @inline(__always)
    private static func byte(_ base: UnsafeRawPointer, _ offset: Int) -> UInt8 {
        base.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    private static func fourBytes(_ text: StaticString) -> UInt32 {
        UInt32(littleEndian: UnsafeRawPointer(text.utf8Start).loadUnaligned(as: UInt32.self))
    }
}
