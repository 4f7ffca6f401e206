package import Routing

/// What a trace is played on.
package struct ReplayConditions: Sendable, Equatable {
    /// 1 to 1,024, each with a cache of its own.
    package var replicas = 8
    /// Blocks a cache holds, the least recently used given up first; nil: as many as come.
    package var cacheBlocks: Int?
    /// Unused for so long a block is gone from its cache; nil: never.
    package var ttlNanoseconds: Int64?
    /// A cached beginning of fewer tokens is not used, and a prompt of fewer not stored (1,024 with most vendors).
    package var minimumTokens: Int64 = 0
    /// What the random policy draws from, and the replicas' places in the hashing ones: another seed, another luck.
    package var seed: UInt64 = 0
    /// How long an answer takes, for the load in flight: uncached tokens read a second, tokens written a second.
    package var prefillTokensPerSecond = 8_000.0
    package var decodeTokensPerSecond = 30.0
    /// nil: no money in the report.
    package var prices: ReplayPrices?
    package var affinity = PrefixAffinityParameters()

    package init() {}
}
