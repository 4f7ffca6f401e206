extension NanoUSD {
    /// The sum, or the nearest end of the range. For bounds kept in memory; what is written down is added with
    /// `adding`.
    package func saturatingAdding(_ other: NanoUSD) -> NanoUSD {
        let (sum, overflow) = units.addingReportingOverflow(other.units)
        return NanoUSD(units: overflow ? (other.units < 0 ? .min : .max) : sum)
    }

    /// The difference, or the nearest end of the range.
    package func saturatingSubtracting(_ other: NanoUSD) -> NanoUSD {
        let (difference, overflow) = units.subtractingReportingOverflow(other.units)
        return NanoUSD(units: overflow ? (other.units < 0 ? .max : .min) : difference)
    }
}
