import Telemetry
import Testing

@Suite struct UTCTimeTests {
    @Test(arguments: [
        (microseconds: Int64(0), text: "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_999_999, "2024-02-29T23:59:59.999Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"), (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"),
        (.max, "9999-12-31T23:59:59.999Z"), (.min, "0000-01-01T00:00:00.000Z"),
    ])
    func momentsAreWritten(_ row: (microseconds: Int64, text: String)) {
        #expect(UTCTime.text(microseconds: row.microseconds) == row.text)
    }

    @Test(arguments: [
        (text: "1970-01-01T00:00:00Z", microseconds: Int64(0)), ("1970-01-01t00:00:00z", 0),
        ("1970-01-01 00:00:01.5Z", 1_500_000), ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31T22:30:00-01:30", 0),
        ("2024-02-29T23:59:59.9999999Z", 1_709_251_199_999_999),
    ])
    func momentsAreRead(_ row: (text: String, microseconds: Int64)) {
        #expect(UTCTime.microseconds(row.text) == row.microseconds)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T04:31:07", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00Zx", "+026-01-01T00:00:00Z", "２026-01-01T00:00:00Z",
        "1795235467",
    ])
    func whatIsNoMomentIsRefused(_ text: String) {
        #expect(UTCTime.microseconds(text) == nil)
    }

    @Test func textReadsBackOverFourCenturies() {
        for day in stride(from: Int64(-80_000), through: 80_000, by: 37) {
            let microseconds = day * 86_400_000_000 + 3_723_004_000
            #expect(UTCTime.microseconds(UTCTime.text(microseconds: microseconds)) == microseconds)
        }
    }
}
