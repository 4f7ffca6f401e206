/// What the slots bear together, and whether one of them bears too much of it.
///
/// A slot's share is that of its weight among the slots that can be chosen. Two signs are read, for each alone misleads:
/// requests in flight show who is slow, but jump with every burst; recent work, requests and tokens counted alike, is
/// steady, but a lone session's is all on one slot.
struct SlotLoads {
    private var totalWeight = 0.0
    private var totalInFlight = 0.0
    private var totalRequests = 0.0
    private var totalTokens = 0.0
    private let isLastResort: Bool
    private let parameters: PrefixAffinityParameters
    private let nowNanoseconds: Int64

    init(_ slots: [CacheSlot], parameters: PrefixAffinityParameters, nowNanoseconds: Int64) {
        self.parameters = parameters
        self.nowNanoseconds = nowNanoseconds
        isLastResort = !slots.contains { $0.isAvailable && $0.weight > 0 }
        for slot in slots where isCandidate(slot) {
            let recent = slot.recent.value(nowNanoseconds: nowNanoseconds)
            totalWeight += weight(of: slot)
            totalInFlight += Double(max(0, slot.inFlight))
            totalRequests += recent.requests
            totalTokens += recent.tokens
        }
    }

    /// Available, and not held back for when no other is.
    func isCandidate(_ slot: CacheSlot) -> Bool { slot.isAvailable && (isLastResort || slot.weight > 0) }

    /// Recent work relative to what is due to the slot: 1 is its share, 0 none.
    func recentLoad(of slot: CacheSlot) -> Double {
        let recent = slot.recent.value(nowNanoseconds: nowNanoseconds)
        let requests = totalRequests > 0 ? recent.requests / totalRequests : 0
        let tokens = totalTokens > 0 ? recent.tokens / totalTokens : 0
        return (requests + tokens) / 2 * totalWeight / weight(of: slot)
    }

    /// With one request more it would have more in flight than the headroom, and than the load bound allows of its
    /// share.
    func isBusy(_ slot: CacheSlot) -> Bool {
        let next = Double(max(0, slot.inFlight)) + 1
        guard next > Double(parameters.inFlightHeadroom) else { return false }
        return next > (loadBound * (totalInFlight + 1) * weight(of: slot) / totalWeight).rounded(.up)
    }

    /// Too loaded even for a prompt that is warm there: busy, and either its recent work exceeds the bound as well, or
    /// it must have become slow.
    func isOverloaded(_ slot: CacheSlot) -> Bool {
        isBusy(slot) && (recentLoad(of: slot) > loadBound || isStalling(slot))
    }

    /// Has several times as much in flight as the others, each for its weight: slower than they are, whatever it was
    /// given to do.
    private func isStalling(_ slot: CacheSlot) -> Bool {
        let own = Double(max(0, slot.inFlight))
        let otherWeight = totalWeight - weight(of: slot)
        guard otherWeight > 0 else { return false }
        return own > max(1, parameters.inFlightBound) * (totalInFlight - own + 1) * weight(of: slot) / otherWeight
    }

    private var loadBound: Double { max(1, parameters.loadBound) }

    /// Has no more than its share: takes prompts that are as warm elsewhere.
    func hasRoom(_ slot: CacheSlot) -> Bool {
        // A rounding error must not leave all slots, each with just its share, without room.
        recentLoad(of: slot) <= 1 + 1e-9 && !isBusy(slot)
    }

    /// - Returns: at least 1.
    func weight(of slot: CacheSlot) -> Double { Double(max(1, slot.weight)) }
}
