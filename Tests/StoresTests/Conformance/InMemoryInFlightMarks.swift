import Routing

/// The port's rules in the fewest words: what the conformance suite is itself tried on.
actor InMemoryInFlightMarks: InFlightMarks {
    private struct Holding {
        let mark: InFlightMark
        let end: ContinuousClock.Instant
    }

    nonisolated let maximumAnswerBytes = 1 << 20
    private var holdings: [InFlightRequest: Holding] = [:]
    private var answers: [InFlightMark: [UInt8]] = [:]
    private var nextOwner: UInt64 = 1

    func claim(_ request: InFlightRequest, lifetime: Duration) -> InFlightClaim {
        if let holding = holder(of: request) { return .held(holding) }
        let mark = InFlightMark(request: request, owner: nextOwner)
        nextOwner += 1
        holdings[request] = Holding(mark: mark, end: .now + lifetime)
        return .claimed(mark)
    }

    func outcome(of mark: InFlightMark, limit: Duration) async -> InFlightOutcome {
        let end = ContinuousClock.now + limit
        while true {
            if let answer = answers[mark] { return .answered(answer) }
            guard holder(of: mark.request) == mark else { return .released }
            guard ContinuousClock.now < end, !Task.isCancelled else { return .timedOut }
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    func publish(_ answer: [UInt8], for mark: InFlightMark) {
        guard holder(of: mark.request) == mark else { return }
        if answer.count <= maximumAnswerBytes { answers[mark] = answer }
        holdings[mark.request] = nil
    }

    func release(_ mark: InFlightMark) {
        guard holder(of: mark.request) == mark else { return }
        holdings[mark.request] = nil
    }

    private func holder(of request: InFlightRequest) -> InFlightMark? {
        guard let holding = holdings[request], holding.end > .now else { return nil }
        return holding.mark
    }
}
