/// A whole number ≥ 0 as decimal digits, the last first: slow school arithmetic to hold the fast one against.
struct DigitNumber: Equatable {
    private(set) var digits: [Int]

    init(_ value: Int64) {
        digits = String(value.magnitude).reversed().compactMap(\.wholeNumberValue)
        trim()
    }

    static func + (left: DigitNumber, right: DigitNumber) -> DigitNumber {
        var result = left
        result.digits = []
        var carry = 0
        for place in 0..<max(left.digits.count, right.digits.count) + 1 {
            let sum = left.digit(place) + right.digit(place) + carry
            result.digits.append(sum % 10)
            carry = sum / 10
        }
        result.trim()
        return result
    }

    static func * (left: DigitNumber, right: DigitNumber) -> DigitNumber {
        var places = [Int](repeating: 0, count: left.digits.count + right.digits.count + 1)
        for (i, a) in left.digits.enumerated() {
            for (j, b) in right.digits.enumerated() { places[i + j] += a * b }
        }
        var result = left
        var carry = 0
        result.digits = places.map { place in
            let sum = place + carry
            carry = sum / 10
            return sum % 10
        }
        result.trim()
        return result
    }

    /// The number without its last nine digits, rounded half to even.
    var billionthsRounded: DigitNumber {
        let dropped = (0..<9).reversed().map { digit($0) }
        var kept = self
        kept.digits = Array(digits.dropFirst(9))
        let half = [5, 0, 0, 0, 0, 0, 0, 0, 0]
        let isOver = half.lexicographicallyPrecedes(dropped)
        let isTie = dropped == half
        return isOver || (isTie && kept.digit(0) % 2 == 1) ? kept + DigitNumber(1) : kept
    }

    /// nil: past `Int64`.
    var int64: Int64? { digits.isEmpty ? 0 : Int64(digits.reversed().map(String.init).joined()) }

    private func digit(_ place: Int) -> Int { place < digits.count ? digits[place] : 0 }

    private mutating func trim() {
        while digits.last == 0 { digits.removeLast() }
    }
}
