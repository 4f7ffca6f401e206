/// Reads a text, as it stands between quotes, by lines and sentences: forwards only, each byte once.
struct SentenceReader {
    /// Sentences are read that have so many bytes at most on either side of what is looked for.
    private let maximumCount: Int
    private let bytes: UnsafeRawBufferPointer
    private let content: Range<Int>
    private(set) var position: Int
    /// The line that `position` is in, or that ends there.
    private(set) var lineStart: Int
    /// Behind what opens the line: blanks, the mark of a list's item, a tag.
    private(set) var lineBegin: Int
    /// The sentence that `position` is in, or begins.
    private(set) var sentenceStart: Int

    init(_ bytes: UnsafeRawBufferPointer, _ content: Range<Int>, maximumCount: Int) {
        self.maximumCount = maximumCount
        self.bytes = bytes
        self.content = content
        position = content.lowerBound
        (lineStart, lineBegin, sentenceStart) = (position, position, position)
        beginLine(at: position)
    }

    /// Reads on to `target`, at which something begins that is not to be parted from a weekday before it (`Sat. 21/11/2026`).
    ///
    /// A sentence that begins more than `maximumCount` bytes before may seem to begin earlier.
    mutating func walk(to target: Int) {
        sentenceStart = behindClosingTags(sentenceStart)
        passLines(before: target - maximumCount - 32)
        while position < target {
            if let next = breakEnd(position) {
                beginLine(at: next)
                position = next
            } else if let next = sentenceEnd(position, isBehindText: false) {
                let isWeekday = next >= target && isAnyOf(Self.weekdays, wordBefore(position))
                position = next
                if !isWeekday { sentenceStart = max(sentenceStart, behindClosingTags(next)) }
            } else {
                position += count(at: position)
            }
        }
    }

    /// Reads on to `end`, and looks for line breaks alone.
    private mutating func passLines(before end: Int) {
        var start: Int?
        while position < end {
            position = nextEscape(position, before: end)
            guard position < end else { break }
            let next = breakEnd(position)
            if next != nil { start = next }
            position = next ?? position + count(at: position)
        }
        if let start { beginLine(at: start) }
    }

    /// Reads on to the end of the sentence that what ends at `start` is in: the end of its line, or what follows it.
    ///
    /// - Returns: false where it does not end within `maximumCount` bytes.
    mutating func walkToEnd(behind start: Int) -> Bool {
        position = max(position, start)
        while position < content.upperBound, breakEnd(position) == nil {
            guard position - start <= maximumCount else { return false }
            if let next = sentenceEnd(position, isBehindText: position == start) {
                position = next
                break
            }
            position += count(at: position)
        }
        sentenceStart = position
        return true
    }

    /// Where the line ends, if nothing but blanks and closing tags follow.
    var lineEnd: Int? {
        let end = behindClosingTags(position)
        return end >= content.upperBound || breakEnd(end) != nil ? min(end, content.upperBound) : nil
    }

    /// Behind the line break at `position`; nil: there is none.
    func breakEnd(_ position: Int) -> Int? {
        byte(position) == UInt8(ascii: "\\") && byte(position + 1) == UInt8(ascii: "n") ? position + 2 : nil
    }

    // MARK: Lines

    private mutating func beginLine(at start: Int) {
        lineStart = start
        lineBegin = behindMarker(behindBlanks(start))
        sentenceStart = lineBegin
    }

    /// `- `, `> `, `## `, `* `, `1. `, `2) `, `<time>`.
    private func behindMarker(_ start: Int) -> Int {
        var end = start
        switch byte(start) {
        case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "#"), UInt8(ascii: ">"), UInt8(ascii: "+"):
            while end - start < 8, byte(end) == byte(start) { end += 1 }
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while end - start < 3, isDigit(end) { end += 1 }
            guard byte(end) == UInt8(ascii: ".") || byte(end) == UInt8(ascii: ")") else { return start }
            end += 1
        case UInt8(ascii: "<"): return tagEnd(start) ?? start
        default: return start
        }
        let next = behindBlanks(end)
        return next > end ? next : start
    }

    private func behindClosingTags(_ start: Int) -> Int {
        var end = start
        while byte(end) == UInt8(ascii: "<"), byte(end + 1) == UInt8(ascii: "/"), let next = tagEnd(end) {
            end = behindBlanks(next)
        }
        return end
    }

    private func tagEnd(_ start: Int) -> Int? {
        var end = start + 1
        while end - start < 64, end < content.upperBound, breakEnd(end) == nil {
            if byte(end) == UInt8(ascii: ">") { return end + 1 }
            end += 1
        }
        return nil
    }

    private func behindBlanks(_ start: Int) -> Int {
        var end = start
        while true {
            if byte(end) == UInt8(ascii: " ") {
                end += 1
            } else if byte(end) == UInt8(ascii: "\\"),
                byte(end + 1) == UInt8(ascii: "t") || byte(end + 1) == UInt8(ascii: "r")
            {
                end += 2
            } else if let wide = wide(end), wide.value == 0x3000 {
                end += wide.count
            } else {
                return end
            }
        }
    }

    // MARK: Sentences

    /// Behind the end of a sentence whose mark stands at `start`, what closes with it, and blanks; nil: none ends there.
    ///
    /// - Parameter isBehindText: what stands before is volatile: neither a shortened word nor an item's number, whatever it looks
    ///   like this time.
    private func sentenceEnd(_ start: Int, isBehindText: Bool) -> Int? {
        guard var (end, isWide) = mark(start) else { return nil }
        // Of a row of one mark the first was asked.
        if !isWide, byte(start - 1) == byte(start) { return nil }
        if isFullStop(start), !isBehindText, isAbbreviation(start) || isItemNumber(start) { return nil }
        for _ in 0..<8 {
            if let next = mark(end) {
                end = next.end
                isWide = isWide || next.isWide
            } else if let next = closerEnd(end) {
                end = next
            } else {
                break
            }
        }
        return isWide || endsSentence(end) ? behindBlanks(end) : nil
    }

    /// What ends a sentence wherever it stands is wide.
    private func mark(_ start: Int) -> (end: Int, isWide: Bool)? {
        switch byte(start) {
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ";"): return (start + 1, false)
        case 0xE3, 0xEF, UInt8(ascii: "\\"):
            guard let wide = wide(start) else { return nil }
            switch wide.value {
            case 0x3002, 0xFF01, 0xFF1F, 0xFF1B, 0xFF0E: return (start + wide.count, true)  // 。！？；．
            default: return nil
            }
        default: return nil
        }
    }

    private func isFullStop(_ position: Int) -> Bool {
        byte(position) == UInt8(ascii: ".") || wide(position)?.value == 0xFF0E
    }

    /// Quotes and brackets that close, and signs of emphasis.
    private func closerEnd(_ start: Int) -> Int? {
        switch byte(start) {
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "_"):
            return start + 1
        case UInt8(ascii: "\\"):
            if byte(start + 1) == UInt8(ascii: "\"") { return start + 2 }
        default: break
        }
        guard let wide = wide(start) else { return nil }
        switch wide.value {
        // 」』】》）”’
        case 0x300D, 0x300F, 0x3011, 0x300B, 0xFF09, 0x201D, 0x2019: return start + wide.count
        default: return nil
        }
    }

    /// Behind a mark that may stand within a word or a number too.
    private func endsSentence(_ end: Int) -> Bool {
        end >= content.upperBound || breakEnd(end) != nil || behindBlanks(end) > end
            || byte(end) == UInt8(ascii: "<") && byte(end + 1) == UInt8(ascii: "/") || wide(end)?.isEastAsian ?? false
    }

    /// The number before a full stop is an item's of a list within the line: `1. Be brief. 2. Be exact.`
    private func isItemNumber(_ end: Int) -> Bool {
        var start = end
        while end - start < 3, start > sentenceStart, isDigit(start - 1) { start -= 1 }
        guard start < end else { return false }
        if start == sentenceStart { return true }
        guard end - start == 1, byte(start) == UInt8(ascii: "1") else { return false }
        let before = byte(start - 1) == UInt8(ascii: " ") ? start - 1 : start
        return byte(before - 1) == UInt8(ascii: ":") || wide(before - 3)?.value == 0xFF1A || wide(before - 6)?.value == 0xFF1A
    }

    private static let weekdays: [StaticString] = [
        "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun",
    ]
    private static let titles: [StaticString] = ["mr", "mrs", "ms", "dr", "prof", "st"]
    private static let shortened: [StaticString] = ["approx", "ca", "vs", "resp"]
    private static let numbered: [StaticString] = ["no", "nr"]

    /// The full stop at `end` ends a shortened word, no sentence.
    private func isAbbreviation(_ end: Int) -> Bool {
        let word = wordBefore(end)
        guard !word.isEmpty else { return false }
        if word.count == 1 {
            guard word.lowerBound - 1 > sentenceStart, byte(word.lowerBound - 1) == UInt8(ascii: ".") else { return false }
            // `11 a.m. Be brief.`, but not `11 a.m. on Monday`, `e.g. this`.
            return byte(word.lowerBound) | 0x20 != UInt8(ascii: "m") || !beginsSentence(behindBlanks(end + 1))
        }
        if isAnyOf(Self.shortened, word) { return true }
        if isAnyOf(Self.titles, word) { return byte(word.lowerBound) & 0x20 == 0 }
        return isAnyOf(Self.numbered, word) && isDigit(behindBlanks(end + 1))
    }

    /// A word with a capital that is neither a weekday nor a time zone.
    private func beginsSentence(_ start: Int) -> Bool {
        guard start < content.upperBound, byte(start) & 0x20 == 0, isLetter(start), byte(start + 1) & 0x20 != 0 else {
            return start >= content.upperBound || !isLetter(start)
        }
        return !isAnyOf(Self.weekdays, start..<min(start + 3, content.upperBound))
    }

    // MARK: Bytes

    /// The next escape; sixteen bytes at a time are passed over where there is none.
    private func nextEscape(_ start: Int, before end: Int) -> Int {
        guard let base = bytes.baseAddress, end <= content.upperBound else { return end }
        var position = start
        while position &+ 16 <= end {
            let block = base.loadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)
            let different: SIMD16<UInt8> = block ^ SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
            let bound: SIMD16<UInt8> = SIMD16(repeating: 1)
            let words = unsafeBitCast(different .< bound, to: SIMD2<UInt64>.self)
            if words[0] != 0 { return position &+ UInt64(littleEndian: words[0]).trailingZeroBitCount &>> 3 }
            if words[1] != 0 { return position &+ 8 &+ UInt64(littleEndian: words[1]).trailingZeroBitCount &>> 3 }
            position &+= 16
        }
        while position < end, bytes[position] != UInt8(ascii: "\\") { position &+= 1 }
        return position
    }

    /// Bytes of the character at `position`; of others than escapes one at a time.
    private func count(at position: Int) -> Int {
        guard byte(position) == UInt8(ascii: "\\") else { return 1 }
        return min(byte(position + 1) == UInt8(ascii: "u") ? 6 : 2, content.upperBound - position)
    }

    /// Zero beyond the ends: no byte of a JSON string is.
    private func byte(_ position: Int) -> UInt8 {
        content.contains(position) ? bytes[position] : 0
    }

    private func wide(_ position: Int) -> WideCharacter? {
        guard position >= content.lowerBound else { return nil }
        return WideCharacter(bytes, at: position, before: content.upperBound)
    }

    private func isDigit(_ position: Int) -> Bool { byte(position) &- 0x30 < 10 }

    private func isLetter(_ position: Int) -> Bool { VolatileScan.isLetter(byte(position)) }

    /// The letters before `end`, seven at most, in this sentence.
    private func wordBefore(_ end: Int) -> Range<Int> {
        var start = end
        while end - start < 7, start > sentenceStart, isLetter(start - 1) { start -= 1 }
        return start..<end
    }

    /// In whichever case.
    private func isAnyOf(_ words: [StaticString], _ range: Range<Int>) -> Bool {
        words.contains { word in
            word.utf8CodeUnitCount == range.count
                && word.withUTF8Buffer { letters in
                    letters.indices.allSatisfy { byte(range.lowerBound + $0) | 0x20 == letters[$0] }
                }
        }
    }
}
