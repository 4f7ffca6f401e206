import Metering
import Testing

@Suite struct BucketTests {
    @Test func aTokenBucketGivesItsBurstAndThenItsRate() {
        var bucket = TokenBucket(limit: 10, windowNanoseconds: 1_000, burst: 3)
        #expect(bucket.admit(nowNanoseconds: 0) == .admitted(remaining: 2, resetNanoseconds: 100))
        #expect(bucket.admit(nowNanoseconds: 0) == .admitted(remaining: 1, resetNanoseconds: 200))
        #expect(bucket.admit(nowNanoseconds: 0) == .admitted(remaining: 0, resetNanoseconds: 300))
        #expect(bucket.admit(nowNanoseconds: 0) == .refused(retryAfterNanoseconds: 100))
        #expect(bucket.admit(nowNanoseconds: 60) == .refused(retryAfterNanoseconds: 40))
        #expect(bucket.admit(nowNanoseconds: 100).isAdmitted)
        #expect(!bucket.admit(nowNanoseconds: 100).isAdmitted)
        #expect(bucket.admit(3, nowNanoseconds: 10_000).isAdmitted, "full again, and no fuller than its burst")
        #expect(!bucket.admit(nowNanoseconds: 10_000).isAdmitted)
        #expect(bucket.admit(4, nowNanoseconds: 90_000) == .refused(retryAfterNanoseconds: 1_000))
    }

    @Test func aTokenBucketsBurstIsItsLimitWhereNothingIsSaid() {
        var bucket = TokenBucket(limit: 5, windowNanoseconds: 1_000)
        #expect(bucket.burst == 5)
        #expect(bucket.admit(5, nowNanoseconds: 0).isAdmitted)
        #expect(!bucket.admit(nowNanoseconds: 0).isAdmitted)
    }

    @Test func aLeakyBucketKeepsItsDistance() {
        var bucket = LeakyBucket(limit: 4, windowNanoseconds: 1_000)
        #expect(bucket.admit(nowNanoseconds: 0) == .admitted(remaining: 0, resetNanoseconds: 250))
        #expect(bucket.admit(nowNanoseconds: 249) == .refused(retryAfterNanoseconds: 1))
        #expect(bucket.admit(nowNanoseconds: 250).isAdmitted)
        #expect(bucket.admit(nowNanoseconds: 100_000).isAdmitted)
        #expect(!bucket.admit(nowNanoseconds: 100_249).isAdmitted)
    }

    @Test func whatIsWithdrawnCanBeTakenAgain() {
        var leaky = LeakyBucket(limit: 1, windowNanoseconds: 1_000)
        #expect(leaky.admit(nowNanoseconds: 0).isAdmitted)
        leaky.withdraw()
        #expect(leaky.admit(nowNanoseconds: 0).isAdmitted)
        var tokens = TokenBucket(limit: 2, windowNanoseconds: 1_000)
        #expect(tokens.admit(2, nowNanoseconds: 0).isAdmitted)
        tokens.withdraw(.max)
        #expect(tokens.admit(2, nowNanoseconds: 0).isAdmitted)
        #expect(!tokens.admit(nowNanoseconds: 0).isAdmitted, "no fuller than its burst")
    }

    @Test func aLimitOfNothingAdmitsNothing() {
        var leaky = LeakyBucket(limit: 0, windowNanoseconds: 10)
        var tokens = TokenBucket(limit: -1, windowNanoseconds: 10, burst: 5)
        for now in [0, 10, 1_000] as [Int64] {
            #expect(!leaky.admit(nowNanoseconds: now).isAdmitted)
            #expect(!tokens.admit(nowNanoseconds: now).isAdmitted)
        }
    }

    @Test(arguments: [Int64.min, -1, 0, 1, .max], [Int64.min, 0, 7, .max])
    func theEndsOfTheRangeDoNotTrap(now: Int64, length: Int64) {
        for limit in [1, 5_000, Int.max] {
            var tokens = TokenBucket(limit: limit, windowNanoseconds: length, burst: .max)
            var leaky = LeakyBucket(limit: limit, windowNanoseconds: length)
            for time in [now, .min, .max] {
                _ = tokens.admit(.max, nowNanoseconds: time)
                _ = tokens.admit(nowNanoseconds: time)
                _ = leaky.admit(nowNanoseconds: time)
            }
            tokens.withdraw(.max)
            leaky.withdraw()
        }
    }

    /// In any stretch of time no more than the burst and what refills meanwhile.
    @Test(arguments: [(7, 3), (60, 60), (1_000, 1)], [71, 72] as [UInt64])
    func aTokenBucketNeverGivesMoreThanItHas(shape: (limit: Int, burst: Int), seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let length: Int64 = 1_000_000
        var bucket = TokenBucket(limit: shape.limit, windowNanoseconds: length, burst: shape.burst)
        var admitted: [Int64] = []
        var now: Int64 = 0
        for _ in 0..<shape.limit * 8 {
            now += Int64.random(in: 0...(length / Int64(shape.limit)), using: &generator)
            if bucket.admit(nowNanoseconds: now).isAdmitted { admitted.append(now) }
        }
        for first in admitted.indices {
            for last in first..<min(admitted.count, first + 200) {
                let refilled = Double(admitted[last] - admitted[first]) * Double(shape.limit) / Double(length)
                #expect(Double(last - first + 1) <= Double(shape.burst) + refilled + 1e-9, "seed \(seed)")
            }
        }
        #expect(admitted.count > shape.limit)
    }
}
