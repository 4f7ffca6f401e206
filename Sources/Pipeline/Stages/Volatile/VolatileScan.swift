/// Finds what changes from request to request in a text of the system prompt: dates, times, epoch seconds, UUIDs, counters.
///
/// Works on the bytes as they stand between the quotes. Every kind has a digit, so only digits are looked at: sixteen bytes
/// at a time are passed over where there is none.
struct VolatileScan {
    /// What stands between the quotes.
    let bytes: UnsafeRawBufferPointer
    /// Where that begins in the body.
    let offset: Int

    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    /// Appends what is found, in the order of the text, until there are as many as are told of one prompt.
    func scan(into found: inout [VolatileText]) {
        var position = nextDigit(from: 0)
        var passed = 0
        while position < bytes.count, found.count < VolatileText.maximumCount {
            if let end = endOfEscape(around: position) {
                position = nextDigit(from: end)
                continue
            }
            var end = position &+ 1
            while isDigit(at: end) { end &+= 1 }
            if let (kind, span) = match(position..<end, notBefore: passed) {
                found.append(
                    VolatileText(kind: kind, span: (offset &+ span.lowerBound)..<(offset &+ span.upperBound)))
                passed = span.upperBound
                end = max(end, span.upperBound)
            }
            position = nextDigit(from: end)
        }
    }

    /// What the digits at `digits` belong to; nil: nothing that changes.
    private func match(_ digits: Range<Int>, notBefore passed: Int) -> (VolatileText.Kind, Range<Int>)? {
        let next = byte(at: digits.upperBound)
        let previous = byte(at: digits.lowerBound &- 1)
        if Self.isHex(next) || next == UInt8(ascii: "-") || Self.isHex(previous) || previous == UInt8(ascii: "-"),
            let span = uuid(around: digits.lowerBound, notBefore: passed)
        {
            return (.uuid, span)
        }
        switch digits.count {
        case 1, 2:
            if let span = writtenDate(day: digits) ?? slashedDate(digits) { return (.date, span) }
            if next == UInt8(ascii: ":"), let span = timeAlone(digits.lowerBound) { return (.time, span) }
            guard mayHaveUnit(digits.upperBound) else { break }
            if let span = eastAsianDate(month: digits) { return (.date, span) }
            if let span = eastAsianTime(digits) { return (.time, span) }
        case 4:
            if let span = isoDate(digits.lowerBound) { return (.date, span) }
            if mayHaveUnit(digits.upperBound), let span = eastAsianDate(year: digits) { return (.date, span) }
        case 8: if let span = compactDate(digits) { return (.date, span) }
        case 10, 13: if let span = epoch(digits) { return (.epoch, span) }
        default: break
        }
        return counter(digits, notBefore: passed).map { (.counter, $0) }
    }

    // MARK: Bytes

    /// Zero beyond the ends: no byte of a JSON string is.
    @inline(__always)
    func byte(at position: Int) -> UInt8 {
        position >= 0 && position < bytes.count ? bytes[position] : 0
    }

    @inline(__always)
    func isDigit(at position: Int) -> Bool { byte(at: position) &- 0x30 < 10 }

    static func isHex(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || byte &- 0x30 < 10 || byte == UInt8(ascii: "_") }

    /// The number of `count` digits at `position`; nil where other bytes are among them.
    func number(_ position: Int, _ count: Int) -> Int? {
        var value = 0
        for place in position..<(position &+ count) {
            guard isDigit(at: place) else { return nil }
            value = value &* 10 &+ Int(bytes[place] &- 0x30)
        }
        return value
    }

    /// Nothing before `position` belongs to the same word; the letter of an escape (`\n`) does not.
    func beginsWord(_ position: Int) -> Bool {
        let previous = byte(at: position &- 1)
        if Self.isWord(previous) { return endsEscape(position) }
        return previous != UInt8(ascii: "-") && previous != UInt8(ascii: ".") && previous != UInt8(ascii: "/")
    }

    /// Nothing behind belongs to the same word.
    func endsWord(_ position: Int) -> Bool {
        let next = byte(at: position)
        if next == UInt8(ascii: "."), isDigit(at: position &+ 1) { return false }
        return !Self.isWord(next) && next != UInt8(ascii: "-") && next != UInt8(ascii: "/")
    }

    /// The bytes before `position` are an escape.
    func endsEscape(_ position: Int) -> Bool {
        isEscape(at: position &- 2) || byte(at: position &- 5) == UInt8(ascii: "u") && isEscape(at: position &- 6)
    }

    /// A backslash that escapes what follows it.
    private func isEscape(at position: Int) -> Bool {
        var first = position
        while byte(at: first) == UInt8(ascii: "\\") { first &-= 1 }
        return (position &- first) & 1 == 1
    }

    /// Where the escape (`\u00e9`) ends that the digit at `position` belongs to; nil: to none.
    private func endOfEscape(around position: Int) -> Int? {
        for back in 1...4 where byte(at: position &- back) == UInt8(ascii: "u") {
            return isEscape(at: position &- back &- 1) ? position &- back &+ 5 : nil
        }
        return nil
    }

    private func nextDigit(from start: Int) -> Int {
        guard let base = bytes.baseAddress else { return bytes.count }
        var position = start
        while position &+ 16 <= bytes.count {
            let block = base.loadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)
            let shifted: SIMD16<UInt8> = block &- SIMD16<UInt8>(repeating: 0x30)
            let bound: SIMD16<UInt8> = SIMD16(repeating: 10)
            let words = unsafeBitCast(shifted .< bound, to: SIMD2<UInt64>.self)
            if words[0] | words[1] != 0 {
                let low = UInt64(littleEndian: words[0])
                if low != 0 { return position &+ low.trailingZeroBitCount &>> 3 }
                return position &+ 8 &+ UInt64(littleEndian: words[1]).trailingZeroBitCount &>> 3
            }
            position &+= 16
        }
        while position < bytes.count, !isDigit(at: position) { position &+= 1 }
        return min(position, bytes.count)
    }
}
