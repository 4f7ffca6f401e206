/// An amount of money in billionths of a US dollar; negative amounts are debts or refunds.
///
/// Range ±9.2 billion USD. All arithmetic that can leave the range throws: money never wraps and never traps.
package struct NanoUSD: Sendable, Hashable, Comparable {
    package var units: Int64

    package init(units: Int64) {
        self.units = units
    }

    package static let zero = NanoUSD(units: 0)

    package static func < (left: NanoUSD, right: NanoUSD) -> Bool { left.units < right.units }

    /// - Throws: `MoneyError.overflow`
    package func adding(_ other: NanoUSD) throws(MoneyError) -> NanoUSD {
        let (sum, overflow) = units.addingReportingOverflow(other.units)
        guard !overflow else { throw .overflow }
        return NanoUSD(units: sum)
    }

    /// - Throws: `MoneyError.overflow`
    package func subtracting(_ other: NanoUSD) throws(MoneyError) -> NanoUSD {
        let (difference, overflow) = units.subtractingReportingOverflow(other.units)
        guard !overflow else { throw .overflow }
        return NanoUSD(units: difference)
    }
}

/// What can go wrong with an amount.
package enum MoneyError: Error, Equatable {
    /// The exact result does not fit.
    case overflow
    /// The text is not a decimal number.
    case notDecimal
    /// More digits behind the point than the unit can hold.
    case tooPrecise
    /// A count, price or multiplier below zero, where none can be.
    case negative
}
