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
            hitTokens: tally.usage.cacheRead, requestSkew: fleet.requestSkew, tokenSkew: fleet.tokenSkew)
        if let price = conditions.price {
            report.cost = try CostEngine.cost(of: tally.usage, at: price)
            report.costWithoutCache = try CostEngine.cost(of: tally.usageWithoutCache, at: price)
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
    private(set) var usage = TokenUsage()

    mutating func add(_ request: ReplayRequest, hits: Int, _ conditions: ReplayConditions) {
        let cached = hits > 0 && hits <= request.tokens.count ? request.tokens[hits - 1] : 0
        let isUsed = cached >= max(1, conditions.minimumTokens)
        let read = isUsed ? cached : 0
        if isUsed { hitBlocks += hits }
        let stored = request.isStored(conditions) ? max(0, (request.tokens.last ?? 0) - read) : 0
        usage.cacheRead &+= read
        if let ttl = conditions.ttlNanoseconds, ttl >= Self.hour {
            usage.cacheWrite1h &+= stored
        } else {
            usage.cacheWrite5m &+= stored
        }
        usage.uncachedInput &+= request.promptTokens - read - stored
        usage.visibleOutput &+= request.outputTokens
    }

    var usageWithoutCache: TokenUsage {
        var plain = TokenUsage()
        plain.uncachedInput = usage.promptTokens
        plain.visibleOutput = usage.visibleOutput
        return plain
    }
}
