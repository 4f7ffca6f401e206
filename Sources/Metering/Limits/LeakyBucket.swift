/// Admits one at a time, `windowNanoseconds / limit` apart: no bursts at all.
package struct LeakyBucket: Sendable {
    package let limit: Int
    package let windowNanoseconds: Int64
    private var schedule: ArrivalSchedule

    package init(limit: Int, windowNanoseconds: Int64) {
        self.limit = max(0, limit)
        self.windowNanoseconds = max(1, windowNanoseconds)
        schedule = ArrivalSchedule(
            limit: self.limit, burst: limit > 0 ? 1 : 0, windowNanoseconds: self.windowNanoseconds)
    }

    /// Asks for one more.
    package mutating func admit(nowNanoseconds: Int64) -> LimitVerdict {
        schedule.admit(1, now: nowNanoseconds)
    }

    /// Gives back what `admit` gave.
    package mutating func withdraw() {
        schedule.withdraw(1)
    }
}
