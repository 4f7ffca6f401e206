/// Numbers as ECMAScript writes them (ECMA-262, Number::toString), where nothing is lost by it.
enum CanonicalNumber {
    /// Bytes of the longest spelling: sign, 17 digits, point, `e-324`.
    static let maximumCount = 25

    /// Digits alone, with or without a sign: these keep their spelling, but for `-0`. RFC 8785 writes them so too as far as a
    /// double holds them, to 2^53; beyond, whoever reads decimals reads more than a double says.
    static func isWhole(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let first = text.first else { return false }
        let isNegative = first == JSONByte.minus
        if isNegative, text.count == 2, text[1] == JSONByte.zero { return false }
        var position = isNegative ? 1 : 0
        while position < text.count {
            guard text[position] >= JSONByte.zero, text[position] <= JSONByte.nine else { return false }
            position &+= 1
        }
        return true
    }

    /// - Parameter text: a number by JSON's grammar.
    static func isCanonical(_ text: UnsafeRawBufferPointer) -> Bool {
        isWhole(text) || spelling(of: text).elementsEqual(text)
    }

    /// The canonical spelling; the text itself where a double would not hold all of it.
    ///
    /// - Parameter text: a number by JSON's grammar.
    static func spelling(of text: UnsafeRawBufferPointer) -> [UInt8] {
        guard !isWhole(text), significantDigits(of: text) <= 17,
            let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite
        else { return Array(text) }
        if value == 0 { return significantDigits(of: text) == 0 ? [JSONByte.zero] : Array(text) }
        let (digits, point) = decimal(value.magnitude)
        return (value < 0 ? [JSONByte.minus] : []) + spelling(digits, point: point)
    }

    /// Digits of the mantissa without the zeros at both ends.
    private static func significantDigits(of text: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var last = 0
        for byte in text {
            if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") { break }
            guard byte >= JSONByte.zero, byte <= JSONByte.nine else { continue }
            if byte != JSONByte.zero || count > 0 { count += 1 }
            if byte != JSONByte.zero { last = count }
        }
        return last
    }

    /// The fewest digits that read as `value`, and where the point stands: 0.d₁d₂… × 10^point.
    private static func decimal(_ value: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point = 0
        var isBehindPoint = false
        var exponent = 0
        let text = Array(value.description.utf8)
        for (place, byte) in text.enumerated() {
            if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: text[(place + 1)...], as: UTF8.self)) ?? 0
                break
            }
            if byte == UInt8(ascii: ".") {
                isBehindPoint = true
                continue
            }
            if digits.isEmpty, byte == JSONByte.zero {
                if isBehindPoint { point -= 1 }
                continue
            }
            digits.append(byte)
            if !isBehindPoint { point += 1 }
        }
        while digits.count > 1, digits.last == JSONByte.zero { digits.removeLast() }
        return (digits, point + exponent)
    }

    private static func spelling(_ digits: [UInt8], point: Int) -> [UInt8] {
        let zeros = { (count: Int) in [UInt8](repeating: JSONByte.zero, count: max(0, count)) }
        switch point {
        case digits.count...21: return digits + zeros(point - digits.count)
        case 1...21: return Array(digits[..<point]) + [UInt8(ascii: ".")] + digits[point...]
        case -5...0: return Array("0.".utf8) + zeros(-point) + digits
        default:
            let fraction = digits.count > 1 ? [UInt8(ascii: ".")] + digits[1...] : []
            return digits[..<1] + fraction + Array((point > 0 ? "e+" : "e-").utf8) + Array(String(abs(point - 1)).utf8)
        }
    }
}
