/// Keeps calls away from a provider that fails, and feels its way back. Pure: times come in, in nanoseconds of one
/// monotonic clock.
///
/// ```
///            more than failureRatio of ≥ minimumRequests failed
///   closed ───────────────────────────────────────────────────▶ open ◀──┐
///     ▲                                                          │      │ one failure:
///     │ halfOpenSuccesses successes           openNanoseconds    │      │ open twice as long
///     └──────────────────────── halfOpen ◀───────────────────────┘      │
///                                  └────────────────────────────────────┘
/// ```
package struct CircuitBreaker: Sendable {
    package enum State: Sendable, Equatable {
        case closed, open, halfOpen
    }

    private enum Phase: Sendable {
        case closed
        case open(until: Int64)
        case halfOpen(HalfOpen)
    }

    private struct HalfOpen: Sendable {
        /// When the first probe was let through.
        var since: Int64
        var probesUnderWay = 0
        var successes = 0
    }

    package let parameters: CircuitBreakerParameters
    private var phase = Phase.closed
    private var window: OutcomeWindow
    /// How long it is open the next time.
    private var nextOpenNanoseconds: Int64

    package init(parameters: CircuitBreakerParameters = CircuitBreakerParameters()) {
        self.parameters = parameters
        window = OutcomeWindow(windowNanoseconds: parameters.windowNanoseconds, buckets: parameters.buckets)
        nextOpenNanoseconds = Self.firstOpenNanoseconds(parameters)
    }

    /// Open until the first call is let through after its period, however long that takes.
    package var state: State {
        switch phase {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        }
    }

    /// Whether a call may begin now. Half open, a yes takes one of the probes: each yes is followed by exactly one
    /// `record` or `abandon`.
    package mutating func allows(nowNanoseconds: Int64) -> Bool {
        switch phase {
        case .closed:
            return true
        case .open(let until):
            guard nowNanoseconds >= until else { return false }
            phase = .halfOpen(HalfOpen(since: nowNanoseconds, probesUnderWay: 1))
            return true
        case .halfOpen(var halfOpen):
            guard halfOpen.probesUnderWay + halfOpen.successes < max(1, parameters.halfOpenSuccesses) else {
                return false
            }
            halfOpen.probesUnderWay += 1
            phase = .halfOpen(halfOpen)
            return true
        }
    }

    /// Whether a call could begin now, without taking a probe; for views and for sorting targets.
    package func couldAllow(nowNanoseconds: Int64) -> Bool {
        var copy = self
        return copy.allows(nowNanoseconds: nowNanoseconds)
    }

    /// How a call ended.
    ///
    /// - Parameter begunNanoseconds: when `allows` let it through. A call from before the half-open phase then says
    ///   nothing about it: time-outs of the outage must not open the breaker again after it is over. nil: taken for a
    ///   call of the present phase.
    package mutating func record(success: Bool, begunNanoseconds: Int64? = nil, nowNanoseconds: Int64) {
        switch phase {
        case .closed:
            window.add(success: success, nowNanoseconds: nowNanoseconds)
            if isFailing { open(nowNanoseconds) }
        case .open:
            break
        case .halfOpen(var halfOpen):
            guard (begunNanoseconds ?? halfOpen.since) >= halfOpen.since else { return }
            guard success else { return open(nowNanoseconds) }
            halfOpen.probesUnderWay = max(0, halfOpen.probesUnderWay - 1)
            halfOpen.successes += 1
            if halfOpen.successes >= max(1, parameters.halfOpenSuccesses) {
                close()
            } else {
                phase = .halfOpen(halfOpen)
            }
        }
    }

    /// A call ended without saying anything about the provider, such as by its client leaving: its probe is free again.
    package mutating func abandon(begunNanoseconds: Int64? = nil, nowNanoseconds: Int64) {
        switch phase {
        case .closed, .open:
            break
        case .halfOpen(var halfOpen):
            guard (begunNanoseconds ?? halfOpen.since) >= halfOpen.since else { return }
            halfOpen.probesUnderWay = max(0, halfOpen.probesUnderWay - 1)
            phase = .halfOpen(halfOpen)
        }
    }

    private var isFailing: Bool {
        guard window.total >= max(1, parameters.minimumRequests) else { return false }
        return Double(window.failures) > min(max(0, parameters.failureRatio), 1) * Double(window.total)
    }

    private mutating func open(_ nowNanoseconds: Int64) {
        let (until, overflow) = nowNanoseconds.addingReportingOverflow(nextOpenNanoseconds)
        phase = .open(until: overflow ? .max : until)
        window.clear()
        let (doubled, tooLong) = nextOpenNanoseconds.multipliedReportingOverflow(by: 2)
        nextOpenNanoseconds = min(tooLong ? .max : doubled, Self.longestOpenNanoseconds(parameters))
    }

    private mutating func close() {
        phase = .closed
        window.clear()
        nextOpenNanoseconds = Self.firstOpenNanoseconds(parameters)
    }

    private static func firstOpenNanoseconds(_ parameters: CircuitBreakerParameters) -> Int64 {
        max(1, parameters.openNanoseconds)
    }

    /// A longest period below the first one means that it does not grow.
    private static func longestOpenNanoseconds(_ parameters: CircuitBreakerParameters) -> Int64 {
        max(firstOpenNanoseconds(parameters), parameters.maximumOpenNanoseconds)
    }
}
