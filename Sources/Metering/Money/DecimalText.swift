/// Decimal text and integers of a fixed power of ten, both ways, exactly: the only road between money and text.
enum DecimalText {
    /// The number a text stands for, in units of 10^-`decimals`.
    ///
    /// Takes `-?digits[.digits]` and nothing else: no plus sign, exponent, space, underscore or bare point.
    /// - Parameter decimals: 0…18
    /// - Throws: `notDecimal`, `tooPrecise` (more than `decimals` digits behind the point), `overflow`; in this order.
    static func units(_ text: some StringProtocol, decimals: Int) throws(MoneyError) -> Int64 {
        let shape = try Shape(text)
        guard shape.fractionDigits <= decimals else { throw .tooPrecise }
        // Counted below zero, for the range reaches one further there.
        var value: Int64 = 0
        for byte in text.utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: ".") {
            value = try appending(digit: Int64(byte &- UInt8(ascii: "0")), to: value)
        }
        for _ in shape.fractionDigits..<decimals {
            value = try appending(digit: 0, to: value)
        }
        if shape.isNegative { return value }
        guard value != .min else { throw .overflow }
        return -value
    }

    /// The shortest exact text of a number of units of 10^-`decimals`; never an exponent.
    static func text(_ units: Int64, decimals: Int) -> String {
        var rest = units.magnitude
        var reversed: [UInt8] = []
        for _ in 0..<decimals {
            let digit = takeLastDigit(of: &rest)
            if digit != UInt8(ascii: "0") || !reversed.isEmpty { reversed.append(digit) }
        }
        if !reversed.isEmpty { reversed.append(UInt8(ascii: ".")) }
        repeat { reversed.append(takeLastDigit(of: &rest)) } while rest > 0
        if units < 0 { reversed.append(UInt8(ascii: "-")) }
        return String(decoding: reversed.reversed(), as: UTF8.self)
    }

    private static func takeLastDigit(of number: inout UInt64) -> UInt8 {
        let (quotient, digit) = number.quotientAndRemainder(dividingBy: 10)
        number = quotient
        return UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
    }

    private static func appending(digit: Int64, to value: Int64) throws(MoneyError) -> Int64 {
        let (shifted, tooBig) = value.multipliedReportingOverflow(by: 10)
        let (next, tooLow) = shifted.subtractingReportingOverflow(digit)
        guard !tooBig, !tooLow else { throw .overflow }
        return next
    }

    /// What a well-formed text looks like; its digits are not yet read.
    private struct Shape {
        var isNegative = false
        var fractionDigits = 0

        init(_ text: some StringProtocol) throws(MoneyError) {
            var wholeDigits = 0
            var isBehindPoint = false
            for (index, byte) in text.utf8.enumerated() {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"):
                    if isBehindPoint { fractionDigits += 1 } else { wholeDigits += 1 }
                case UInt8(ascii: "-") where index == 0:
                    isNegative = true
                case UInt8(ascii: ".") where wholeDigits > 0 && !isBehindPoint:
                    isBehindPoint = true
                default:
                    throw .notDecimal
                }
            }
            guard wholeDigits > 0, !isBehindPoint || fractionDigits > 0 else { throw .notDecimal }
        }
    }
}
