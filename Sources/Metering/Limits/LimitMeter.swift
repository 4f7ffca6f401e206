/// How a limit counts.
package enum LimitMeasure: Sendable, Equatable {
    case slidingWindow
    /// `burst` nil: as much as the limit.
    case tokenBucket(burst: Int?)
    case leakyBucket
}

/// One of the three counters behind one limit.
enum LimitMeter: Sendable {
    case slidingWindow(SlidingWindow)
    case tokenBucket(TokenBucket)
    case leakyBucket(LeakyBucket)

    init(_ measure: LimitMeasure, limit: Int, windowNanoseconds: Int64) {
        switch measure {
        case .slidingWindow:
            self = .slidingWindow(SlidingWindow(limit: limit, windowNanoseconds: windowNanoseconds))
        case .tokenBucket(let burst):
            self = .tokenBucket(TokenBucket(limit: limit, windowNanoseconds: windowNanoseconds, burst: burst))
        case .leakyBucket:
            self = .leakyBucket(LeakyBucket(limit: limit, windowNanoseconds: windowNanoseconds))
        }
    }

    /// Holds the place while a counter is changed, so that its memory has one owner and is not copied.
    private static let placeholder = LimitMeter.leakyBucket(LeakyBucket(limit: 0, windowNanoseconds: 1))

    mutating func admit(nowNanoseconds: Int64) -> LimitVerdict {
        switch self {
        case .slidingWindow(var window):
            self = Self.placeholder
            let verdict = window.admit(nowNanoseconds: nowNanoseconds)
            self = .slidingWindow(window)
            return verdict
        case .tokenBucket(var bucket):
            let verdict = bucket.admit(nowNanoseconds: nowNanoseconds)
            self = .tokenBucket(bucket)
            return verdict
        case .leakyBucket(var bucket):
            let verdict = bucket.admit(nowNanoseconds: nowNanoseconds)
            self = .leakyBucket(bucket)
            return verdict
        }
    }

    mutating func withdraw(admittedNanoseconds: Int64) {
        switch self {
        case .slidingWindow(var window):
            self = Self.placeholder
            window.withdraw(admittedNanoseconds: admittedNanoseconds)
            self = .slidingWindow(window)
        case .tokenBucket(var bucket):
            bucket.withdraw()
            self = .tokenBucket(bucket)
        case .leakyBucket(var bucket):
            bucket.withdraw()
            self = .leakyBucket(bucket)
        }
    }
}
