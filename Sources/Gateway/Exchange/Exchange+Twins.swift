internal import Identity
internal import Metering
internal import NIOCore
internal import Pipeline
internal import Routing

/// The Dedup stage: a request that is being asked already waits for that answer instead of asking again.
extension Exchange {
    /// Between the stages and the route.
    mutating func meetTwins(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        guard let twins, let request = twinRequest else {
            return tryNext(now: now, workspace: workspace, actions: &actions)
        }
        switch twins.join(request) {
        case .alone: tryNext(now: now, workspace: workspace, actions: &actions)
        case .leads(let seat):
            twin.part = .leader(seat)
            lead(now: now, workspace: workspace, actions: &actions)
        case .follows(let seat):
            twin.part = .follower(seat)
            waitForTwin(now: now)
            actions.append(.awaitTwin(seat))
        }
    }

    /// nil: the model's policy has no twins for it. A stream never has any.
    private var twinRequest: TwinRequest? {
        guard let prepared, !prepared.isStream else { return nil }
        switch twinPolicy.scope {
        case .none: return nil
        case .deterministic where !prepared.isDeterministic: return nil
        case .deterministic, .all: break
        }
        guard let head, let body, let principal else { return nil }
        return TwinRequest(tenant: principal.caller.userID, snapshot: snapshot, head: head, prepared: prepared, body: body)
    }

    private var twinPolicy: TwinPolicy { snapshot.models[route.primary].twinPolicy }

    /// Calls for all who follow; where there are other instances, once it is known that none of them is calling.
    private mutating func lead(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        guard twins?.marks != nil, case .leader(let seat) = twin.part else {
            return tryNext(now: now, workspace: workspace, actions: &actions)
        }
        waitForTwin(now: now)
        actions.append(.claim(seat.flight, waitNanoseconds: twinPolicy.waitNanoseconds))
    }

    private mutating func waitForTwin(now: Int64) {
        phase = .awaitingTwin
        twin.waitsSince = now
        twin.waitEnds = now &+ twinPolicy.waitNanoseconds
    }

    /// The time it took is an upstream's, not the gateway's.
    private mutating func stopWaiting(now: Int64) {
        upstreamNanoseconds &+= max(0, now &- twin.waitsSince)
    }

    private mutating func goAlone(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        stopWaiting(now: now)
        tryNext(now: now, workspace: workspace, actions: &actions)
    }

    // MARK: News

    mutating func received(
        twinNews news: TwinNews, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]
    ) {
        if case .deserted = news { return followersLeft(now: now, actions: &actions) }
        guard phase == .awaitingTwin, case .follower(let seat) = twin.part else { return }
        hear(news, at: seat)
        act(on: news, now: now, workspace: workspace, actions: &actions)
    }

    /// A follower is none any more, whatever it was told.
    private mutating func hear(_ news: TwinNews?, at seat: TwinSeat) {
        if case .lead = news {
            twin.part = .leader(seat)
        } else {
            twin.part = .none
        }
    }

    private mutating func act(
        on news: TwinNews, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]
    ) {
        switch news {
        case .answered(let answer, let cost): follow(answer, cost: cost, now: now, actions: &actions)
        case .refused(let error, let origin):
            stopWaiting(now: now)
            take(from: origin, actions: &actions)
            fail(error, now: now, actions: &actions)
        case .lead:
            stopWaiting(now: now)
            lead(now: now, workspace: workspace, actions: &actions)
        case .alone, .deserted: goAlone(now: now, workspace: workspace, actions: &actions)
        }
    }

    /// What other instances say of a call.
    mutating func received(
        markNews news: MarkNews, now: Int64, workspace: Workspace, actions: inout [ExchangeAction]
    ) {
        if case .holds(let mark) = news {
            guard case .leader = twin.part, twin.mark == nil else { return actions.append(.releaseMark(mark)) }
            twin.mark = mark
        }
        guard phase == .awaitingTwin, case .leader(let seat) = twin.part else { return }
        switch news {
        case .holds, .free: goAlone(now: now, workspace: workspace, actions: &actions)
        case .timedOut: waitedInVain(now: now, workspace: workspace, actions: &actions)
        case .answered(let answer):
            twin.part = .none
            twins?.close(seat) { _, _ in .answered(answer, cost: nil) }
            follow(answer, cost: nil, now: now, actions: &actions)
        }
    }

    /// The exchange ends with another's answer.
    private mutating func follow(
        _ answer: TwinAnswer, cost: NanoUSD?, now: Int64, actions: inout [ExchangeAction]
    ) {
        stopWaiting(now: now)
        firstTokenAt = now
        vendorLimits = answer.vendorLimits
        take(from: answer.origin, actions: &actions)
        var head = answerHead(status: 200, contentType: answer.contentType)
        head.fidelity = answer.fidelity
        conclusion = .answer(Answer(head: head, body: answer.body, closesConnection: false))
        let price = snapshot.prices.price(model: answer.origin.upstreamModel, provider: answer.origin.provider)
        record(
            .success, usage: answer.completed, candidate: nil, httpStatus: 200, error: nil,
            cost: cost ?? customerCost(of: answer.completed, at: price), now: now, actions: &actions)
    }

    private mutating func take(from origin: TwinOrigin, actions: inout [ExchangeAction]) {
        twin.origin = origin
        twin.role = .follower
        actions.append(.countTwin(.hit, model: snapshot.models[route.primary].name))
    }

    // MARK: Leading

    /// Gives the answer to all who wait for it.
    ///
    /// - Parameters:
    ///   - whole: the call's price.
    /// - Returns: what this exchange pays of it.
    mutating func share(
        _ answer: Answer, of completed: CompletedUsage, from candidate: Candidate, whole: NanoUSD,
        actions: inout [ExchangeAction]
    ) -> NanoUSD {
        guard case .leader(let seat) = twin.part, let twins else { return whole }
        twin.part = .none
        lazy var shared = TwinAnswer(
            origin: origin(candidate), contentType: answer.head.contentType, fidelity: answer.head.fidelity,
            vendorLimits: answer.head.vendorLimits, completed: completed, body: answer.body)
        if let mark = twin.mark {
            twin.mark = nil
            actions.append(.publish(shared, mark))
        }
        let splits = twinPolicy.splitsPrice
        let payers = twin.isOrphaned ? 0 : 1
        let followers = twins.close(seat) { index, count in
            guard splits else { return .answered(shared, cost: nil) }
            let parts = whole.split(among: count + payers)
            return .answered(shared, cost: index == 0 && payers == 0 ? parts.first : parts.each)
        }
        // All have left, and it was not told yet: the call it could not cancel any more is its own.
        guard followers > 0 else {
            twin.isOrphaned = false
            return whole
        }
        twin.role = .leader
        if twin.isOrphaned { return .zero }
        return splits ? whole.split(among: followers + 1).first : whole
    }

    /// The vendor refuses the request itself: whoever asks the same is refused alike.
    mutating func shareRefusal(_ failure: FailureClass, by candidate: Candidate) {
        guard case .clientError = failure, !failure.isRetryable, let error = route.lastFailure,
            snapshot.models[route.primary].degradeBody == nil, case .leader(let seat) = twin.part, let twins
        else { return }
        twin.part = .none
        let origin = origin(candidate)
        if twins.close(seat, telling: { _, _ in .refused(error, origin) }) > 0 { twin.role = .leader }
    }

    private func origin(_ candidate: Candidate) -> TwinOrigin {
        TwinOrigin(
            provider: candidate.providerName, upstreamModel: attempts.last?.upstreamModel ?? "",
            label: snapshot.labels[candidate.label])
    }

    /// An exchange that ends without an answer for its twins frees them.
    mutating func freeTwins(actions: inout [ExchangeAction]) {
        if let mark = twin.mark {
            twin.mark = nil
            actions.append(.releaseMark(mark))
        }
        guard case .leader(let seat) = twin.part else { return }
        twin.part = .none
        twins?.abandon(seat, hasCalled: !attempts.isEmpty)
    }

    // MARK: Leaving

    /// The leader's client has left: true where the call goes on for others.
    mutating func goesOnForTwins(actions: inout [ExchangeAction]) -> Bool {
        guard !twin.isOrphaned, case .leader(let seat) = twin.part, twins?.desert(seat) == true else { return false }
        twin.isOrphaned = true
        actions.append(.awaitTwin(seat))
        return true
    }

    private mutating func followersLeft(now: Int64, actions: inout [ExchangeAction]) {
        guard twin.isOrphaned, case .leader = twin.part else { return }
        twin.isOrphaned = false
        clientLeft(now: now, actions: &actions)
    }

    /// Gives up a follower's place; not nil: it was too late, and this is what it was told.
    private mutating func leaveTwins() -> TwinNews? {
        guard case .follower(let seat) = twin.part else { return nil }
        let news = twins?.leave(seat)
        hear(news, at: seat)
        return news
    }

    /// The client has left while the exchange waits for its twin.
    mutating func leftWaiting(now: Int64, actions: inout [ExchangeAction]) {
        if case .answered(let answer, let cost) = leaveTwins() {
            twin.isOrphaned = true
            return follow(answer, cost: cost ?? .zero, now: now, actions: &actions)
        }
        stopWaiting(now: now)
        conclusion = .silence
        record(.cancelled, usage: nil, candidate: nil, httpStatus: 499, error: nil, now: now, actions: &actions)
    }

    /// The drain time is over while the exchange waits for its twin.
    mutating func shutDownWaiting(now: Int64, actions: inout [ExchangeAction]) {
        if case .answered(let answer, let cost) = leaveTwins() {
            return follow(answer, cost: cost, now: now, actions: &actions)
        }
        stopWaiting(now: now)
        fail(.draining, now: now, actions: &actions)
    }

    /// The wait's end, or the whole exchange's, was reached.
    mutating func waitedInVain(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        if let news = leaveTwins() {
            return act(on: news, now: now, workspace: workspace, actions: &actions)
        }
        if now >= startedAt &+ snapshot.limits.requestTimeoutNanoseconds {
            stopWaiting(now: now)
            return fail(.upstreamTimeout, now: now, actions: &actions)
        }
        actions.append(.countTwin(.waitTimeout, model: snapshot.models[route.primary].name))
        goAlone(now: now, workspace: workspace, actions: &actions)
    }
}
