import DataPlane
import Testing

struct DurationTextTests {
    @Test(
        arguments: [
            ("1s", 1_000), ("6m0s", 360_000), ("850ms", 850), ("1h2m3.5s", 3_723_500), ("2m59.56s", 179_560), ("0", 0),
            ("17", 17_000), ("0.25", 250), ("12ms", 12), ("1us", 1), ("999ns", 1), ("1.0000001s", 1_001), ("24h", 86_400_000),
            ("1m1ms", 60_001), ("000000000000000001s", 1_000),
            ("", nil), ("s", nil), ("-1s", nil), ("+1s", nil), ("1.s", nil), (".5s", nil), ("1 s", nil), ("1d", nil),
            ("5m3", nil), ("1.2.3s", nil), ("1S", nil), ("9000h", nil), ("999999999999999999h", nil),
            ("1795219200", nil), ("0000000000000000001s", nil), ("2026-11-21T00:00:00Z", nil), ("1s\u{0}", nil),
        ] as [(String, Int64?)])
    func aDurationIsReadInMilliseconds(_ text: String, milliseconds: Int64?) {
        #expect(read(text) == milliseconds)
    }

    @Test(
        arguments: [
            (0, "0s"), (-1, "0s"), (1, "1ms"), (850, "850ms"), (1_000, "1s"), (1_500, "1.5s"), (17_000, "17s"),
            (60_000, "1m0s"), (360_000, "6m0s"), (3_600_000, "1h0m0s"), (3_723_050, "1h2m3.05s"),
        ] as [(Int64, String)])
    func aDurationIsWrittenAsGoWritesIt(_ milliseconds: Int64, text: String) {
        #expect(DurationText.text(milliseconds: milliseconds) == text)
        #expect(read(text) == max(0, milliseconds))
    }

    private func read(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBytes { DurationText.milliseconds($0, bareUnit: .seconds) }
    }
}
