/// Durations as text: a decimal number with `ms`, `s`, `m`, `h` or `d`.
enum DurationText {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// nil for anything else, a sign included, and for what is finer than a microsecond or longer than 100,000 days.
    static func parse(_ text: String) -> Duration? {
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let millionths = Millionths.parse(String(text.dropLast(unit.suffix.count)))
        else { return nil }
        let (nanoseconds, overflow) = millionths.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow, nanoseconds % 1000 == 0 else { return nil }
        return .nanoseconds(nanoseconds)
    }

    /// The largest unit that gives a whole number: 10m, 90s, 500ms.
    static func write(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds =
            seconds.multipliedReportingOverflow(by: 1000).partialValue &+ attoseconds / 1_000_000_000_000_000
        let remainder = attoseconds % 1_000_000_000_000_000
        guard remainder == 0 else {
            return "\(milliseconds).\(String(remainder / 1_000_000_000 + 1_000_000).dropFirst())ms"
        }
        guard milliseconds != 0 else { return "0s" }
        let unit = units.last { milliseconds % $0.milliseconds == 0 }
        return unit.map { "\(milliseconds / $0.milliseconds)\($0.suffix)" } ?? "\(milliseconds)ms"
    }
}

/// Sizes as text: bytes, or a whole number with `KiB`, `MiB` or `GiB`.
enum ByteSize {
    static func parse(_ text: String) -> Int? {
        var digits = text[...]
        var factor = 1
        for (suffix, bytes) in [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)] where text.hasSuffix(suffix) {
            digits = digits.dropLast(suffix.count)
            factor = bytes
            while digits.last == " " { digits = digits.dropLast() }
        }
        let plain = digits.filter { $0 != "_" }
        guard let first = plain.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            let count = Int(plain)
        else { return nil }
        let (size, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : size
    }
}

/// Exact decimals with up to six digits behind the point.
enum Millionths {
    /// nil for signs, exponents, more than six digits behind the point, and what does not fit.
    static func parse(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...2).contains(parts.count), isDigits(whole), let units = Int64(whole) else {
            return nil
        }
        let behind = parts.count == 2 ? parts[1] : "0"
        guard isDigits(behind), behind.utf8.count <= 6,
            let fraction = Int64(behind + String(repeating: "0", count: 6 - behind.utf8.count))
        else { return nil }
        let (scaled, overflow) = units.multipliedReportingOverflow(by: 1_000_000)
        let (sum, overflowed) = scaled.addingReportingOverflow(fraction)
        return overflow || overflowed ? nil : sum
    }

    /// At least one digit behind the point: 1.0, 0.85.
    static func write(_ millionths: Int64) -> String {
        var fraction = String(millionths % 1_000_000 + 1_000_000).dropFirst()
        while fraction.count > 1, fraction.last == "0" { fraction = fraction.dropLast() }
        return "\(millionths / 1_000_000).\(fraction)"
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
