internal import Synchronization

/// One limit shared by all event loops.
package final class RateLimiter: Sendable {
    /// For the `x-ratelimit-limit-…` header; never below 0.
    package let limit: Int
    package let windowNanoseconds: Int64
    private let meter: Mutex<LimitMeter>

    /// - Parameters:
    ///   - limit: admissions per window; 0 or less admits nothing.
    ///   - windowNanoseconds: 60 s where nothing is said.
    package init(limit: Int, windowNanoseconds: Int64 = 60_000_000_000, measure: LimitMeasure = .slidingWindow) {
        self.limit = max(0, limit)
        self.windowNanoseconds = max(1, windowNanoseconds)
        meter = Mutex(LimitMeter(measure, limit: limit, windowNanoseconds: windowNanoseconds))
    }

    /// Asks for one more, at a time of the one monotonic clock that all who ask share.
    package func admit(nowNanoseconds: Int64) -> LimitVerdict {
        meter.withLock { $0.admit(nowNanoseconds: nowNanoseconds) }
    }

    /// Gives back what `admit` gave at `admittedNanoseconds`, for a request that another limit then refused.
    package func withdraw(admittedNanoseconds: Int64) {
        meter.withLock { $0.withdraw(admittedNanoseconds: admittedNanoseconds) }
    }
}
