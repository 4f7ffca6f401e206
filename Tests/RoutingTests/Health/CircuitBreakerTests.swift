import Routing
import Testing

@Suite struct CircuitBreakerTests {
    private static let second: Int64 = 1_000_000_000
    private var second: Int64 { Self.second }

    /// A breaker that failed at `at` and is open since.
    private func opened(at: Int64 = 0, _ parameters: CircuitBreakerParameters = .init()) -> CircuitBreaker {
        var breaker = CircuitBreaker(parameters: parameters)
        for _ in 0..<parameters.minimumRequests { breaker.record(success: false, nowNanoseconds: at) }
        return breaker
    }

    @Test func theDefaultsAreTheContracts() {
        let parameters = CircuitBreakerParameters()
        #expect(parameters.windowNanoseconds == 10 * second && parameters.buckets == 10)
        #expect(parameters.failureRatio == 0.5 && parameters.minimumRequests == 20)
        #expect(parameters.openNanoseconds == second && parameters.maximumOpenNanoseconds == 30 * second)
        #expect(parameters.halfOpenSuccesses == 3)
    }

    /// (failures, successes, opens)
    @Test(arguments: [
        (19, 0, false), (20, 0, true), (10, 10, false), (11, 9, true), (11, 10, true), (11, 11, false), (0, 100, false),
        (50, 51, false), (51, 49, true),
    ])
    func opensAtMoreThanTheRatioOfEnough(failures: Int, successes: Int, opens: Bool) {
        var breaker = CircuitBreaker()
        // Successes first: the share of failures is highest at the end.
        for _ in 0..<successes { breaker.record(success: true, nowNanoseconds: 0) }
        for _ in 0..<failures { breaker.record(success: false, nowNanoseconds: 0) }
        #expect((breaker.state == .open) == opens)
        #expect(breaker.allows(nowNanoseconds: 0) == !opens)
    }

    @Test func aSuccessCanMakeTheNumberFull() {
        var breaker = CircuitBreaker()
        for _ in 0..<19 { breaker.record(success: false, nowNanoseconds: 0) }
        #expect(breaker.state == .closed)
        breaker.record(success: true, nowNanoseconds: 0)
        #expect(breaker.state == .open)
    }

    @Test func whatIsOlderThanTheWindowDoesNotCount() {
        var breaker = CircuitBreaker()
        for _ in 0..<19 { breaker.record(success: false, nowNanoseconds: 0) }
        breaker.record(success: false, nowNanoseconds: 10 * second)
        #expect(breaker.state == .closed)
        var inside = CircuitBreaker()
        for _ in 0..<19 { inside.record(success: false, nowNanoseconds: 0) }
        inside.record(success: false, nowNanoseconds: 10 * second - 1)
        #expect(inside.state == .open)
    }

    /// One failed probe each: how long it is then open, in seconds.
    @Test func opensTwiceAsLongAfterEachFailedProbe() {
        var breaker = opened()
        var now: Int64 = 0
        for seconds in [1, 2, 4, 8, 16, 30, 30, 30] as [Int64] {
            #expect(breaker.allows(nowNanoseconds: now + seconds * second - 1) == false, "\(seconds) s")
            now += seconds * second
            #expect(breaker.allows(nowNanoseconds: now) == true, "\(seconds) s")
            #expect(breaker.state == .halfOpen)
            breaker.record(success: false, nowNanoseconds: now)
            #expect(breaker.state == .open)
        }
    }

    @Test func closesAfterEnoughSuccesses() {
        var breaker = opened()
        for probe in 1...3 {
            #expect(breaker.allows(nowNanoseconds: second) == true)
            #expect(breaker.state == .halfOpen, "probe \(probe)")
            breaker.record(success: true, nowNanoseconds: second)
        }
        #expect(breaker.state == .closed)
        breaker.record(success: false, nowNanoseconds: second)
        #expect(breaker.state == .closed, "the failures that opened it are forgotten")
        for _ in 0..<19 { breaker.record(success: false, nowNanoseconds: second) }
        #expect(breaker.allows(nowNanoseconds: 2 * second - 1) == false, "and so are its longer periods")
        #expect(breaker.allows(nowNanoseconds: 2 * second) == true)
    }

    @Test func letsNoMoreProbesThroughThanItNeeds() {
        var breaker = opened()
        let allowed = (0..<10).map { _ in breaker.allows(nowNanoseconds: second) }
        #expect(allowed.count { $0 } == 3)
        breaker.record(success: true, nowNanoseconds: second)
        #expect(breaker.allows(nowNanoseconds: second) == false, "two under way and one success are three")
        breaker.record(success: false, nowNanoseconds: second)
        #expect(breaker.state == .open)
        breaker.record(success: true, nowNanoseconds: second)
        #expect(breaker.state == .open, "the third probe came too late")
    }

    @Test func anAbandonedProbeIsFreeAgain() {
        var breaker = opened()
        for _ in 0..<3 { #expect(breaker.allows(nowNanoseconds: second) == true) }
        #expect(breaker.allows(nowNanoseconds: second) == false)
        breaker.abandon(nowNanoseconds: second)
        #expect(breaker.allows(nowNanoseconds: second) == true)
        #expect(breaker.allows(nowNanoseconds: second) == false)
    }

    /// ```
    /// 0 s: a call begins, the provider dies, the breaker opens
    /// 1 s: half open, a probe begins          1.1 s: the old call times out
    /// 1.2 s: the probe succeeds
    /// ```
    @Test func callsFromBeforeTheHalfOpenPhaseSayNothingAboutIt() {
        var breaker = opened()
        #expect(breaker.allows(nowNanoseconds: second) == true)
        breaker.record(success: false, begunNanoseconds: 0, nowNanoseconds: second + 100)
        #expect(breaker.state == .halfOpen)
        breaker.record(success: true, begunNanoseconds: second - 1, nowNanoseconds: second + 100)
        breaker.abandon(begunNanoseconds: 0, nowNanoseconds: second + 100)
        for _ in 0..<2 { #expect(breaker.allows(nowNanoseconds: second + 100) == true) }
        #expect(breaker.allows(nowNanoseconds: second + 100) == false, "no probe was given back")
        breaker.record(success: false, begunNanoseconds: second, nowNanoseconds: second + 200)
        #expect(breaker.state == .open, "a probe's own failure counts")
    }

    @Test func resultsThatComeWhileOpenAreDropped() {
        var breaker = opened()
        for _ in 0..<100 { breaker.record(success: true, nowNanoseconds: 10) }
        breaker.abandon(nowNanoseconds: 10)
        #expect(breaker.state == .open)
        #expect(breaker.allows(nowNanoseconds: second - 1) == false)
    }

    @Test func lookingTakesNoProbe() {
        let breaker = opened()
        #expect(!breaker.couldAllow(nowNanoseconds: second - 1))
        for _ in 0..<10 { #expect(breaker.couldAllow(nowNanoseconds: second)) }
        #expect(breaker.state == .open)
    }

    @Test(arguments: [Int64.min, -1, 0, 1, .max])
    func theEndsOfTheRangesDoNotTrap(number: Int64) {
        let parameters = CircuitBreakerParameters(
            windowNanoseconds: number, buckets: Int(number), failureRatio: number > 0 ? .nan : -Double.infinity,
            minimumRequests: Int(number), openNanoseconds: number, maximumOpenNanoseconds: number,
            halfOpenSuccesses: Int(number))
        var breaker = CircuitBreaker(parameters: parameters)
        for now in [.min, -1, 0, 1, .max, .min, .max] as [Int64] {
            for success in [true, false, false] {
                _ = breaker.allows(nowNanoseconds: now)
                breaker.record(success: success, nowNanoseconds: now)
                breaker.abandon(nowNanoseconds: now)
            }
        }
    }

    @Test func aRatioOfOneNeverOpensAndOfZeroOpensAtTheFirstFailure() {
        var patient = CircuitBreaker(parameters: CircuitBreakerParameters(failureRatio: 1, minimumRequests: 1))
        var strict = CircuitBreaker(parameters: CircuitBreakerParameters(failureRatio: 0, minimumRequests: 1))
        for _ in 0..<100 { patient.record(success: false, nowNanoseconds: 0) }
        strict.record(success: true, nowNanoseconds: 0)
        #expect(patient.state == .closed && strict.state == .closed)
        strict.record(success: false, nowNanoseconds: 0)
        #expect(strict.state == .open)
    }

    /// A slow model that keeps every result and decides by looking at all of them, against a random life.
    @Test(arguments: 101...112 as ClosedRange<UInt64>)
    func agreesWithAModelThatKeepsEverything(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let parameters = CircuitBreakerParameters(
            windowNanoseconds: 1_000, buckets: 10, failureRatio: 0.4, minimumRequests: 6, openNanoseconds: 300,
            maximumOpenNanoseconds: 2_000, halfOpenSuccesses: 2)
        var breaker = CircuitBreaker(parameters: parameters)
        var model = BreakerModel(parameters: parameters)
        var now: Int64 = 0
        var underWay: [Int64] = []
        var states: [CircuitBreaker.State: Int] = [:]
        for step in 0..<4_000 {
            now += Int64.random(in: 0...80, using: &generator)
            // The provider is bad for a while, then good for a while.
            let isBad = (now / 5_000).isMultiple(of: 2)
            if generator.next().isMultiple(of: 2) || underWay.isEmpty {
                let allowed = breaker.allows(nowNanoseconds: now)
                #expect(allowed == model.allows(now), "seed \(seed), step \(step)")
                if allowed { underWay.append(now) }
            } else {
                let begun = underWay.remove(at: Int.random(in: underWay.indices, using: &generator))
                if generator.next().isMultiple(of: 8) {
                    breaker.abandon(begunNanoseconds: begun, nowNanoseconds: now)
                    model.abandon(begun)
                } else {
                    let success = generator.next() % 100 >= (isBad ? 80 : 5)
                    breaker.record(success: success, begunNanoseconds: begun, nowNanoseconds: now)
                    model.record(success, begun, now)
                }
            }
            #expect(breaker.state == model.state, "seed \(seed), step \(step)")
            states[breaker.state, default: 0] += 1
        }
        #expect(states.count == 3, "every state was reached, seed \(seed)")
    }
}
