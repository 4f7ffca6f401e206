import Routing

/// The replicas of a replay: their caches, and what they bear.
struct ReplayFleet {
    private let conditions: ReplayConditions
    private var caches: [ReplicaCache]
    /// When what is in flight will be done, by replica.
    private var endings: [[Int64]]
    private(set) var recent: [RecentLoad]
    private(set) var requests: [Int]
    private var tokens: [Int64]

    init(_ conditions: ReplayConditions) {
        let count = min(max(1, conditions.replicas), 1_024)
        self.conditions = conditions
        caches = (0..<count).map { _ in
            ReplicaCache(capacity: conditions.cacheBlocks, ttlNanoseconds: conditions.ttlNanoseconds)
        }
        endings = [[Int64]](repeating: [], count: count)
        recent = [RecentLoad](repeating: RecentLoad(), count: count)
        requests = [Int](repeating: 0, count: count)
        tokens = [Int64](repeating: 0, count: count)
    }

    var count: Int { caches.count }

    /// Ends what is done by then.
    mutating func advance(to nowNanoseconds: Int64) {
        for replica in endings.indices { endings[replica].removeAll { $0 <= nowNanoseconds } }
    }

    func inFlight(_ replica: Int) -> Int { endings[replica].count }

    /// - Returns: the blocks the replica's cache had.
    mutating func serve(_ request: ReplayRequest, on replica: Int) -> Int {
        let now = request.arrivalNanoseconds
        let hits = request.isStored(conditions) ? caches[replica].serve(request.chain, nowNanoseconds: now) : 0
        let cached = hits > 0 ? request.tokens[hits - 1] : 0
        let seconds =
            Double(request.promptTokens - cached) / max(1, conditions.prefillTokensPerSecond)
            + Double(request.outputTokens) / max(1, conditions.decodeTokensPerSecond)
        endings[replica].append(now &+ (Int64(exactly: (seconds * 1e9).rounded()) ?? 0))
        recent[replica].add(tokens: request.promptTokens, nowNanoseconds: now)
        requests[replica] += 1
        tokens[replica] &+= request.promptTokens
        return hits
    }

    /// The most requests of one replica over the mean; 1 where there are none.
    var requestSkew: Double { Self.skew(requests.map(Double.init)) }
    var tokenSkew: Double { Self.skew(tokens.map(Double.init)) }

    private static func skew(_ parts: [Double]) -> Double {
        let sum = parts.reduce(0, +)
        return sum > 0 ? (parts.max() ?? 0) * Double(parts.count) / sum : 1
    }
}
