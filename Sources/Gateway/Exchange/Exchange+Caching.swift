internal import Metering
internal import Pipeline
internal import Routing

/// What concerns the vendors' prompt caches: where they are warm, what they saved, and why they missed.
extension Exchange {
    /// Whether the request has a prompt that a vendor may cache.
    private var hasCacheablePrompt: Bool {
        if case .conversation? = prepared?.kind { return true }
        return false
    }

    /// Among candidates of equal standing the one whose cache has most of the prompt; nil: it does not matter, or nobody
    /// remembers.
    ///
    /// - Parameter chosen: what chance or stickiness would take; nil: all of the plan's candidates stand equal.
    func warmest(of plan: ModelPlan, besides chosen: Int?, now: Int64) -> Int? {
        guard let cache, hasCacheablePrompt, let prepared else { return nil }
        if let chosen, !plan.candidates[chosen].sharesTarget { return nil }
        let target = chosen.map { plan.candidates[$0].target }
        let slots = plan.candidates.enumerated().map { index, candidate in
            (
                identity: candidate.slot, weight: target == nil ? candidate.weight : candidate.keyWeight,
                isAvailable: !route.tried.contains(index) && (target == nil || candidate.target == target)
            )
        }
        return cache.choose(CachePrefix(prepared), among: slots, nowNanoseconds: now)
    }

    /// An attempt begins: its slot has more to do.
    mutating func loadSlot(now: Int64) {
        guard let cache, let attempt, attempt.chosen.sharesTarget || snapshot.models[attempt.model].prefersWarmth
        else { return }
        self.attempt?.loadsSlot = true
        cache.began(attempt.chosen.slot, tokens: prepared?.estimatedInputTokens ?? 0, nowNanoseconds: now)
    }

    func unloadSlot() {
        guard let attempt, attempt.loadsSlot else { return }
        cache?.ended(attempt.chosen.slot)
    }

    /// The upstream begins to answer: its cache has the prompt now.
    func noteWarmth(now: Int64) {
        guard let cache, let prepared, let attempt, attempt.loadsSlot, hasCacheablePrompt else { return }
        let promise = attempt.chosen.cachePromise
        cache.answered(
            CachePrefix(prepared), slot: attempt.chosen.slot,
            lifetimeNanoseconds: promise.lifetimeNanoseconds ?? CachePromise.usualLifetimeNanoseconds, nowNanoseconds: now)
    }

    /// Puts into a row what the vendor's cache saved, and why it did not save more.
    func account(_ completed: CompletedUsage, from candidate: Candidate, in row: inout UsageRecord, now: Int64) {
        guard hasCacheablePrompt, !completed.isEstimated, let prepared, let body else { return }
        let price = price(of: candidate)
        if let price { row.cacheSaved = CostEngine.cacheSaving(of: completed.usage, at: price) }
        guard let cache, let principal else { return }
        let place = SessionTurn.Place(
            provider: candidate.providerName, key: candidate.keyID, model: row.upstreamModel)
        let turn = SessionTurn(prepared, at: place, nowNanoseconds: firstTokenAt ?? now)
        let session = prepared.sessionHash(
            named: head?.session, body: body, caller: principal.stickyHash)
        guard let earlier = cache.remember(turn, of: session) else { return }
        row.cacheMiss = CacheMissFinder.find(
            turn, after: earlier, usage: completed.usage, estimatedTokens: prepared.estimatedInputTokens,
            promise: candidate.cachePromise, price: price)
    }
}
