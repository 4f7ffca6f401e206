package import Metering

/// What a policy made of a trace. Rates and skews are exact; written as JSON they have four digits behind the point.
package struct ReplayReport: Sendable, Equatable {
    package var policy: ReplayPolicy
    package var replicas: Int
    package var requests: Int
    package var blocks: Int
    package var hitBlocks: Int
    /// Blocks that one cache for all, without limit of size, would have had.
    package var ceilingBlocks: Int
    package var promptTokens: Int64
    package var hitTokens: Int64
    /// The most one replica got over the mean: 1 is even, the number of replicas is all on one.
    package var requestSkew: Double
    /// As `requestSkew`, by prompt tokens.
    package var tokenSkew: Double
    /// nil: no price was given.
    package var cost: NanoUSD?
    /// What the same would cost without any cache: every prompt token at the prompt's price.
    package var costWithoutCache: NanoUSD?

    /// Of all blocks; 0 to 1.
    package var hitRate: Double { Self.share(Double(hitBlocks), of: Double(blocks)) }
    /// Of all prompt tokens; 0 to 1.
    package var tokenHitRate: Double { Self.share(Double(hitTokens), of: Double(promptTokens)) }
    /// Of what one cache for all would have had; 1 where that is nothing.
    package var ceilingShare: Double { ceilingBlocks == 0 ? 1 : Double(hitBlocks) / Double(ceilingBlocks) }

    private static func share(_ part: Double, of whole: Double) -> Double { whole > 0 ? part / whole : 0 }
}

extension ReplayReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case policy, replicas, requests, blocks
        case hitRate = "hit_rate"
        case tokenHitRate = "token_hit_rate"
        case ceilingHitRate = "ceiling_hit_rate"
        case ceilingShare = "ceiling_share"
        case requestSkew = "request_skew"
        case tokenSkew = "token_skew"
        case cost = "cost_usd"
        case costWithoutCache = "uncached_cost_usd"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(policy.description, forKey: .policy)
        try container.encode(replicas, forKey: .replicas)
        try container.encode(requests, forKey: .requests)
        try container.encode(blocks, forKey: .blocks)
        try container.encode(Self.rounded(hitRate), forKey: .hitRate)
        try container.encode(Self.rounded(tokenHitRate), forKey: .tokenHitRate)
        try container.encode(
            Self.rounded(Self.share(Double(ceilingBlocks), of: Double(blocks))), forKey: .ceilingHitRate)
        try container.encode(Self.rounded(ceilingShare), forKey: .ceilingShare)
        try container.encode(Self.rounded(requestSkew), forKey: .requestSkew)
        try container.encode(Self.rounded(tokenSkew), forKey: .tokenSkew)
        try container.encodeIfPresent(cost?.decimalText, forKey: .cost)
        try container.encodeIfPresent(costWithoutCache?.decimalText, forKey: .costWithoutCache)
    }

    private static func rounded(_ number: Double) -> Double { (number * 10_000).rounded() / 10_000 }
}
