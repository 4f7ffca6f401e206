import Testing

@testable import Routing

@Suite struct RecentLoadTests {
    @Test func halfIsLeftAfterAHalfLife() {
        var load = RecentLoad(halfLifeNanoseconds: 100)
        load.add(tokens: 800, nowNanoseconds: 1_000)
        load.add(tokens: 200, nowNanoseconds: 1_000)
        #expect(load.value(nowNanoseconds: 1_000) == (2, 1_000))
        #expect(load.value(nowNanoseconds: 1_100) == (1, 500))
        load.add(tokens: 0, nowNanoseconds: 1_200)
        #expect(load.value(nowNanoseconds: 1_200) == (1.5, 250))
        #expect(load.value(nowNanoseconds: .max) == (0, 0))
    }

    @Test func timeThatRunsBackwardsStandsStill() {
        var load = RecentLoad(halfLifeNanoseconds: 100)
        load.add(tokens: 100, nowNanoseconds: 1_000)
        load.add(tokens: 100, nowNanoseconds: 500)
        #expect(load.value(nowNanoseconds: 0) == (2, 200))
        #expect(load.value(nowNanoseconds: 1_100) == (1, 100))
    }

    @Test func nothingWeighsNothing() {
        #expect(RecentLoad().value(nowNanoseconds: 0) == (0, 0))
        #expect(RecentLoad(halfLifeNanoseconds: .min).value(nowNanoseconds: .max) == (0, 0))
    }
}
