/// A bucket of `burst` admissions that refills at `limit` per `windowNanoseconds`.
///
/// Admits up to `burst + limit` in a window. Exact: what is in the bucket is counted in fractions of an admission.
package struct TokenBucket: Sendable {
    package let limit: Int
    package let burst: Int
    package let windowNanoseconds: Int64
    private var schedule: ArrivalSchedule

    /// - Parameter burst: how many may come at once; nil: `limit`. Never below 1 unless `limit` is 0.
    package init(limit: Int, windowNanoseconds: Int64, burst: Int? = nil) {
        self.limit = max(0, limit)
        self.burst = limit > 0 ? max(1, burst ?? limit) : 0
        self.windowNanoseconds = max(1, windowNanoseconds)
        schedule = ArrivalSchedule(limit: self.limit, burst: self.burst, windowNanoseconds: self.windowNanoseconds)
    }

    /// Asks for `count` (at least one) at once; all of them are admitted, or none.
    package mutating func admit(_ count: Int = 1, nowNanoseconds: Int64) -> LimitVerdict {
        schedule.admit(max(1, count), now: nowNanoseconds)
    }

    /// Gives back what `admit` gave.
    package mutating func withdraw(_ count: Int = 1) {
        schedule.withdraw(max(1, count))
    }
}
