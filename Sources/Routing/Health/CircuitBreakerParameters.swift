/// When a circuit breaker opens and how it closes again.
///
/// Values outside their ranges are brought to the nearest end when read, so that no configuration can stall a provider.
package struct CircuitBreakerParameters: Sendable, Equatable {
    /// How far back results count.
    package var windowNanoseconds: Int64
    /// The window falls out bucket by bucket. 1…1000
    package var buckets: Int
    /// 0…1; opens when more than this share of a window's requests failed.
    package var failureRatio: Double
    /// Of fewer results in the window nothing is concluded.
    package var minimumRequests: Int
    /// The first open period; doubles with each failed probe up to `maximumOpenNanoseconds`.
    package var openNanoseconds: Int64
    package var maximumOpenNanoseconds: Int64
    /// So many probes are let through half open, and so many successes close. At least 1.
    package var halfOpenSuccesses: Int

    /// The defaults are the contract's (section 3).
    package init(
        windowNanoseconds: Int64 = 10_000_000_000, buckets: Int = 10, failureRatio: Double = 0.5,
        minimumRequests: Int = 20, openNanoseconds: Int64 = 1_000_000_000,
        maximumOpenNanoseconds: Int64 = 30_000_000_000, halfOpenSuccesses: Int = 3
    ) {
        self.windowNanoseconds = windowNanoseconds
        self.buckets = buckets
        self.failureRatio = failureRatio
        self.minimumRequests = minimumRequests
        self.openNanoseconds = openNanoseconds
        self.maximumOpenNanoseconds = maximumOpenNanoseconds
        self.halfOpenSuccesses = halfOpenSuccesses
    }
}
