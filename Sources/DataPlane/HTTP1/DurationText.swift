/// Lengths of time as header fields tell them: `6m0s`, `850ms`, `1h2m3.5s`, `17`.
package enum DurationText {
    /// What a number counts.
    package enum Unit: Int64 {
        case hours = 3_600_000_000_000
        case minutes = 60_000_000_000
        case seconds = 1_000_000_000
        case milliseconds = 1_000_000
        case microseconds = 1_000
        case nanoseconds = 1
    }

    /// A longer time is taken for nonsense.
    private static let maximumNanoseconds: Int64 = 366 * 24 * Unit.hours.rawValue

    /// Rounded up; nil for anything else, a sign and an empty text included, and for more than a year.
    ///
    /// - Parameter bareUnit: what a number without a unit counts.
    package static func milliseconds(_ text: UnsafeRawBufferPointer, bareUnit: Unit) -> Int64? {
        var at = 0
        var total: Int64 = 0
        repeat {
            let isFirst = at == 0
            guard let whole = digits(text, &at, atMost: 18), !whole.isEmpty else { return nil }
            var fraction = 0..<0
            if at < text.count, text[at] == UInt8(ascii: ".") {
                at += 1
                guard let found = digits(text, &at, atMost: 18), !found.isEmpty else { return nil }
                fraction = found
            }
            guard let unit = unit(text, &at, bare: isFirst ? bareUnit : nil),
                let whole = HTTP1Bytes.decimal(text, whole) else { return nil }
            let (product, overflowed) = Int64(whole).multipliedReportingOverflow(by: unit.rawValue)
            guard !overflowed, product <= maximumNanoseconds else { return nil }
            total = total &+ product &+ nanoseconds(text, fraction, unit)
            guard total <= maximumNanoseconds else { return nil }
        } while at < text.count
        return (total &+ 999_999) / 1_000_000
    }

    /// As Go writes durations, from whole milliseconds: `850ms`, `17s`, `6m0s`, `1h0m0.5s`; below 0 is 0.
    package static func text(milliseconds: Int64) -> String {
        let milliseconds = max(0, milliseconds)
        if milliseconds > 0, milliseconds < 1_000 { return "\(milliseconds)ms" }
        let (hours, minutes) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
        var text = hours > 0 ? "\(hours)h\(minutes)m" : minutes > 0 ? "\(minutes)m" : ""
        text += "\(milliseconds / 1_000 % 60)"
        let fraction = milliseconds % 1_000
        if fraction > 0 {
            var digits = String(1_000 &+ fraction).dropFirst()
            while digits.last == "0" { digits.removeLast() }
            text += "." + digits
        }
        return text + "s"
    }

    private static func digits(_ text: UnsafeRawBufferPointer, _ at: inout Int, atMost count: Int) -> Range<Int>? {
        let start = at
        while at < text.count, text[at] &- 0x30 < 10 { at += 1 }
        return at - start <= count ? start..<at : nil
    }

    /// nil: the letters there are no unit's.
    private static func unit(_ text: UnsafeRawBufferPointer, _ at: inout Int, bare: Unit?) -> Unit? {
        let start = at
        while at < text.count, text[at] &- 0x30 >= 10 { at += 1 }
        let letters = UnsafeRawBufferPointer(rebasing: text[start..<at])
        switch letters.count {
        case 0: return bare
        case 1:
            switch letters[0] {
            case UInt8(ascii: "h"): return .hours
            case UInt8(ascii: "m"): return .minutes
            case UInt8(ascii: "s"): return .seconds
            default: return nil
            }
        case 2 where letters[1] == UInt8(ascii: "s"):
            switch letters[0] {
            case UInt8(ascii: "m"): return .milliseconds
            case UInt8(ascii: "u"): return .microseconds
            case UInt8(ascii: "n"): return .nanoseconds
            default: return nil
            }
        default: return nil
        }
    }

    private static func nanoseconds(_ text: UnsafeRawBufferPointer, _ fraction: Range<Int>, _ unit: Unit) -> Int64 {
        var (value, place) = (Int64(0), unit.rawValue)
        for at in fraction {
            value = value &+ Int64(text[at] &- 0x30) &* place / 10
            place /= 10
        }
        return value
    }
}
