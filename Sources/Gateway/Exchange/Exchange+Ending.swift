internal import Identity
internal import Metering
internal import NIOCore
internal import Pipeline
internal import Routing
internal import Wire

/// Every way out, and the books that are closed on it.
extension Exchange {
    /// Closes the attempt that answered; its row carries what the vendor counted and charges.
    mutating func closeAttempt(
        _ failure: FailureClass?, isSuccess: Bool, completed: CompletedUsage, candidate: Candidate, now: Int64
    ) {
        guard let attempt else { return }
        var row = AttemptRecord(
            provider: candidate.providerName, upstreamModel: attempt.upstreamModel, providerKeyID: candidate.keyID,
            httpStatus: attempt.httpStatus, latencyMicroseconds: max(0, now &- attempt.startedAt) / 1_000,
            errorType: failure?.label, usage: completed.usage)
        row.vendorCost = vendorCost(of: completed, candidate: candidate)
        attempts.append(row)
        upstreamNanoseconds &+= max(0, now &- attempt.startedAt)
        candidate.provider.health.attemptEnded(
            success: isSuccess ? true : nil, begunNanoseconds: attempt.startedAt, nowNanoseconds: now)
        unloadSlot()
        self.attempt = nil
        collected = nil
    }

    /// Puts what the vendor charges into the last attempt's row.
    mutating func charge(vendor completed: CompletedUsage, candidate: Candidate) {
        guard var row = attempts.popLast() else { return }
        row.usage = completed.usage
        row.vendorCost = vendorCost(of: completed, candidate: candidate)
        attempts.append(row)
    }

    private func vendorCost(of completed: CompletedUsage, candidate: Candidate) -> NanoUSD {
        guard let price = price(of: candidate) else { return .zero }
        let cost = try? CostEngine.cost(of: completed.usage, at: price)
        return cost ?? .zero
    }

    /// The customer's price; nothing where the upstream broke off and reported nothing.
    private func customerCost(_ status: ExchangeStatus, _ completed: CompletedUsage?, candidate: Candidate?) -> NanoUSD {
        guard let completed, let candidate else { return .zero }
        if status == .error, completed.isEstimated { return .zero }
        return customerCost(of: completed, at: price(of: candidate))
    }

    /// The customer's price; nothing where there is no price.
    func customerCost(of completed: CompletedUsage, at price: Price?) -> NanoUSD {
        guard let price, let principal else { return .zero }
        let cost = try? CostEngine.cost(
            of: completed.usage, at: price, multiplierMillionths: principal.priceMultiplierMillionths)
        return cost ?? .zero
    }

    /// Writes the exchange's row and settles the caller's money. `conclusion` is what leaves afterwards.
    ///
    /// - Parameters:
    ///   - candidate: nil: no vendor answered this exchange.
    ///   - cost: what the customer pays; nil: the usage at the candidate's price.
    mutating func record(
        _ status: ExchangeStatus, usage completed: CompletedUsage?, candidate: Candidate?, httpStatus: Int,
        error: GatewayError?, cost: NanoUSD? = nil, now: Int64, actions: inout [ExchangeAction]
    ) {
        guard let principal else { return }
        freeTwins(actions: &actions)
        // Whose client has left was not answered, whatever became of the call it made for its followers.
        let status = twin.isOrphaned ? .cancelled : status
        let completed = twin.isOrphaned ? nil : completed
        var row = UsageRecord(
            id: id, userID: principal.caller.userID, apiKeyID: principal.caller.keyID,
            model: prepared?.modelName ?? "", createdAtMicroseconds: createdAtMicroseconds, status: status)
        row.clientRequestID = head?.clientRequestID
        row.provider = attempts.last?.provider ?? twin.origin?.provider ?? ""
        row.upstreamModel = attempts.last?.upstreamModel ?? twin.origin?.upstreamModel ?? ""
        if let completed {
            row.usage = completed.usage
            row.isEstimated = completed.isEstimated
            row.vendorUsage = completed.vendorText
        }
        row.cost = cost ?? customerCost(status, completed, candidate: candidate)
        row.vendorCost = NanoUSD(units: attempts.reduce(0) { $0.addingReportingOverflow($1.vendorCost.units).partialValue })
        row.latencyMicroseconds = max(0, now &- startedAt) / 1_000
        row.timeToFirstTokenMicroseconds = firstTokenAt.map { max(0, $0 &- startedAt) / 1_000 }
        row.httpStatus = twin.isOrphaned ? 499 : httpStatus
        row.isStream = prepared?.isStream ?? false
        row.errorCode = error?.code
        row.prefixHash = prepared?.prefixHash ?? 0
        row.attempts = attempts
        if let completed, let candidate, status != .error { account(completed, from: candidate, in: &row, now: now) }
        settle(row.cost)
        outcome = makeOutcome(
            status, usage: row.usage, cost: row.cost, label: candidate?.label ?? answeredLabel, miss: row.cacheMiss?.cause,
            now: now)
        phase = .recording
        actions.append(.journal(UsageRecordBox(row)))
    }

    /// What the metrics call an exchange that no upstream answered: its model and the provider tried last, or its twin's.
    private var answeredLabel: Int? {
        guard let provider = attempts.last?.provider else {
            return twin.origin.flatMap { snapshot.labels.firstIndex(of: $0.label) }
        }
        let candidates = snapshot.models[route.model].candidates + snapshot.models[route.primary].candidates
        return candidates.first { $0.providerName == provider }?.label
    }

    private mutating func settle(_ cost: NanoUSD) {
        guard let reserved, let principal else { return }
        principal.wallet.settle(reserved: reserved, cost: cost)
        self.reserved = nil
    }

    mutating func releaseReservation() {
        guard let reserved, let principal else { return }
        principal.wallet.void(reserved: reserved)
        self.reserved = nil
    }

    private func makeOutcome(
        _ status: ExchangeStatus, usage: TokenUsage, cost: NanoUSD, label: Int?, miss: CacheMiss.Cause?, now: Int64
    ) -> ExchangeOutcome {
        ExchangeOutcome(
            status: status, label: label, durationNanoseconds: max(0, now &- startedAt),
            upstreamNanoseconds: upstreamNanoseconds,
            timeToFirstTokenNanoseconds: firstTokenAt.map { max(0, $0 &- startedAt) }, usage: usage, cost: cost,
            cacheMiss: miss, isFollower: twin.origin != nil, volatileKinds: prepared?.volatileKinds ?? VolatileKinds())
    }

    /// No upstream answered: the client is told why, in a body or, if its stream has begun, in an event.
    mutating func fail(_ error: GatewayError, now: Int64, actions: inout [ExchangeAction]) {
        conclusion =
            stream.isHeadSent
            ? .stream(tail: errorEvent(error), isClean: false) : .answer(answer(for: error))
        record(.error, usage: nil, candidate: nil, httpStatus: error.status, error: error, now: now, actions: &actions)
    }

    mutating func conclude(degraded: String, now: Int64, actions: inout [ExchangeAction]) {
        let body = ByteBuffer(string: degraded)
        conclusion = .answer(Answer(head: answerHead(status: 200), body: body, closesConnection: false))
        record(.success, usage: nil, candidate: nil, httpStatus: 200, error: nil, now: now, actions: &actions)
    }

    /// The journal has spoken: send what was held back.
    mutating func conclude(isRecorded: Bool, now: Int64, actions: inout [ExchangeAction]) {
        guard phase == .recording, let conclusion else { return }
        self.conclusion = nil
        cancelUpstream(&actions)
        switch conclusion {
        case .answer(let answer):
            actions.append(.answer(isRecorded ? answer : self.answer(for: .journalUnavailable)))
        case .stream(let tail, let isClean):
            actions.append(.streamBytes(isRecorded ? tail : errorEvent(.journalUnavailable)))
            actions.append(.streamEnd(isClean: isClean && isRecorded))
        case .silence: break
        }
        phase = .finished
        if let outcome { actions.append(.finished(outcome)) }
    }

    /// The client's connection is gone: the upstream is cancelled at once, and what it cost is recorded.
    mutating func clientLeft(now: Int64, actions: inout [ExchangeAction]) {
        switch phase {
        case .reading:
            releaseReservation()
            finish(.cancelled, now: now, actions: &actions)
        case .awaitingTwin:
            if !goesOnForTwins(actions: &actions) { leftWaiting(now: now, actions: &actions) }
        case .dialing, .awaitingHead, .collecting, .collectingError, .streaming:
            if !goesOnForTwins(actions: &actions) { cancel(now: now, actions: &actions) }
        case .recording: conclusion = .silence
        case .finished: break
        }
    }

    private mutating func cancel(now: Int64, actions: inout [ExchangeAction]) {
        let candidate = currentCandidate
        let answered = phase == .collecting || phase == .streaming
        cancelUpstream(&actions)
        let completed = answered ? streamUsage() : nil
        if let completed, let candidate {
            closeAttempt(.cancelled, isSuccess: false, completed: completed, candidate: candidate, now: now)
        } else {
            cancelAttempt(now: now)
        }
        conclusion = .silence
        record(
            .cancelled, usage: completed, candidate: candidate, httpStatus: 499, error: nil, now: now, actions: &actions)
    }

    /// The client has read nothing for the idle time: as if it had left, but it may still read how its stream ended.
    mutating func clientStalled(now: Int64, actions: inout [ExchangeAction]) {
        guard let candidate = currentCandidate else { return }
        cancelUpstream(&actions)
        let completed = streamUsage()
        closeAttempt(.cancelled, isSuccess: false, completed: completed, candidate: candidate, now: now)
        let error = GatewayError.clientStalled
        conclusion =
            stream.isHeadSent
            ? .stream(tail: errorEvent(error), isClean: false) : .answer(answer(for: error))
        record(
            .cancelled, usage: completed, candidate: candidate, httpStatus: error.status, error: error, now: now,
            actions: &actions)
    }

    /// The attempt ended with nobody to blame and nothing to pay.
    private mutating func cancelAttempt(now: Int64) {
        guard let candidate = currentCandidate else { return }
        closeAttempt(
            .cancelled, isSuccess: false, completed: CompletedUsage.nothing, candidate: candidate, now: now)
    }

    /// The drain time is over.
    mutating func shutDown(now: Int64, actions: inout [ExchangeAction]) {
        switch phase {
        case .reading: refuse(.draining, now: now, actions: &actions)
        case .awaitingTwin: shutDownWaiting(now: now, actions: &actions)
        case .dialing, .awaitingHead, .collecting, .collectingError, .streaming:
            guard let candidate = currentCandidate else { return }
            let completed = stream.isEventForwarded ? streamUsage() : CompletedUsage.nothing
            cancelUpstream(&actions)
            closeAttempt(.cancelled, isSuccess: false, completed: completed, candidate: candidate, now: now)
            fail(.draining, now: now, actions: &actions)
        case .recording, .finished: break
        }
    }

    /// Ends an exchange that has no row.
    mutating func finish(_ status: ExchangeStatus, now: Int64, actions: inout [ExchangeAction]) {
        phase = .finished
        actions.append(.finished(makeOutcome(status, usage: TokenUsage(), cost: .zero, label: nil, miss: nil, now: now)))
    }

    func answerHead(status: Int, contentType: AnswerHead.ContentType = .json) -> AnswerHead {
        AnswerHead(
            requestID: id, status: status, contentType: contentType, retryAfterSeconds: nil,
            label: currentCandidate?.label ?? answeredLabel,
            upstreamModel: attempt?.upstreamModel ?? attempts.last?.upstreamModel ?? twin.origin?.upstreamModel ?? "",
            attempts: attempts.count + (attempt == nil ? 0 : 1), prefixHash: prepared?.prefixHash, rate: rate,
            vendorLimits: vendorLimits, fidelity: attempt?.rendered.report ?? FidelityReport(), form: head?.form ?? .openAIChat,
            dedup: twin.role)
    }

    func answer(for error: GatewayError) -> Answer {
        var body = ByteBuffer()
        FormAdapters.write(ClientError(error, requestID: id), in: head?.form ?? .openAIChat, into: &body)
        var head = answerHead(status: error.status)
        head.retryAfterSeconds = error.retryAfterSeconds
        return Answer(head: head, body: body, closesConnection: !isRequestWhole)
    }
}
