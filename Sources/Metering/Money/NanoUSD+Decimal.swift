extension NanoUSD {
    private static let decimals = 9

    /// An amount of USD as people and JSON write it: `0.15`, `-3`, `100000`.
    ///
    /// - Throws: `MoneyError.notDecimal` for anything but `-?digits[.digits]` (an exponent too), `tooPrecise` for more
    ///   than nine digits behind the point, `overflow`.
    package init(decimal text: some StringProtocol) throws(MoneyError) {
        self.init(units: try DecimalText.units(text, decimals: Self.decimals))
    }

    /// The amount in USD, exact and as short as can be: `0.000127`, `100000`, `-0.5`; never with an exponent.
    package var decimalText: String { DecimalText.text(units, decimals: Self.decimals) }
}
