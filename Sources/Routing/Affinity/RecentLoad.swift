#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a slot was lately given to do: requests and tokens, each fading by half in every half-life. 32 bytes.
///
/// Both count: requests alone hide a few giant prompts behind many small ones, tokens alone the reverse.
package struct RecentLoad: Sendable, Equatable {
    /// As long as a vendor's short cache lives: what is older neither is warm nor weighs much.
    package static let defaultHalfLifeNanoseconds: Int64 = 300_000_000_000

    private var fadedTokens = 0.0
    private var fadedRequests = 0.0
    /// The time the sums above are of.
    private var atNanoseconds = Int64.min
    private let halfLife: Double

    package init(halfLifeNanoseconds: Int64 = defaultHalfLifeNanoseconds) {
        halfLife = Double(max(1, halfLifeNanoseconds))
    }

    /// Counts one request as it is sent.
    ///
    /// - Parameters:
    ///   - tokens: of its prompt; below 0 counts as 0.
    ///   - nowNanoseconds: of any clock that runs on; times before the last count as the last.
    package mutating func add(tokens: Int64, nowNanoseconds: Int64) {
        let kept = remaining(nowNanoseconds)
        fadedTokens = fadedTokens * kept + Double(max(0, tokens))
        fadedRequests = fadedRequests * kept + 1
        atNanoseconds = max(atNanoseconds, nowNanoseconds)
    }

    /// Requests and tokens as they weigh now, not below 0.
    func value(nowNanoseconds: Int64) -> (requests: Double, tokens: Double) {
        let kept = remaining(nowNanoseconds)
        return (fadedRequests * kept, fadedTokens * kept)
    }

    private func remaining(_ nowNanoseconds: Int64) -> Double {
        guard fadedRequests > 0, nowNanoseconds > atNanoseconds else { return 1 }
        let (age, overflow) = nowNanoseconds.subtractingReportingOverflow(atNanoseconds)
        return overflow ? 0 : exp2(-Double(age) / halfLife)
    }
}
