internal import Metering
internal import Pipeline
internal import Routing
internal import Settings
internal import Wire

/// Choosing where to send, and what to do when that fails.
extension Exchange {
    /// Dials the next candidate, or answers with the last failure where none is left.
    mutating func tryNext(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        guard attempts.count < snapshot.limits.maximumAttempts, let candidate = nextCandidate(now: now) else {
            return giveUp(now: now, actions: &actions)
        }
        let chosen = snapshot.models[route.model].candidates[candidate]
        let provider = chosen.provider
        let model = upstreamModel(of: chosen)
        let rendered: RenderedRequest
        do throws(GatewayError) {
            rendered = try render(for: chosen, model: model, now: now, workspace: workspace)
        } catch {
            route.lastFailure = error
            exclude(chosen, at: candidate, in: route.model, after: .clientError(status: error.status))
            return tryNext(now: now, workspace: workspace, actions: &actions)
        }
        provider.health.attemptBegan()
        attempt = Attempt(
            model: route.model, candidate: candidate, chosen: chosen, upstreamModel: model, startedAt: now,
            rendered: rendered)
        vendorLimits = nil
        loadSlot(now: now)
        phase = .dialing
        holdsUpstream = true
        actions.append(.dial(provider.endpoint, isFresh: false))
    }

    /// The request in the candidate's words.
    private func render(
        for candidate: Candidate, model: String, now: Int64, workspace: Workspace
    ) throws(GatewayError) -> RenderedRequest {
        guard let prepared, let body else { throw .internalFailure }
        let target = OutboundTarget(
            dialect: candidate.provider.dialect, model: model, apiVersion: candidate.provider.settings.apiVersion,
            baseSegment: candidate.provider.baseSegment, basePath: candidate.basePath,
            cacheTerms: price(of: candidate).map(CacheTerms.init))
        let context = RenderContext(
            headers: head?.detail?.headers ?? ClientHeaders(), idSeed: random,
            createdSeconds: createdAtMicroseconds / 1_000_000, contentType: head?.detail?.contentType,
            cache: outlook(for: candidate, model: model, now: now))
        do throws(PipelineError) {
            return try snapshot.models[route.model].pipeline.render(
                prepared, body: body, for: target, context: context, index: &workspace.index)
        } catch {
            throw GatewayError(error)
        }
    }

    /// The upstream's message is over: its connection may serve another exchange.
    mutating func releaseUpstream(_ actions: inout [ExchangeAction]) {
        guard holdsUpstream else { return }
        holdsUpstream = false
        actions.append(.releaseUpstream)
    }

    /// The connection is of no more use to anyone.
    mutating func cancelUpstream(_ actions: inout [ExchangeAction]) {
        guard holdsUpstream else { return }
        holdsUpstream = false
        actions.append(.cancelUpstream)
    }

    /// The next candidate that is untried, priced and healthy; goes through the fallbacks in order.
    private mutating func nextCandidate(now: Int64) -> Int? {
        while true {
            let plan = snapshot.models[route.model]
            while let candidate = choose(from: plan, now: now) {
                let chosen = plan.candidates[candidate]
                if snapshot.limits.refusesUnpriced, price(of: chosen) == nil {
                    route.sawUnpriced = true
                    route.tried.append(candidate)
                    continue
                }
                guard let prepared, chosen.provider.dialect.serves(prepared.kind) else {
                    route.tried.append(candidate)
                    continue
                }
                if chosen.provider.health.admit(nowNanoseconds: now) { return candidate }
                route.tried.append(candidate)
            }
            let fallbacks = snapshot.models[route.primary].fallbacks
            route.fallback += 1
            guard route.fallback < fallbacks.count else { return nil }
            route.model = fallbacks[route.fallback]
            route.tried.removeAll(keepingCapacity: true)
        }
    }

    /// By warmth where the model asks for it; else by weight, or the caller's own, and by warmth among the keys of the target
    /// so chosen.
    private func choose(from plan: ModelPlan, now: Int64) -> Int? {
        if plan.prefersWarmth, let warmest = warmest(of: plan, besides: nil, now: now) { return warmest }
        let chosen: Int?
        if plan.isSticky, let principal {
            chosen = plan.chooser.stickyIndex(hash: principal.stickyHash) { !route.tried.contains($0) }
        } else {
            chosen = plan.chooser.index(random: random) { !route.tried.contains($0) }
        }
        guard let chosen else { return nil }
        return warmest(of: plan, besides: chosen, now: now) ?? chosen
    }

    /// What the vendor is asked for: the target's model, or what the wildcard stood for.
    func upstreamModel(of candidate: Candidate) -> String {
        candidate.upstreamModel ?? route.remainder ?? prepared?.modelName ?? ""
    }

    func price(of candidate: Candidate) -> Price? {
        if candidate.upstreamModel != nil { return candidate.price }
        return snapshot.prices.price(model: upstreamModel(of: candidate), provider: candidate.providerName)
    }

    var currentCandidate: Candidate? { attempt?.chosen }

    mutating func connected(isReused: Bool, now: Int64, actions: inout [ExchangeAction]) {
        guard phase == .dialing, let candidate = currentCandidate, let rendered = attempt?.rendered, let prepared, let body
        else { return }
        attempt?.isReused = isReused
        attempt?.sentAt = now
        phase = .awaitingHead
        stream.lastReadAt = now
        stream.isHeldBack = false
        if prepared.isStream {
            stream.decoder = SSEDecoder()
            stream.reader = StreamReader(route: rendered.answer)
        }
        actions.append(
            .send(
                OutboundRequest(
                    candidate: candidate, isStream: prepared.isStream, rendered: rendered, body: body)))
    }

    /// The attempt failed below HTTP's meaning: connection, time, framing.
    mutating func failAttempt(_ failure: FailureClass, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        switch phase {
        case .dialing, .awaitingHead, .collecting, .collectingError, .streaming: break
        case .reading, .awaitingTwin, .recording, .finished: return
        }
        guard attempt != nil else { return }
        if redialsStaleConnection(after: failure, actions: &actions) { return }
        cancelUpstream(&actions)
        if stream.isEventForwarded {
            return breakStream(failure, now: now, actions: &actions)
        }
        route.lastFailure = GatewayError(failure)
        endAttempt(failure, now: now, workspace: workspace, actions: &actions)
    }

    /// A pooled connection that dies before the response's first byte was closed by the upstream while idle: the same
    /// candidate gets a fresh one, once, and nobody is to blame.
    private mutating func redialsStaleConnection(after failure: FailureClass, actions: inout [ExchangeAction]) -> Bool {
        guard phase == .awaitingHead, case .reset = failure, let attempt, attempt.isReused, !attempt.isRedialled,
            let candidate = currentCandidate
        else { return false }
        self.attempt?.isRedialled = true
        self.attempt?.sentAt = nil
        phase = .dialing
        cancelUpstream(&actions)
        holdsUpstream = true
        actions.append(.dial(candidate.provider.endpoint, isFresh: true))
        return true
    }

    /// Closes the books of a failed attempt and goes on to the next candidate if that can help.
    ///
    /// `failure` nil: nobody upstream is to blame, and no other candidate will do better.
    mutating func endAttempt(_ failure: FailureClass?, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        guard let attempt, let candidate = currentCandidate else { return }
        closeAttempt(failure, now: now, actions: &actions)
        guard let failure else { return giveUp(now: now, actions: &actions) }
        guard failure.isRetryable else {
            shareRefusal(failure, by: candidate)
            return giveUp(now: now, actions: &actions)
        }
        exclude(candidate, at: attempt.candidate, in: attempt.model, after: failure)
        tryNext(now: now, workspace: workspace, actions: &actions)
    }

    /// Writes the attempt's row and tells its provider's health.
    mutating func closeAttempt(_ failure: FailureClass?, now: Int64, actions: inout [ExchangeAction]) {
        guard let attempt, let candidate = currentCandidate else { return }
        attempts.append(
            AttemptRecord(
                provider: candidate.providerName, upstreamModel: attempt.upstreamModel,
                providerKeyID: candidate.keyID, httpStatus: attempt.httpStatus,
                latencyMicroseconds: max(0, now &- attempt.startedAt) / 1_000, errorType: failure?.label))
        upstreamNanoseconds &+= max(0, now &- attempt.startedAt)
        let verdict: Bool? = failure.map { !$0.countsAgainstHealth }
        candidate.provider.health.attemptEnded(
            success: verdict, begunNanoseconds: attempt.startedAt, nowNanoseconds: now)
        if let failure { actions.append(.attemptFailed(provider: candidate.providerName, failure)) }
        unloadSlot()
        self.attempt = nil
        collected = nil
    }

    /// A key that was refused or throttled says nothing of its neighbours; any other failure is the target's.
    private mutating func exclude(_ candidate: Candidate, at index: Int, in model: Int, after failure: FailureClass) {
        guard model == route.model else { return }
        route.tried.append(index)
        switch failure {
        case .authentication, .rateLimited: return
        default: break
        }
        for (other, entry) in snapshot.models[model].candidates.enumerated()
        where entry.target == candidate.target && other != index {
            route.tried.append(other)
        }
    }

    /// No candidate is left: degrade, or say why.
    mutating func giveUp(now: Int64, actions: inout [ExchangeAction]) {
        if let degraded = snapshot.models[route.primary].degradeBody, prepared?.isStream == false {
            return conclude(degraded: degraded, now: now, actions: &actions)
        }
        let error: GatewayError
        if let failure = route.lastFailure {
            error = failure
        } else if route.sawUnpriced {
            error = .unpriced(prepared?.modelName ?? "")
        } else {
            error = .upstreamUnavailable
        }
        fail(error, now: now, actions: &actions)
    }
}
