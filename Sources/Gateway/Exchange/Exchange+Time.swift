internal import Pipeline
internal import Routing
internal import Settings

/// What time does to an exchange.
extension Exchange {
    /// When `tick` is due, in the events' monotonic nanoseconds; `.max`: never.
    ///
    /// Cheap enough to be asked of every exchange several times a second.
    package var deadline: Int64 {
        switch phase {
        case .reading, .recording, .finished: .max
        case .awaitingTwin: min(twin.waitEnds, startedAt &+ snapshot.limits.requestTimeoutNanoseconds)
        case .dialing, .awaitingHead, .collecting, .collectingError, .streaming: min(failureTime, keepAliveTime)
        }
    }

    /// When the wait for the upstream has been long enough.
    private var failureTime: Int64 {
        guard let attempt, let candidate = currentCandidate else { return .max }
        let stepEnd: Int64
        switch phase {
        case .dialing: stepEnd = attempt.startedAt &+ candidate.provider.connectNanoseconds
        case .awaitingHead: stepEnd = (attempt.sentAt ?? attempt.startedAt) &+ candidate.provider.firstByteNanoseconds
        case .collecting, .collectingError, .streaming:
            stepEnd = stream.lastReadAt &+ snapshot.limits.idleTimeoutNanoseconds
        case .reading, .awaitingTwin, .recording, .finished: return .max
        }
        if prepared?.isStream == true { return stepEnd }
        return min(stepEnd, startedAt &+ snapshot.limits.requestTimeoutNanoseconds)
    }

    private var keepAliveTime: Int64 {
        guard prepared?.isStream == true, phase != .collectingError, !stream.isHeldBack else { return .max }
        let since = stream.isHeadSent ? stream.lastWriteAt : startedAt
        return since &+ Self.keepAliveNanoseconds
    }

    mutating func timePassed(now: Int64, workspace: Workspace, actions: inout [ExchangeAction]) {
        if phase == .awaitingTwin {
            if now >= deadline { waitedInVain(now: now, workspace: workspace, actions: &actions) }
            return
        }
        if now >= failureTime {
            if phase == .streaming, stream.isHeldBack { return clientStalled(now: now, actions: &actions) }
            let failure: FailureClass = phase == .dialing ? .connectTimeout : .firstByteTimeout
            if now >= startedAt &+ snapshot.limits.requestTimeoutNanoseconds, prepared?.isStream != true {
                return timeOut(failure, now: now, actions: &actions)
            }
            return failAttempt(failure, now: now, workspace: workspace, actions: &actions)
        }
        if now >= keepAliveTime { keepAlive(now: now, actions: &actions) }
    }

    /// A slow client's time must not count against the upstream.
    mutating func clientReads(_ isReading: Bool, now: Int64) {
        guard phase == .streaming else { return }
        stream.isHeldBack = !isReading
        stream.lastReadAt = now
    }

    /// The whole exchange took too long: no further attempt is made.
    private mutating func timeOut(_ failure: FailureClass, now: Int64, actions: inout [ExchangeAction]) {
        cancelUpstream(&actions)
        closeAttempt(failure, now: now, actions: &actions)
        fail(.upstreamTimeout, now: now, actions: &actions)
    }
}

extension Duration {
    /// Saturated at ± 292 years.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }
}
