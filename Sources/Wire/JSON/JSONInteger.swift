/// Reads a JSON number as an integer without ever rounding.
enum JSONInteger {
    /// The number's value where it is integral and fits; nil otherwise, and for bytes that are no number.
    static func value(of text: UnsafeRawBufferPointer) -> Int64? {
        var position = 0
        let isNegative = text.first == JSONByte.minus
        if isNegative { position = 1 }
        // Nineteen digits could overflow, eighteen cannot.
        if text.count - position <= 18, let magnitude = plain(text[position...]) {
            return isNegative ? -magnitude : magnitude
        }
        var number = Scaled()
        guard number.readDigits(text, &position, isFraction: false) else { return nil }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            guard number.readDigits(text, &position, isFraction: true) else { return nil }
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            guard number.readExponent(text, &position) else { return nil }
        }
        guard position == text.count else { return nil }
        return number.value(isNegative: isNegative)
    }

    private static func plain(_ digits: Slice<UnsafeRawBufferPointer>) -> Int64? {
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in digits {
            let digit = byte &- JSONByte.zero
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    /// A number as its digits without trailing zeros times a power of ten.
    private struct Scaled {
        private var digits: UInt64 = 0
        private var overflowed = false
        /// Zeros read since the last other digit: part of the number only if another digit follows.
        private var zeros = 0
        private var exponent = 0

        mutating func readDigits(_ text: UnsafeRawBufferPointer, _ position: inout Int, isFraction: Bool) -> Bool {
            let start = position
            while position < text.count {
                let digit = text[position] &- JSONByte.zero
                guard digit <= 9 else { break }
                position += 1
                if isFraction { exponent -= 1 }
                if digit == 0 {
                    zeros += 1
                    continue
                }
                scale(by: zeros + 1)
                zeros = 0
                let (sum, overflow) = digits.addingReportingOverflow(UInt64(digit))
                digits = sum
                overflowed = overflowed || overflow
            }
            return position > start
        }

        mutating func readExponent(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Bool {
            var isNegative = false
            if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == JSONByte.minus {
                isNegative = text[position] == JSONByte.minus
                position += 1
            }
            let start = position
            var written = 0
            while position < text.count {
                let digit = text[position] &- JSONByte.zero
                guard digit <= 9 else { break }
                position += 1
                // Beyond any number of digits a text can hold, larger is the same.
                if written < 1 << 40 { written = written * 10 + Int(digit) }
            }
            exponent += isNegative ? -written : written
            return position > start
        }

        func value(isNegative: Bool) -> Int64? {
            guard !overflowed else { return nil }
            guard digits != 0 else { return 0 }
            let power = exponent + zeros
            guard power >= 0, power <= 19 else { return nil }
            var scaled = self
            scaled.scale(by: power)
            guard !scaled.overflowed else { return nil }
            if isNegative { return scaled.digits == 1 << 63 ? .min : Int64(exactly: scaled.digits).map { -$0 } }
            return Int64(exactly: scaled.digits)
        }

        private mutating func scale(by power: Int) {
            guard digits != 0, !overflowed else { return }
            for _ in 0..<power {
                let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
                digits = product
                if overflow {
                    overflowed = true
                    return
                }
            }
        }
    }
}
