/// Dates and times as Chinese and Japanese write them.
extension VolatileScan {
    private static let year: UInt32 = 0x5E74  // 年
    private static let month: UInt32 = 0x6708  // 月
    private static let day: (UInt32, UInt32) = (0x65E5, 0x53F7)  // 日, 号
    private static let hour: (UInt32, UInt32) = (0x65F6, 0x6642)  // 时, 時
    private static let clock: UInt32 = 0x70B9  // 点
    private static let minute: UInt32 = 0x5206  // 分
    private static let second: UInt32 = 0x79D2  // 秒

    /// What follows a number may be one of these characters; most numbers are told here not to be meant.
    @inline(__always)
    func mayHaveUnit(_ end: Int) -> Bool {
        let next = byte(at: end) == UInt8(ascii: " ") ? byte(at: end &+ 1) : byte(at: end)
        return next >= 0xE5 || next == UInt8(ascii: "\\")
    }

    /// `2026年11月21日`, and a time behind it.
    func eastAsianDate(year digits: Range<Int>) -> Range<Int>? {
        guard isYear(number(digits.lowerBound, digits.count)), beginsWord(digits.lowerBound),
            let month = unit(digits.upperBound, { $0 == Self.year }), let end = monthAndDay(month)
        else { return nil }
        return digits.lowerBound..<timeBehindDay(end)
    }

    /// `11月21日`, and a time behind it.
    func eastAsianDate(month digits: Range<Int>) -> Range<Int>? {
        guard beginsWord(digits.lowerBound), let end = monthAndDay(digits.lowerBound) else { return nil }
        return digits.lowerBound..<timeBehindDay(end)
    }

    /// `11时23分`, `11時23分58秒`, `11点23分`.
    func eastAsianTime(_ digits: Range<Int>) -> Range<Int>? {
        guard beginsWord(digits.lowerBound), let end = eastAsianTime(digits.lowerBound) else { return nil }
        return digits.lowerBound..<end
    }

    // MARK: Pieces

    private func eastAsianTime(_ start: Int) -> Int? {
        guard let hour = shortNumber(start), hour.value < 24,
            let second = unit(hour.end, { $0 == Self.hour.0 || $0 == Self.hour.1 || $0 == Self.clock }),
            let minute = shortNumber(second), minute.value < 60, let end = unit(minute.end, { $0 == Self.minute })
        else { return nil }
        guard let seconds = shortNumber(end), seconds.value < 61, let last = unit(seconds.end, { $0 == Self.second }) else {
            return end
        }
        return last
    }

    private func monthAndDay(_ start: Int) -> Int? {
        guard let month = shortNumber(start), isMonth(month.value), let second = unit(month.end, { $0 == Self.month }),
            let day = shortNumber(second), isDay(day.value)
        else { return nil }
        return unit(day.end) { $0 == Self.day.0 || $0 == Self.day.1 }
    }

    private func timeBehindDay(_ end: Int) -> Int {
        let start = byte(at: end) == UInt8(ascii: " ") ? end &+ 1 : end
        return time(start).map(zone) ?? eastAsianTime(start) ?? end
    }

    /// One or two digits, a space before them or not.
    private func shortNumber(_ position: Int) -> (value: Int, end: Int)? {
        let start = byte(at: position) == UInt8(ascii: " ") ? position &+ 1 : position
        let count = isDigit(at: start &+ 1) ? 2 : 1
        guard let value = number(start, count), !isDigit(at: start &+ count) else { return nil }
        return (value, start &+ count)
    }

    /// The end of a character at `position`, a space before it or not.
    @inline(__always)
    private func unit(_ position: Int, _ isMeant: (UInt32) -> Bool) -> Int? {
        let start = byte(at: position) == UInt8(ascii: " ") ? position &+ 1 : position
        guard let character = WideCharacter(bytes, at: start, before: bytes.count), isMeant(character.value) else {
            return nil
        }
        return start &+ character.count
    }
}
