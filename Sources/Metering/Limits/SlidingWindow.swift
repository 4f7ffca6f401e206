/// Admits at most `limit` in any window of `windowNanoseconds`: a half-open one, so what was admitted exactly a window
/// ago no longer counts.
///
/// Exact up to a limit of 1024, where every admitted instant is kept. Above that instants are counted in slots of 1/128
/// of the window, and a slot is let go of only once all of it is outside: never one too many, but what was admitted
/// counts up to 1/128 of the window (0.8 %) too long. Memory: 8 bytes an instant and at most 1024 of them, or 129
/// counts.
///
/// Time comes in, in nanoseconds of any monotonic clock; a time before the last one seen is taken for the last one.
package struct SlidingWindow: Sendable {
    /// Up to this limit instants are kept one by one.
    package static let exactLimit = 1024

    /// Never below 0; 0 admits nothing.
    package let limit: Int
    /// Never below 1.
    package let windowNanoseconds: Int64
    private var counting: Counting
    private var lastSeen = Int64.min

    private enum Counting: Sendable {
        case instants(InstantRing)
        case slots(SlotRing)
    }

    package init(limit: Int, windowNanoseconds: Int64) {
        self.limit = max(0, limit)
        self.windowNanoseconds = max(1, windowNanoseconds)
        counting =
            limit <= Self.exactLimit
            ? .instants(InstantRing()) : .slots(SlotRing(windowNanoseconds: self.windowNanoseconds))
    }

    /// Asks for `count` (at least one) at once; all of them are admitted, or none.
    package mutating func admit(_ count: Int = 1, nowNanoseconds: Int64) -> LimitVerdict {
        let now = max(nowNanoseconds, lastSeen)
        lastSeen = now
        let wanted = max(1, count)
        guard wanted <= limit else {
            return .refused(retryAfterNanoseconds: windowNanoseconds)
        }
        switch counting {
        case .instants(var ring):
            // Emptied meanwhile, or the ring would be copied.
            counting = .instants(InstantRing())
            let verdict = ring.admit(wanted, limit: limit, now: now, window: windowNanoseconds)
            counting = .instants(ring)
            return verdict
        case .slots(var ring):
            counting = .instants(InstantRing())
            let verdict = ring.admit(wanted, limit: limit, now: now)
            counting = .slots(ring)
            return verdict
        }
    }

    /// Gives back what `admit` gave at `admittedNanoseconds`, for a request that another limit then refused.
    ///
    /// Takes back the oldest count not before that time, so a concurrent admission can only be counted too long.
    package mutating func withdraw(_ count: Int = 1, admittedNanoseconds: Int64) {
        switch counting {
        case .instants(var ring):
            counting = .instants(InstantRing())
            ring.withdraw(max(1, count), notBefore: admittedNanoseconds)
            counting = .instants(ring)
        case .slots(var ring):
            counting = .instants(InstantRing())
            ring.withdraw(max(1, count), notBefore: admittedNanoseconds)
            counting = .slots(ring)
        }
    }
}
