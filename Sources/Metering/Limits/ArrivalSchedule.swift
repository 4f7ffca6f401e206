/// The arithmetic both buckets share: when the bucket will be full again, as a time; an admission moves it on.
///
/// Times are in nanoseconds times `limit`, so that the spacing of `window / limit` is a whole number and nothing
/// drifts.
struct ArrivalSchedule: Sendable {
    private let limit: Int
    private let burst: Int
    private let window: Int64
    /// nil: full.
    private var fullAt: Int128?
    private var lastSeen = Int64.min

    /// Past these the products below would leave `Int128`; 2⁵⁶ nanoseconds are two years.
    private static let largestCount = 1 << 40
    private static let longestWindow: Int64 = 1 << 56

    init(limit: Int, burst: Int, windowNanoseconds: Int64) {
        self.limit = min(limit, Self.largestCount)
        self.burst = min(burst, Self.largestCount)
        window = min(windowNanoseconds, Self.longestWindow)
    }

    mutating func admit(_ wanted: Int, now nowNanoseconds: Int64) -> LimitVerdict {
        lastSeen = max(nowNanoseconds, lastSeen)
        guard wanted <= burst else { return .refused(retryAfterNanoseconds: window) }
        let scale = Int128(limit)
        let now = Int128(lastSeen) * scale
        let missing = max(0, (fullAt ?? now) - now)
        let after = missing + Int128(wanted) * Int128(window)
        let capacity = Int128(burst) * Int128(window)
        guard after <= capacity else {
            return .refused(retryAfterNanoseconds: Self.nanoseconds(after - capacity, scale))
        }
        fullAt = now + after
        return .admitted(
            remaining: Int(clamping: (capacity - after) / Int128(window)),
            resetNanoseconds: Self.nanoseconds(after, scale))
    }

    mutating func withdraw(_ count: Int) {
        fullAt = fullAt.map { $0 - Int128(min(count, burst)) * Int128(window) }
    }

    private static func nanoseconds(_ scaled: Int128, _ scale: Int128) -> Int64 {
        Int64(clamping: (scaled + scale - 1) / scale)
    }
}
