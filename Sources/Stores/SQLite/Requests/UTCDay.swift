/// Days of UTC, counted from 1970-01-01.
enum UTCDay {
    static let seconds: Int64 = 86_400
    static let microseconds: Int64 = 86_400_000_000

    /// The day a moment lies in; earlier than 1970 is below zero.
    static func day(ofMicroseconds time: Int64) -> Int64 {
        time / microseconds - (time % microseconds < 0 ? 1 : 0)
    }

    /// `2026-11-21`, by the Gregorian rules for all time.
    ///
    /// - Parameter day: what `day(ofMicroseconds:)` gives; others may be far from right, never a trap.
    static func text(_ day: Int64) -> String {
        // Years begin in March here, so that the leap day is a year's last.
        let shifted = day &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra &- dayOfEra / 1_460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let monthFromMarch = (5 &* dayOfYear &+ 2) / 153
        let dayOfMonth = dayOfYear &- (153 &* monthFromMarch &+ 2) / 5 &+ 1
        let month = monthFromMarch < 10 ? monthFromMarch &+ 3 : monthFromMarch &- 9
        let year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
        return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(dayOfMonth, to: 2))"
    }

    private static func padded(_ number: Int64, to length: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}
