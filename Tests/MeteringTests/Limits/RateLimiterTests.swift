import Metering
import Testing

@Suite struct RateLimiterTests {
    @Test(arguments: [LimitMeasure.slidingWindow, .tokenBucket(burst: nil), .tokenBucket(burst: 3), .leakyBucket])
    func countsByTheMeasureItWasGiven(measure: LimitMeasure) {
        let limiter = RateLimiter(limit: 10, windowNanoseconds: 1_000, measure: measure)
        let atOnce = (0..<20).filter { _ in limiter.admit(nowNanoseconds: 0).isAdmitted }.count
        switch measure {
        case .slidingWindow: #expect(atOnce == 10)
        case .tokenBucket(let burst): #expect(atOnce == burst ?? 10)
        case .leakyBucket: #expect(atOnce == 1)
        }
        #expect(!limiter.admit(nowNanoseconds: 0).isAdmitted)
        limiter.withdraw(admittedNanoseconds: 0)
        #expect(limiter.admit(nowNanoseconds: 0).isAdmitted)
        #expect(limiter.limit == 10)
    }

    @Test func isAMinuteLongWhereNothingIsSaid() {
        let limiter = RateLimiter(limit: 1)
        #expect(limiter.admit(nowNanoseconds: 0).isAdmitted)
        #expect(limiter.admit(nowNanoseconds: 59_999_999_999) == .refused(retryAfterNanoseconds: 1))
        #expect(limiter.admit(nowNanoseconds: 60_000_000_000).isAdmitted)
    }

    /// ```
    /// loop 1 … loop 8 each ask 500 times at the same instant   the limiter says yes to exactly `limit` of them
    /// ```
    @Test(arguments: [1, 700, 2_000]) func racingLoopsShareOneLimit(limit: Int) async {
        let limiter = RateLimiter(limit: limit)
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<500).filter { _ in limiter.admit(nowNanoseconds: 5).isAdmitted }.count }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == limit)
    }
}
