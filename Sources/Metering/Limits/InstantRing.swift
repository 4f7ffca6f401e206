/// The instants of what a sliding window admitted, oldest first. Grows by doubling up to what is ever in one window.
struct InstantRing: Sendable {
    private var storage: [Int64] = []
    private var head = 0
    private var count = 0

    /// - Parameter wanted: 1…limit
    mutating func admit(_ wanted: Int, limit: Int, now: Int64, window: Int64) -> LimitVerdict {
        while count > 0, Self.age(of: self[0], at: now) >= window {
            head = (head &+ 1) % storage.count
            count -= 1
        }
        guard count + wanted <= limit else {
            // So many of the oldest must leave first.
            let blocking = self[count + wanted - limit - 1]
            return .refused(retryAfterNanoseconds: window - Self.age(of: blocking, at: now))
        }
        for _ in 0..<wanted { append(now) }
        return .admitted(remaining: limit - count, resetNanoseconds: window)
    }

    mutating func withdraw(_ wanted: Int, notBefore: Int64) {
        for _ in 0..<wanted {
            var index = count
            while index > 0, self[index - 1] >= notBefore { index -= 1 }
            guard index < count else { return }
            for later in (index + 1)..<max(count, index + 1) { self[later - 1] = self[later] }
            count -= 1
        }
    }

    /// The instant at a place counted from the oldest; the place is below `count`.
    private subscript(_ place: Int) -> Int64 {
        get { storage[(head &+ place) % storage.count] }
        set { storage[(head &+ place) % storage.count] = newValue }
    }

    private mutating func append(_ instant: Int64) {
        if count == storage.count {
            let ordered = (0..<count).map { self[$0] }
            storage = ordered + [Int64](repeating: 0, count: max(8, count))
            head = 0
        }
        count += 1
        self[count - 1] = instant
    }

    /// Never below zero, for `now` is never before an instant kept; a difference past the range is `Int64.max`.
    private static func age(of instant: Int64, at now: Int64) -> Int64 {
        let (age, overflow) = now.subtractingReportingOverflow(instant)
        return overflow ? .max : age
    }
}
