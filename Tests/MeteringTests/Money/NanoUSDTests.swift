import Metering
import Testing

@Suite struct NanoUSDTests {
    @Test(arguments: [
        ("0", 0), ("-0", 0), ("0.15", 150_000_000), ("-3", -3_000_000_000), ("100000", 100_000_000_000_000),
        ("0.000127", 127_000), ("0.000000001", 1), ("-0.000000001", -1), ("007.50", 7_500_000_000),
        ("9223372036.854775807", Int64.max), ("-9223372036.854775808", Int64.min),
    ])
    func readsDecimals(text: String, units: Int64) throws {
        #expect(try NanoUSD(decimal: text).units == units)
    }

    @Test(arguments: [
        "", "-", ".", "-.", "1.", ".5", "-.5", "+1", "1e-3", "1E3", "1_000", "1,000", " 1", "1 ", "--1", "1-", "1.2.3",
        "0x10",
        "NaN", "Infinity", "１", "1.-2", "0.1234567890x",
    ])
    func refusesWhatIsNoDecimal(text: String) {
        #expect(throws: MoneyError.notDecimal) { try NanoUSD(decimal: text) }
    }

    @Test(arguments: ["0.0000000001", "1.1234567890", "99999999999999999999.0000000001"])
    func refusesMoreThanNineDecimals(text: String) {
        #expect(throws: MoneyError.tooPrecise) { try NanoUSD(decimal: text) }
    }

    @Test(arguments: [
        "9223372036.854775808", "-9223372036.854775809", "9223372037", "10000000000", "99999999999999999999999999",
    ])
    func refusesWhatDoesNotFit(text: String) {
        #expect(throws: MoneyError.overflow) { try NanoUSD(decimal: text) }
    }

    @Test(arguments: [
        (0, "0"), (127_000, "0.000127"), (100_000_000_000_000, "100000"), (-500_000_000, "-0.5"), (1, "0.000000001"),
        (-1, "-0.000000001"), (1_000_000_000, "1"), (10_000_000_000, "10"), (1_000_000_010, "1.00000001"),
        (Int64.max, "9223372036.854775807"), (Int64.min, "-9223372036.854775808"),
    ])
    func writesTheShortestDecimal(units: Int64, text: String) {
        #expect(NanoUSD(units: units).decimalText == text)
    }

    @Test func everyAmountSurvivesBeingWrittenAndRead() throws {
        let seed: UInt64 = 20_261_121
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let amount = NanoUSD(units: generator.extremeInt64() >> Int64(generator.next() % 64))
            #expect(try NanoUSD(decimal: amount.decimalText) == amount, "seed \(seed)")
        }
    }

    @Test func sumsThatLeaveTheRangeThrow() throws {
        let (most, least, one) = (NanoUSD(units: .max), NanoUSD(units: .min), NanoUSD(units: 1))
        #expect(throws: MoneyError.overflow) { try most.adding(one) }
        #expect(throws: MoneyError.overflow) { try least.subtracting(one) }
        #expect(throws: MoneyError.overflow) { try NanoUSD.zero.subtracting(least) }
        #expect(try most.adding(least).units == -1)
    }

    @Test func saturatingSumsStopAtTheEnds() {
        let (most, least, one) = (NanoUSD(units: .max), NanoUSD(units: .min), NanoUSD(units: 1))
        #expect(most.saturatingAdding(one) == most)
        #expect(least.saturatingAdding(NanoUSD(units: -1)) == least)
        #expect(least.saturatingSubtracting(one) == least)
        #expect(NanoUSD.zero.saturatingSubtracting(least) == most)
        #expect(one.saturatingAdding(one).units == 2)
        #expect(one.saturatingSubtracting(NanoUSD(units: 3)).units == -2)
    }

    @Test(arguments: [(0, 3), (1, 3), (2, 3), (10, 3), (102_600, 7), (5, 1), (5, 0), (-7, 2), (.max, 2), (.min, 3)] as [(Int64, Int)])
    func partsOfAnAmountAddUpToIt(_ whole: Int64, _ count: Int) {
        let parts = NanoUSD(units: whole).split(among: count)
        #expect(parts.first.units + parts.each.units * Int64(max(1, count) - 1) == whole)
        #expect(abs(parts.first.units - parts.each.units) < Int64(max(1, count)))
    }
}
