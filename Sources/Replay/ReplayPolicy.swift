/// A way of choosing the replica for a request.
package enum ReplayPolicy: Sendable, Hashable, CustomStringConvertible {
    case roundRobin
    /// Evenly at random, from the conditions' seed.
    case random
    /// The fewest requests in flight; of several, the fewest so far.
    case leastBusy
    /// A hash of the first blocks, at least 1, of which each replica has its part, whatever the load.
    case hash(blocks: Int)
    /// The gateway's own: `PrefixAffinity`.
    case prefix

    /// What a comparison shows.
    package static let all: [ReplayPolicy] = [
        .roundRobin, .random, .leastBusy, .hash(blocks: 1), .hash(blocks: 2), .prefix,
    ]

    /// The policy of a name as `description` writes it, or with low lines as the configuration writes its strategies.
    /// `hash` alone is `hash:2`. The replicas of a replay are alike in weight, price, speed and quality: the strategies
    /// that tell targets apart by these draw at random among them. nil: no such policy.
    package init?(_ name: String) {
        switch String(name.map { $0 == "_" ? "-" : $0 }) {
        case "round-robin": self = .roundRobin
        case "random", "weighted", "cost", "latency", "quality", "balanced": self = .random
        case "least-busy": self = .leastBusy
        case "prefix": self = .prefix
        case "hash": self = .hash(blocks: 2)
        default:
            guard name.hasPrefix("hash:"), let blocks = Int(name.dropFirst(5)), blocks > 0 else { return nil }
            self = .hash(blocks: blocks)
        }
    }

    package var description: String {
        switch self {
        case .roundRobin: "round-robin"
        case .random: "random"
        case .leastBusy: "least-busy"
        case .hash(let blocks): "hash:\(blocks)"
        case .prefix: "prefix"
        }
    }
}
