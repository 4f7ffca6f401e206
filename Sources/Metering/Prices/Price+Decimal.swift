extension Price {
    private static let decimals = 6

    /// Pico-USD a token from USD per million tokens as people write it: `0.075` is 75,000.
    ///
    /// - Throws: `MoneyError.notDecimal`, `tooPrecise` for more than six digits behind the point, `negative`,
    ///   `overflow`.
    package static func picoUSDPerToken(perMillion text: some StringProtocol) throws(MoneyError) -> Int64 {
        let pico = try DecimalText.units(text, decimals: decimals)
        guard pico >= 0 else { throw .negative }
        return pico
    }

    /// USD per million tokens of a price a token in pico-USD, exact and as short as can be.
    package static func perMillionText(_ picoUSD: Int64) -> String {
        DecimalText.text(picoUSD, decimals: decimals)
    }
}
