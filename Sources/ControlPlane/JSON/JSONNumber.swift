/// JSON numbers without a float in between.
enum JSONNumber {
    /// The same number without an exponent, exactly: `1.5e-5` is `0.000015`.
    ///
    /// nil when the exponent moves the point by more than 40 digits, or the spelling is no JSON number.
    static func plainDecimal(_ spelling: String) -> String? {
        let parts = spelling.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = parts.first else { return nil }
        if parts.count == 1 { return spelling }
        guard parts.count == 2, let exponent = Int(parts[1]), abs(exponent.clamped) <= 40 else { return nil }
        let isNegative = mantissa.first == "-"
        let halves = mantissa.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = halves.first else { return nil }
        let fraction = halves.count > 1 ? halves[1] : ""
        let point = whole.count + exponent
        var digits = String(whole + fraction)
        if point < 1 { digits = String(repeating: "0", count: 1 - point) + digits }
        let wholeCount = max(point, 1)
        if digits.count < wholeCount { digits += String(repeating: "0", count: wholeCount - digits.count) }
        var behind = digits.dropFirst(wholeCount)
        while behind.last == "0" { behind.removeLast() }
        return (isNegative ? "-" : "") + digits.prefix(wholeCount) + (behind.isEmpty ? "" : "." + behind)
    }

    /// A whole number; nil for a fraction, an exponent, or what does not fit.
    static func integer(_ spelling: String) -> Int? { Int(spelling) }
}

extension Int {
    /// Itself, but one whose magnitude does not fit is the next that does.
    fileprivate var clamped: Int { self == .min ? .min + 1 : self }
}
