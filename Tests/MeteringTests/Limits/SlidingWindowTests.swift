import Metering
import Testing

@Suite struct SlidingWindowTests {
    private let minute: Int64 = 60_000_000_000

    @Test func admitsSoManyAndTellsWhenTheNextMay() {
        var window = SlidingWindow(limit: 2, windowNanoseconds: 100)
        #expect(window.admit(nowNanoseconds: 0) == .admitted(remaining: 1, resetNanoseconds: 100))
        #expect(window.admit(nowNanoseconds: 30) == .admitted(remaining: 0, resetNanoseconds: 100))
        #expect(window.admit(nowNanoseconds: 40) == .refused(retryAfterNanoseconds: 60))
        #expect(window.admit(nowNanoseconds: 99) == .refused(retryAfterNanoseconds: 1))
        #expect(window.admit(nowNanoseconds: 100).isAdmitted)
        #expect(window.admit(nowNanoseconds: 100) == .refused(retryAfterNanoseconds: 30))
    }

    @Test(arguments: [0, -5]) func aLimitOfNothingAdmitsNothing(limit: Int) {
        var window = SlidingWindow(limit: limit, windowNanoseconds: 100)
        #expect(window.admit(nowNanoseconds: 0) == .refused(retryAfterNanoseconds: 100))
        #expect(window.limit == 0)
    }

    @Test func aRefusalCostsNothing() {
        var window = SlidingWindow(limit: 1, windowNanoseconds: 100)
        #expect(window.admit(nowNanoseconds: 0).isAdmitted)
        for now in 1..<100 as Range<Int64> { #expect(!window.admit(nowNanoseconds: now).isAdmitted) }
        #expect(window.admit(nowNanoseconds: 100).isAdmitted)
    }

    @Test(arguments: [3, 5_000]) func aTimeBeforeTheLastIsTakenForTheLast(limit: Int) {
        var window = SlidingWindow(limit: limit, windowNanoseconds: minute)
        #expect(window.admit(limit, nowNanoseconds: minute).isAdmitted)
        #expect(!window.admit(nowNanoseconds: 0).isAdmitted)
        #expect(!window.admit(nowNanoseconds: .min).isAdmitted)
        #expect(window.admit(nowNanoseconds: 3 * minute).isAdmitted)
    }

    @Test(arguments: [10, 5_000]) func severalAtOnceAreAdmittedWholeOrNotAtAll(limit: Int) {
        var window = SlidingWindow(limit: limit, windowNanoseconds: minute)
        #expect(window.admit(limit - 1, nowNanoseconds: 0).isAdmitted)
        #expect(!window.admit(2, nowNanoseconds: 0).isAdmitted)
        #expect(window.admit(1, nowNanoseconds: 0).isAdmitted)
        #expect(window.admit(limit + 1, nowNanoseconds: 0) == .refused(retryAfterNanoseconds: minute))
    }

    @Test(arguments: [10, 5_000]) func whatIsWithdrawnCanBeTakenAgain(limit: Int) {
        var window = SlidingWindow(limit: limit, windowNanoseconds: minute)
        #expect(window.admit(limit - 1, nowNanoseconds: 0).isAdmitted)
        #expect(window.admit(nowNanoseconds: 1_000_000_000).isAdmitted)
        #expect(!window.admit(nowNanoseconds: 2_000_000_000).isAdmitted)
        window.withdraw(admittedNanoseconds: 1_000_000_000)
        #expect(window.admit(nowNanoseconds: 2_000_000_000).isAdmitted)
        #expect(!window.admit(nowNanoseconds: 2_000_000_000).isAdmitted)
        window.withdraw(limit, admittedNanoseconds: 0)
        #expect(window.admit(limit, nowNanoseconds: 2_000_000_000).isAdmitted)
    }

    @Test func withdrawingWhatWasNeverAdmittedDoesNothing() {
        for limit in [4, 5_000] {
            var window = SlidingWindow(limit: limit, windowNanoseconds: minute)
            window.withdraw(admittedNanoseconds: 0)
            #expect(window.admit(limit, nowNanoseconds: 0).isAdmitted)
            window.withdraw(admittedNanoseconds: 5)
            window.withdraw(admittedNanoseconds: 2 * minute)
            if limit == 4 { #expect(!window.admit(nowNanoseconds: 5).isAdmitted) }
        }
    }

    @Test(arguments: [Int64.min, -1, 0, 1, .max - 1, .max], [Int64.min, 0, 1, 100, .max])
    func theEndsOfTheRangeDoNotTrap(now: Int64, length: Int64) {
        for limit in [1, 5_000, Int.max] {
            var window = SlidingWindow(limit: limit, windowNanoseconds: length)
            #expect(window.admit(nowNanoseconds: now).isAdmitted)
            _ = window.admit(nowNanoseconds: 0)
            _ = window.admit(limit, nowNanoseconds: .max)
            _ = window.admit(.max, nowNanoseconds: .max)
            _ = window.admit(.min, nowNanoseconds: .min)
            window.withdraw(admittedNanoseconds: now)
        }
    }

    /// Every window that can hold one too many begins at an admission.
    @Test(arguments: [1, 2, 7, 100, 1_024, 1_025, 2_500], [31, 32] as [UInt64])
    func noWindowEverHoldsMoreThanTheLimit(limit: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let length: Int64 = 1_000_000
        var window = SlidingWindow(limit: limit, windowNanoseconds: length)
        var admitted: [Int64] = []
        var refusals = 0
        var now = Int64(bitPattern: generator.next()) >> 8
        // Arrivals at about twice the limit's rate, in bursts and pauses.
        for _ in 0..<limit * 12 + 500 {
            switch generator.next() % UInt64(16 + limit) {
            case 0: now += Int64.random(in: 0...length, using: &generator)
            case 1...UInt64(5 + limit / 3): break
            default: now += Int64.random(in: 0...max(1, length / Int64(limit)), using: &generator)
            }
            if window.admit(nowNanoseconds: now).isAdmitted { admitted.append(now) } else { refusals += 1 }
        }
        for (index, time) in admitted.enumerated() where index >= limit {
            #expect(time - admitted[index - limit] >= length, "seed \(seed), limit \(limit), at \(index)")
        }
        #expect(admitted.count > limit && refusals > 0, "the limit was reached, seed \(seed)")
    }

    /// What the exact answer would admit, the window refuses only within its stated slack.
    @Test(arguments: [5, 1_024, 1_025, 3_000], [41, 42] as [UInt64])
    func isConservativeByNoMoreThanTwoPercent(limit: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let length: Int64 = 60_000_000_000
        let slack: Int64 = limit > SlidingWindow.exactLimit ? length / 50 : 0
        var window = SlidingWindow(limit: limit, windowNanoseconds: length)
        var admitted: [Int64] = []
        var now: Int64 = 0
        for _ in 0..<limit * 6 + 200 {
            now += Int64.random(in: 0...(length / Int64(limit)), using: &generator)
            if window.admit(nowNanoseconds: now).isAdmitted {
                admitted.append(now)
            } else {
                let blocking = admitted[admitted.count - limit]
                #expect(now - blocking < length + slack, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [1, 50, 1_500], [51, 52] as [UInt64])
    func whoWaitsAsToldIsAdmitted(limit: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var window = SlidingWindow(limit: limit, windowNanoseconds: 1_000_000)
        var now: Int64 = 0
        for _ in 0..<3_000 {
            now += Int64.random(in: 0...(400_000 / Int64(limit)), using: &generator)
            if case .refused(let wait) = window.admit(nowNanoseconds: now) {
                var early = window
                #expect(wait > 0, "seed \(seed)")
                #expect(!early.admit(nowNanoseconds: now + wait - 1).isAdmitted, "not sooner, seed \(seed)")
                now += wait
                #expect(window.admit(nowNanoseconds: now).isAdmitted, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [8, 2_000], [61, 62] as [UInt64])
    func withdrawalsNeverLetOneTooManyIn(limit: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let length: Int64 = 1_000_000
        var window = SlidingWindow(limit: limit, windowNanoseconds: length)
        var kept: [Int64] = []
        var now: Int64 = 0
        for _ in 0..<limit * 10 + 1_000 {
            now += Int64.random(in: 0...(length / Int64(limit)), using: &generator)
            guard window.admit(nowNanoseconds: now).isAdmitted else { continue }
            kept.append(now)
            if generator.next().isMultiple(of: 4),
                let index = kept.indices.suffix(limit).randomElement(using: &generator)
            {
                // Only what is surely counted still is given back.
                guard now - kept[index] < length / 2 else { continue }
                window.withdraw(admittedNanoseconds: kept.remove(at: index))
            }
        }
        for (index, time) in kept.enumerated() where index >= limit {
            #expect(time - kept[index - limit] >= length, "seed \(seed)")
        }
        #expect(kept.count > limit)
    }
}
