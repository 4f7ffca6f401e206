internal import Metering
internal import NIOCore
internal import Pipeline
internal import Routing

/// What concerns the vendors' prompt caches: where they are warm, what they saved, and why they missed.
extension Exchange {
    /// Whether the request has a prompt that a vendor may cache.
    private var hasCacheablePrompt: Bool {
        if case .conversation? = prepared?.kind { return true }
        return false
    }

    /// Where this caller's histories were cut before; nil: the model's options cut none.
    func anchors(_ options: PipelineOptions) -> CutAnchors? {
        guard options.maxHistoryTokens > 0, let cache, let caller = principal?.stickyHash else { return nil }
        return CutAnchors { cache.isAnchor($0 ^ caller) }
    }

    /// Remembers where a history was made to begin, so that the next one begins there too.
    func rememberCut(of prepared: PreparedRequest) {
        guard let cut = prepared.cut, let cache, let caller = principal?.stickyHash else { return }
        cache.remember(anchor: cut.start ^ caller)
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
        return cache.choose(prepared.steps, among: slots, nowNanoseconds: now)
    }

    /// Which session the request goes on with; nil: it has no prompt, or nobody remembers.
    func findSession(of prepared: PreparedRequest) -> UInt64? {
        guard let cache, let caller = principal?.stickyHash, case .conversation = prepared.kind else { return nil }
        let session = prepared.sessionHash(named: head?.session, caller: caller)
        guard head?.session == nil, let ends = prepared.historyEnds else { return session }
        return cache.session(first: ends.first ^ caller, last: ends.last ^ caller, else: session)
    }

    /// What is known of the session and of the cache in front of a candidate that the request is sent to; nothing where the
    /// vendor's rules ask for nothing.
    func outlook(for candidate: Candidate, model: String, now: Int64) -> CacheOutlook {
        guard let cache, let prepared, let session, let principal, candidate.provider.dialect.usesOutlook(of: model)
        else { return CacheOutlook() }
        let place = SessionTurn.Place(provider: candidate.providerName, key: candidate.keyID, model: model)
        let standing = cache.send(chain: prepared.chain, of: session, to: place, nowNanoseconds: now)
        return CacheOutlook(
            typicalGap: standing.pace.typicalGapNanoseconds.map { .nanoseconds($0) },
            turnsSeen: standing.pace.turns, warmBlocks: standing.warmBlocks,
            identity: CacheIdentity(
                tenant: Routing.StableHash.mix(principal.stickyHash ^ candidate.tenantSalt), conversation: session,
                sentThisMinute: standing.pace.sentThisMinute))
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
        let promise = cachePromise(of: attempt.chosen, model: attempt.upstreamModel)
        cache.answered(
            prepared.steps, slot: attempt.chosen.slot,
            lifetimeNanoseconds: promise.lifetimeNanoseconds, nowNanoseconds: now)
    }

    /// What a vendor's cache promises for the form this request has. A vendor that says nothing of a life is taken by its usual
    /// one.
    private func cachePromise(of candidate: Candidate, model: String) -> CachePromise {
        let rules = candidate.provider.dialect.cacheRules(of: model, in: prepared?.kind.form ?? .openAIChat)
        return CachePromise(
            minimumTokens: rules.minimumTokens, lifetimeNanoseconds: max(1, rules.shortLife.nanoseconds),
            cachesOnlyMarked: rules.marks != .none && rules.implicit == nil)
    }

    /// Puts into a row what the vendor's cache saved, and why it did not save more.
    func account(_ completed: CompletedUsage, from candidate: Candidate, in row: inout UsageRecord, now: Int64) {
        guard hasCacheablePrompt, !completed.isEstimated, let prepared else { return }
        let price = price(of: candidate)
        if let price { row.cacheSaved = CostEngine.cacheSaving(of: completed.usage, at: price) }
        guard let cache, let session else { return }
        let place = SessionTurn.Place(
            provider: candidate.providerName, key: candidate.keyID, model: row.upstreamModel)
        let usage = completed.usage
        let turn = SessionTurn(
            prepared, at: place, isKept: usage.cacheRead > 0 || usage.cacheWrite > 0 || usage.cacheWrite1h > 0,
            nowNanoseconds: firstTokenAt ?? now)
        guard let earlier = cache.remember(turn, of: session) else { return }
        row.cacheMiss = CacheMissFinder.find(
            turn, after: earlier, usage: usage, estimatedTokens: prepared.estimatedInputTokens,
            promise: cachePromise(of: candidate, model: row.upstreamModel), price: price)
    }
}

extension CacheTerms {
    init(_ price: Price) {
        self.init(
            input: price.promptPicoUSD, read: price.cacheReadPicoUSD, shortWrite: price.cacheWritePicoUSD,
            longWrite: price.cacheWrite1hPicoUSD)
    }
}
