import Routing

/// A policy at work.
struct ReplicaChooser {
    private let policy: ReplayPolicy
    private let identities: [UInt64]
    private let targets: WeightedTargets
    private let seed: UInt64
    private let ttlNanoseconds: Int64
    private var affinity: PrefixAffinity
    private var slots: [CacheSlot]
    private var requests: UInt64 = 0

    init(_ policy: ReplayPolicy, _ conditions: ReplayConditions) {
        let count = min(max(1, conditions.replicas), 1_024)
        let seed = StableHash.mix(conditions.seed)
        identities = (0..<count).map { StableHash.mix(seed ^ StableHash.of("replica-\($0)")) }
        self.policy = policy
        self.seed = seed
        targets = WeightedTargets(weights: [Int](repeating: 1, count: count), identities: identities)
        ttlNanoseconds = conditions.ttlNanoseconds ?? .max
        var parameters = conditions.affinity
        if policy != .prefix { parameters.capacity = 0 }
        affinity = PrefixAffinity(parameters)
        slots = identities.map { CacheSlot(identity: $0) }
    }

    mutating func choose(_ request: ReplayRequest, _ fleet: ReplayFleet) -> Int {
        defer { requests += 1 }
        switch policy {
        case .roundRobin: return Int(requests % UInt64(fleet.count))
        case .random: return targets.index(random: StableHash.mix(seed ^ requests)) ?? 0
        case .leastBusy:
            let least = (0..<fleet.count).min {
                (fleet.inFlight($0), fleet.requests[$0]) < (fleet.inFlight($1), fleet.requests[$1])
            }
            return least ?? 0
        case .hash(let blocks):
            let last = min(blocks, request.chain.count) - 1
            return targets.stickyIndex(hash: last >= 0 ? request.chain[last] : 0) ?? 0
        case .prefix:
            for replica in slots.indices {
                slots[replica].inFlight = fleet.inFlight(replica)
                slots[replica].recent = fleet.recent[replica]
            }
            let choice = affinity.choose(
                chain: request.chain, tokens: request.tokens, slots: slots, nowNanoseconds: request.arrivalNanoseconds)
            return choice?.index ?? 0
        }
    }

    mutating func note(_ request: ReplayRequest, sentTo replica: Int) {
        guard policy == .prefix else { return }
        affinity.record(
            chain: request.chain, tokens: request.tokens, slot: identities[replica],
            nowNanoseconds: request.arrivalNanoseconds, ttlNanoseconds: ttlNanoseconds)
    }
}
