import Metering
import Testing

@Suite struct PriceTextTests {
    @Test(arguments: [("0", 0), ("0.15", 150_000), ("0.075", 75_000), ("30", 30_000_000), ("0.388126", 388_126)])
    func readsUSDPerMillionTokens(text: String, pico: Int64) throws {
        #expect(try Price.picoUSDPerToken(perMillion: text) == pico)
        #expect(Price.perMillionText(pico) == text)
    }

    @Test(arguments: [
        ("0.0000001", MoneyError.tooPrecise), ("1e3", .notDecimal), ("free", .notDecimal), ("-1", .negative),
        ("-0.000001", .negative), ("9223372036855", .overflow),
    ])
    func refusesOtherPrices(text: String, error: MoneyError) {
        #expect(throws: error) { try Price.picoUSDPerToken(perMillion: text) }
    }
}
