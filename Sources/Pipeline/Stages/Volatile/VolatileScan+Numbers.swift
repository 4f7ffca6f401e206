/// Epoch times, UUIDs and counters.
extension VolatileScan {
    /// Ten digits are seconds, thirteen milliseconds, from 2001-09-09 to the end of 2099; a fraction may follow.
    func epoch(_ digits: Range<Int>) -> Range<Int>? {
        guard let value = number(digits.lowerBound, digits.count), beginsWord(digits.lowerBound) else { return nil }
        let seconds = digits.count == 13 ? value / 1_000 : value
        guard seconds >= 1_000_000_000, seconds < 4_102_444_800 else { return nil }
        var end = digits.upperBound
        if byte(at: end) == UInt8(ascii: "."), isDigit(at: end &+ 1) {
            end &+= 2
            while isDigit(at: end) { end &+= 1 }
        }
        return endsWord(end) ? digits.lowerBound..<end : nil
    }

    /// Groups of 8, 4, 4, 4 and 12 hexadecimal digits, whichever of them the digit at `position` is in.
    func uuid(around position: Int, notBefore passed: Int) -> Range<Int>? {
        var start = position
        while start > passed, position &- start < 36 {
            let previous = byte(at: start &- 1)
            guard Self.isHex(previous) || previous == UInt8(ascii: "-"), !endsEscape(start) else { break }
            start &-= 1
            if byte(at: start) != UInt8(ascii: "-"), byte(at: start &- 1) == UInt8(ascii: "-"), isUUID(start) {
                return start..<(start &+ 36)
            }
        }
        return isUUID(start) ? start..<(start &+ 36) : nil
    }

    private func isUUID(_ start: Int) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard byte(at: start &+ 8) == hyphen, byte(at: start &+ 13) == hyphen, byte(at: start &+ 18) == hyphen,
            byte(at: start &+ 23) == hyphen
        else { return false }
        for place in 0..<36 where place != 8 && place != 13 && place != 18 && place != 23 {
            guard Self.isHex(byte(at: start &+ place)) else { return false }
        }
        return !Self.isHex(byte(at: start &+ 36))
    }

    private static let counted: [StaticString] = [
        "request", "turn", "session", "conversation", "message", "iteration", "call", "trace", "run", "correlation",
        "counter", "interaction",
    ]

    private static let identifiers: [StaticString] = ["id", "number", "no", "nr", "count", "uid", "uuid"]
    /// What is numbered in so many words; a call's number may be one to call.
    private static let numbered: [StaticString] = [
        "request", "turn", "session", "conversation", "message", "iteration", "interaction",
    ]

    /// A number or an id behind what is counted: `request #12`, `turn: 7`, `Session ID: a1-b2`, `message_count=3`,
    /// `request number 17`.
    func counter(_ digits: Range<Int>, notBefore passed: Int) -> Range<Int>? {
        var start = digits.lowerBound
        while start > passed, digits.lowerBound &- start < 64, Self.isToken(byte(at: start &- 1)), !endsEscape(start) {
            start &-= 1
        }
        guard let (label, isMarked) = labelEnd(before: start) else { return nil }
        let last = wordBefore(label)
        let isPlain = start == digits.lowerBound && endsWord(digits.upperBound)
        if Self.counted.contains(where: { isWord(last, $0) }) {
            // Without `id` before it, only a plain number is one.
            guard isMarked, isPlain else { return nil }
            return start..<digits.upperBound
        }
        guard Self.identifiers.contains(where: { isWord(last, $0) }), last.lowerBound > 0 else { return nil }
        let separator = byte(at: last.lowerBound &- 1)
        guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "_") || separator == UInt8(ascii: "-") else {
            return nil
        }
        let first = wordBefore(last.lowerBound &- 1)
        guard isMarked else {
            let isNumbered = isPlain && Self.numbered.contains { isWord(first, $0) }
            return isNumbered ? start..<digits.upperBound : nil
        }
        guard Self.counted.contains(where: { isWord(first, $0) }) else { return nil }
        var end = digits.upperBound
        while Self.isToken(byte(at: end)), end &- start < 128 { end &+= 1 }
        return start..<end
    }

    private static func isToken(_ byte: UInt8) -> Bool { isWord(byte) || byte == UInt8(ascii: "-") }

    /// The end of the label before a value, and whether `#`, `:` or `=` stands between them.
    private func labelEnd(before start: Int) -> (end: Int, isMarked: Bool)? {
        var end = start
        var isMarked = false
        while start &- end < 8 {
            switch byte(at: end &- 1) {
            case UInt8(ascii: "#"), UInt8(ascii: ":"), UInt8(ascii: "="): isMarked = true
            case UInt8(ascii: " "), UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "'"): break
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): break
            case let byte: return Self.isLetter(byte) ? (end, isMarked) : nil
            }
            end &-= 1
        }
        return nil
    }

    /// The letters before `end`.
    private func wordBefore(_ end: Int) -> Range<Int> {
        var start = end
        while end &- start < 16, Self.isLetter(byte(at: start &- 1)), !endsEscape(start) { start &-= 1 }
        return max(0, start)..<end
    }

    private func isWord(_ word: Range<Int>, _ expected: StaticString) -> Bool {
        word.count == expected.utf8CodeUnitCount && spells(expected, at: word.lowerBound)
    }
}
