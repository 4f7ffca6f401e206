import Testing

@testable import Pipeline

struct CacheForecastTests {
    private static func forecast(_ gap: Duration?, turns: Int = 0, hasTools: Bool = false) -> CacheForecast {
        CacheForecast(
            CacheOutlook(typicalGap: gap), turns: turns, hasTools: hasTools, endsWithResult: false, isSharedWarm: false)
    }

    /// 1 − 2^(−life/gap), in thousandths.
    @Test(arguments: [
        (Duration.seconds(300), Int64(500)), (.seconds(150), 750), (.seconds(600), 293), (.seconds(60), 969),
        (.seconds(3_600), 56), (.zero, 1_000), (.milliseconds(1), 1_000), (.seconds(-5), 1_000), (.seconds(1 << 60), 0),
    ])
    func halfTheRequestsComeWithinTheTypicalGap(_ gap: Duration, _ expected: Int64) {
        let survival = Self.forecast(gap).survival(.seconds(300))
        #expect(abs(survival - expected) <= 3, "\(survival)")
    }

    @Test func longerLivesNeverSurviveLess() {
        for gap in stride(from: 1, through: 100_000, by: 97) {
            let forecast = Self.forecast(.seconds(gap))
            #expect(forecast.survival(.seconds(300)) <= forecast.survival(.seconds(3_600)), "gap \(gap)")
        }
    }

    @Test func reuseNeverGrowsAlongThePrompt() {
        let places: [CachePlan.Place] = [.tools, .system, .documents, .history, .previousEnd, .bridge, .end]
        for turns in [0, 1, 5, 90] {
            let reuses = places.map { Self.forecast(nil, turns: turns).reuses($0) }
            #expect(reuses == reuses.sorted(by: >), "\(turns)")
        }
        #expect(Self.forecast(nil, turns: 90).sessionReuses == 20_000)
    }

    @Test func theLongerLifeIsOnlyThoughtOfWhereGapsAreKnownToBeLong() {
        var rules = CacheRules()
        rules.longLife = .seconds(3_600)
        #expect(!Self.forecast(nil).longLifeMayPay(rules))
        #expect(!Self.forecast(.seconds(150)).longLifeMayPay(rules))
        #expect(Self.forecast(.seconds(151)).longLifeMayPay(rules))
        rules.longLife = nil
        #expect(!Self.forecast(.seconds(151)).longLifeMayPay(rules))
    }
}
