package import Metering

/// Plays a trace against a policy: each request in turn to the replica the policy chooses, into that replica's cache.
///
/// A request finds what all earlier ones stored, also those still being answered: only load has a duration. The same
/// trace, policy and conditions give the same report.
package struct ReplayRunner: Sendable {
    private let policy: ReplayPolicy
    private let conditions: ReplayConditions

    package init(policy: ReplayPolicy, conditions: ReplayConditions = ReplayConditions()) {
        self.policy = policy
        self.conditions = conditions
    }

    /// - Throws: `MoneyError` where the trace costs more than can be written.
    package func run(_ trace: ReplayTrace) throws(MoneyError) -> ReplayReport {
        var fleet = ReplayFleet(conditions)
        var chooser = ReplicaChooser(policy, conditions)
        var tally = ReplayTally()
        for request in trace.requests {
            fleet.advance(to: request.arrivalNanoseconds)
            let replica = chooser.choose(request, fleet)
            let hits = fleet.serve(request, on: replica)
            chooser.note(request, sentTo: replica)
            tally.add(request, hits: hits, conditions)
        }
        var report = ReplayReport(
            policy: policy, replicas: fleet.count, requests: trace.requests.count, blocks: trace.blocks,
            hitBlocks: tally.hitBlocks, ceilingBlocks: ceilingBlocks(trace), promptTokens: trace.promptTokens,
            hitTokens: tally.hitTokens, requestSkew: fleet.requestSkew, tokenSkew: fleet.tokenSkew)
        if let prices = conditions.prices {
            report.cost = try tally.cost(at: prices)
            report.costWithoutCache = try tally.costWithoutCache(at: prices)
        }
        return report
    }

    private func ceilingBlocks(_ trace: ReplayTrace) -> Int {
        var cache = ReplicaCache(capacity: nil, ttlNanoseconds: conditions.ttlNanoseconds)
        var tally = ReplayTally()
        for request in trace.requests {
            let hits =
                request.isStored(conditions)
                ? cache.serve(request.chain, nowNanoseconds: request.arrivalNanoseconds) : 0
            tally.add(request, hits: hits, conditions)
        }
        return tally.hitBlocks
    }
}

extension ReplayRequest {
    /// Long enough for a cache to take it.
    func isStored(_ conditions: ReplayConditions) -> Bool { promptTokens >= conditions.minimumTokens }
}

/// What was found in caches, and what it will be billed as.
private struct ReplayTally {
    private static let hour: Int64 = 3_600_000_000_000

    private(set) var hitBlocks = 0
    private(set) var hitTokens: Int64 = 0
    /// By model, as price lists name it.
    private var usages: [String: TokenUsage] = [:]

    mutating func add(_ request: ReplayRequest, hits: Int, _ conditions: ReplayConditions) {
        let cached = hits > 0 && hits <= request.tokens.count ? request.tokens[hits - 1] : 0
        let isUsed = cached >= max(1, conditions.minimumTokens)
        let read = isUsed ? cached : 0
        if isUsed { hitBlocks += hits }
        let stored = request.isStored(conditions) ? max(0, (request.tokens.last ?? 0) - read) : 0
        var usage = TokenUsage()
        usage.cacheRead = read
        if let ttl = conditions.ttlNanoseconds, ttl >= Self.hour {
            usage.cacheWrite1h = stored
        } else {
            usage.cacheWrite5m = stored
        }
        usage.uncachedInput = request.promptTokens - read - stored
        usage.visibleOutput = request.outputTokens
        hitTokens &+= read
        usages[request.pricedModel, default: TokenUsage()].add(usage)
    }

    func cost(at prices: ReplayPrices) throws(MoneyError) -> NanoUSD {
        var sum = NanoUSD.zero
        for (price, usage) in usagesByPrice(prices) { sum = try sum.adding(CostEngine.cost(of: usage, at: price)) }
        return sum
    }

    /// Every prompt token at the prompt's price.
    func costWithoutCache(at prices: ReplayPrices) throws(MoneyError) -> NanoUSD {
        var sum = NanoUSD.zero
        for (price, usage) in usagesByPrice(prices) {
            var plain = TokenUsage()
            plain.uncachedInput = usage.promptTokens
            plain.visibleOutput = usage.visibleOutput
            sum = try sum.adding(CostEngine.cost(of: plain, at: price))
        }
        return sum
    }

    private func usagesByPrice(_ prices: ReplayPrices) -> [Price: TokenUsage] {
        var result: [Price: TokenUsage] = [:]
        for (model, usage) in usages {
            guard let price = prices.price(of: model) else { continue }
            result[price, default: TokenUsage()].add(usage)
        }
        return result
    }
}

extension TokenUsage {
    /// Of what a replay counts.
    fileprivate mutating func add(_ other: TokenUsage) {
        uncachedInput &+= other.uncachedInput
        cacheRead &+= other.cacheRead
        cacheWrite5m &+= other.cacheWrite5m
        cacheWrite1h &+= other.cacheWrite1h
        visibleOutput &+= other.visibleOutput
    }
}
