/// Dates and times of day.
extension VolatileScan {
    /// `2026-11-21` or `2026/11/21`, and a time behind it.
    func isoDate(_ start: Int) -> Range<Int>? {
        let separator = byte(at: start &+ 4)
        guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/"), byte(at: start &+ 7) == separator,
            isYear(number(start, 4)), isMonth(number(start &+ 5, 2)), isDay(number(start &+ 8, 2)), beginsWord(start)
        else { return nil }
        let end = start &+ 10
        if byte(at: end) | 0x20 == UInt8(ascii: "t"), let time = time(end &+ 1) { return start..<zone(time) }
        guard endsWord(end) else { return nil }
        return start..<timeBehind(end)
    }

    /// `20261121T112358`, `Z` behind it or not.
    func compactDate(_ digits: Range<Int>) -> Range<Int>? {
        let start = digits.lowerBound
        guard isYear(number(start, 4)), isMonth(number(start &+ 4, 2)), isDay(number(start &+ 6, 2)), beginsWord(start),
            byte(at: digits.upperBound) == UInt8(ascii: "T"), let time = number(digits.upperBound &+ 1, 6), time < 240_000
        else { return nil }
        let end = zone(digits.upperBound &+ 7)
        return endsWord(end) ? start..<end : nil
    }

    /// `11/21/2026` or `21/11/2026`.
    func slashedDate(_ digits: Range<Int>) -> Range<Int>? {
        guard byte(at: digits.upperBound) == UInt8(ascii: "/"), isDay(number(digits.lowerBound, digits.count)),
            beginsWord(digits.lowerBound)
        else { return nil }
        let second = digits.upperBound &+ 1
        let count = isDigit(at: second &+ 1) ? 2 : 1
        guard isDay(number(second, count)), byte(at: second &+ count) == UInt8(ascii: "/"),
            isYear(number(second &+ count &+ 1, 4)), endsWord(second &+ count &+ 5)
        else { return nil }
        return digits.lowerBound..<timeBehind(second &+ count &+ 5)
    }

    /// `Nov 21, 2026`, `November 21st 2026`, `21 Nov 2026`, `Sat, 21 Nov 2026 11:23:58 +0000`.
    func writtenDate(day digits: Range<Int>) -> Range<Int>? {
        let previous = byte(at: digits.lowerBound &- 1)
        let behind = ordinalEnd(digits.upperBound)
        let next = byte(at: behind)
        guard next == UInt8(ascii: " ") || next == UInt8(ascii: ",") || next == UInt8(ascii: "-"),
            isDay(number(digits.lowerBound, digits.count))
        else { return nil }
        if previous == UInt8(ascii: " "), let start = monthBefore(digits.lowerBound &- 1),
            let end = yearBehind(behind)
        {
            return start..<timeBehind(end)
        }
        guard beginsWord(digits.lowerBound) else { return nil }
        var month = behind &+ 1
        if byte(at: month) == UInt8(ascii: "o"), byte(at: month &+ 1) == UInt8(ascii: "f") { month &+= 3 }
        guard let monthEnd = monthEnd(month), let end = yearBehind(monthEnd) else { return nil }
        return digits.lowerBound..<timeBehind(end)
    }

    /// `11:23:58`, `11:23 PM`.
    func timeAlone(_ start: Int) -> Range<Int>? {
        guard beginsWord(start), byte(at: start &- 1) != UInt8(ascii: ":"), let end = time(start) else { return nil }
        let zoned = zone(end)
        let isLong = end &- start >= 7
        guard isLong || zoned > end, endsWord(zoned) else { return nil }
        return start..<zoned
    }

    // MARK: Pieces

    func isYear(_ year: Int?) -> Bool { year.map { $0 >= 1900 && $0 < 2200 } ?? false }
    func isMonth(_ month: Int?) -> Bool { month.map { $0 >= 1 && $0 <= 12 } ?? false }
    func isDay(_ day: Int?) -> Bool { day.map { $0 >= 1 && $0 <= 31 } ?? false }

    /// The end of a time that follows a date behind a space, a comma or `at`; the date's own end where none does.
    private func timeBehind(_ end: Int) -> Int {
        var position = end
        if byte(at: position) == UInt8(ascii: ",") { position &+= 1 }
        guard byte(at: position) == UInt8(ascii: " ") else { return end }
        position &+= 1
        if byte(at: position) == UInt8(ascii: "a"), byte(at: position &+ 1) == UInt8(ascii: "t") { position &+= 3 }
        return time(position).map(zone) ?? end
    }

    /// The end of `H:MM`, `HH:MM:SS` or `HH:MM:SS.sss` at `position`.
    func time(_ position: Int) -> Int? {
        let hourCount = isDigit(at: position &+ 1) ? 2 : 1
        guard let hour = number(position, hourCount), hour < 24 else { return nil }
        let minute = position &+ hourCount
        guard byte(at: minute) == UInt8(ascii: ":"), let minutes = number(minute &+ 1, 2), minutes < 60 else {
            return nil
        }
        var end = minute &+ 3
        guard byte(at: end) == UInt8(ascii: ":"), let seconds = number(end &+ 1, 2), seconds < 61 else {
            return isDigit(at: end) ? nil : end
        }
        end &+= 3
        if byte(at: end) == UInt8(ascii: ".") || byte(at: end) == UInt8(ascii: ","), isDigit(at: end &+ 1) {
            end &+= 2
            while isDigit(at: end) { end &+= 1 }
        }
        return end
    }

    /// The end of what says how a time is meant: `Z`, `+01:00`, `-0700`, ` UTC`, ` GMT`, ` AM`, ` PM`.
    func zone(_ end: Int) -> Int {
        let gap = byte(at: end) == UInt8(ascii: " ") ? 1 : 0
        let first = byte(at: end &+ gap)
        let word = end &+ gap
        if first == UInt8(ascii: "Z"), !Self.isWord(byte(at: word &+ 1)) { return word &+ 1 }
        if first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), number(word &+ 1, 2) != nil {
            let minutes = word &+ (byte(at: word &+ 3) == UInt8(ascii: ":") ? 4 : 3)
            return number(minutes, 2) != nil ? minutes &+ 2 : word &+ 3
        }
        if spells("utc", at: word) || spells("gmt", at: word) { return word &+ 3 }
        if spells("am", at: word) || spells("pm", at: word), !Self.isWord(byte(at: word &+ 2)) { return word &+ 2 }
        return end
    }

    private func ordinalEnd(_ end: Int) -> Int {
        let hasSuffix = spells("st", at: end) || spells("nd", at: end) || spells("rd", at: end) || spells("th", at: end)
        return hasSuffix ? end &+ 2 : end
    }

    /// The end of a year that follows, a comma or a full stop and a space or a hyphen between.
    private func yearBehind(_ end: Int) -> Int? {
        var position = end
        if byte(at: position) == UInt8(ascii: ",") || byte(at: position) == UInt8(ascii: ".") { position &+= 1 }
        guard byte(at: position) == UInt8(ascii: " ") || byte(at: position) == UInt8(ascii: "-"),
            isYear(number(position &+ 1, 4)), !isDigit(at: position &+ 5)
        else { return nil }
        return position &+ 5
    }

    /// Where the month's name begins that ends at `end`, with a full stop or without.
    private func monthBefore(_ end: Int) -> Int? {
        let end = byte(at: end &- 1) == UInt8(ascii: ".") ? end &- 1 : end
        var start = end
        while end &- start < 10, Self.isLetter(byte(at: start &- 1)) { start &-= 1 }
        if endsEscape(start &+ 1) { start &+= 1 }
        return isMonthName(start..<end) ? start : nil
    }

    /// Where the month's name ends that begins at `start`.
    private func monthEnd(_ start: Int) -> Int? {
        var end = start
        while end &- start < 10, Self.isLetter(byte(at: end)) { end &+= 1 }
        return isMonthName(start..<end) ? end : nil
    }

    private static let months: [StaticString] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    /// The whole name, or three letters of it (`Sept` too).
    private func isMonthName(_ word: Range<Int>) -> Bool {
        guard word.count >= 3 else { return false }
        return Self.months.contains { name in
            let count = name.utf8CodeUnitCount
            guard word.count == count || word.count == 3 || word.count == 4 && count == 9 else { return false }
            return spells(name, at: word.lowerBound, count: word.count)
        }
    }

    /// The text at `position` is `word`, which is in lower case, in whichever case.
    func spells(_ word: StaticString, at position: Int, count: Int? = nil) -> Bool {
        word.withUTF8Buffer { word in
            let count = count ?? word.count
            guard count <= word.count else { return false }
            for place in 0..<count where byte(at: position &+ place) | 0x20 != word[place] { return false }
            return true
        }
    }
}
