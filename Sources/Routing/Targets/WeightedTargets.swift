/// The targets a call can go to, as weights; chooses by weight among those that will take it.
///
/// One number decides: a random one gives each target its share of calls; a hash of the user keeps the user on one
/// target, and when that is out or gone, only its own users move, in proportion to the weights of the rest (weighted
/// rendezvous hashing: every target draws an exponential time from the number, the soonest wins).
package struct WeightedTargets: Sendable, Equatable {
    private var weights: [Int]
    private var identities: [UInt64]
    private var hasLastResorts: Bool

    /// - Parameters:
    ///   - weights: one per target; below 0 counts as 0. A target of weight 0 is chosen only when no other is left.
    ///   - identities: one per target, the same for the same target across reloads and processes (see `StableHash`);
    ///     where it is missing the place in the list stands for it.
    package init(weights: [Int], identities: [UInt64] = []) {
        self.weights = weights.map { max(0, $0) }
        self.identities = weights.indices.map { index in
            index < identities.count ? identities[index] : UInt64(index)
        }
        hasLastResorts = self.weights.contains(0)
    }

    package var count: Int { weights.count }

    /// A target, each as often as its weight says, among those that are available; nil: none is.
    ///
    /// - Parameters:
    ///   - random: 64 random bits.
    ///   - isAvailable: asked at most once per target, and of no target behind the one chosen: the answer may have an
    ///     effect, such as taking a breaker's probe.
    package func index(random: UInt64, isAvailable: (Int) -> Bool = { _ in true }) -> Int? {
        first(inOrderOf: random, isAvailable: isAvailable)
    }

    /// The target that a hash keeps to, or the next it would keep to while that is not available; nil: none is.
    ///
    /// - Parameter isAvailable: as in `index(random:isAvailable:)`.
    package func stickyIndex(hash: UInt64, isAvailable: (Int) -> Bool = { _ in true }) -> Int? {
        first(inOrderOf: hash, isAvailable: isAvailable)
    }

    private func first(inOrderOf number: UInt64, isAvailable: (Int) -> Bool) -> Int? {
        if weights.count == 1 { return isAvailable(0) ? 0 : nil }
        if let chosen = soonest(number, ofLastResorts: false, isAvailable: isAvailable) { return chosen }
        return hasLastResorts ? soonest(number, ofLastResorts: true, isAvailable: isAvailable) : nil
    }

    /// Walks the targets from the soonest time on, without a list of its own: each round finds the soonest after the
    /// last.
    private func soonest(_ number: UInt64, ofLastResorts: Bool, isAvailable: (Int) -> Bool) -> Int? {
        var asked: (time: Double, index: Int)?
        while true {
            var best: (time: Double, index: Int)?
            for index in weights.indices where (weights[index] == 0) == ofLastResorts {
                let time = ExponentialTime.draw(number, identity: identities[index], weight: max(1, weights[index]))
                if let asked, (time, index) <= asked { continue }
                if let best, (time, index) > best { continue }
                best = (time, index)
            }
            guard let candidate = best else { return nil }
            if isAvailable(candidate.index) { return candidate.index }
            asked = candidate
        }
    }
}
