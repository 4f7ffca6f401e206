#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Moments as RFC 3339 text, always in UTC when written; the proleptic Gregorian calendar, no leap seconds.
package enum UTCTime {
    /// The machine's clock, in microseconds since 1970.
    package static func nowMicroseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) &* 1_000_000 &+ Int64(now.tv_nsec) / 1_000
    }

    /// `2026-11-21T04:31:07.250Z`, cut (not rounded) to milliseconds; years outside 0…9999 are clamped to them.
    package static func text(microseconds: Int64) -> String {
        let clamped = min(max(microseconds, earliest), latest)
        let milliseconds = floorDivide(clamped, 1_000)
        let seconds = floorDivide(milliseconds, 1_000)
        let days = floorDivide(seconds, 86_400)
        let (year, month, day) = date(ofDay: days)
        let second = seconds - days * 86_400
        let parts = [
            padded(year, 4), "-", padded(month, 2), "-", padded(day, 2), "T", padded(second / 3_600, 2), ":",
            padded(second / 60 % 60, 2), ":", padded(second % 60, 2), ".", padded(milliseconds - seconds * 1_000, 3),
            "Z",
        ]
        return parts.joined()
    }

    /// The same for whole seconds since 1970.
    package static func text(seconds: Int64) -> String {
        text(microseconds: min(max(seconds, earliest / 1_000_000), latest / 1_000_000) * 1_000_000)
    }

    /// Microseconds since 1970 of an RFC 3339 moment with any offset; digits past microseconds are cut.
    ///
    /// nil for anything else, such as a date alone, a day that the month does not have, or a leap second.
    package static func microseconds(_ text: String) -> Int64? {
        var reader = MomentReader(bytes: Array(text.utf8))
        guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
            reader.take("-"),
            let day = reader.number(digits: 2), reader.takeAny("Tt "), let hour = reader.number(digits: 2),
            reader.take(":"), let minute = reader.number(digits: 2), reader.take(":"),
            let second = reader.number(digits: 2), let fraction = reader.fraction(), let offset = reader.offset(),
            reader.isAtEnd, (1...12).contains(month), day >= 1, day <= daysIn(month: month, of: year), hour < 24,
            minute < 60, second < 60
        else { return nil }
        let seconds = self.day(ofYear: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
        return (seconds - offset * 60) * 1_000_000 + fraction
    }

    /// 0000-01-01T00:00:00Z
    private static let earliest: Int64 = -62_167_219_200_000_000
    /// 9999-12-31T23:59:59.999999Z
    private static let latest: Int64 = 253_402_300_799_999_999

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        let quotient = value / by
        return value % by < 0 ? quotient - 1 : quotient
    }

    private static func daysIn(month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01. Counts in years that begin in March, so that the leap day is a year's last.
    private static func day(ofYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

/// Reads the parts of a moment from the left.
private struct MomentReader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }
    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == character.value else { return false }
        position += 1
        return true
    }

    mutating func takeAny(_ characters: String) -> Bool {
        for character in characters.unicodeScalars where take(character) { return true }
        return false
    }

    /// Exactly that many decimal digits.
    mutating func number(digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Microseconds; 0 when there is no fraction, nil when there is a point without a digit.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var value: Int64 = 0
        var digits = 0
        while let digit = digit() {
            if digits < 6 { value = value * 10 + digit }
            digits += 1
        }
        guard digits > 0 else { return nil }
        for _ in min(digits, 6)..<6 { value *= 10 }
        return value
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int64? {
        if takeAny("Zz") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let hours = number(digits: 2), take(":"), let minutes = number(digits: 2),
            hours < 24,
            minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 60 + minutes)
    }

    private mutating func digit() -> Int64? {
        guard let next, next >= 0x30, next <= 0x39 else { return nil }
        position += 1
        return Int64(next - 0x30)
    }
}
