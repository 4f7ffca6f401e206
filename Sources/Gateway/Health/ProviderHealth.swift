package import Routing
import Synchronization

/// What this process knows of one provider's state, shared by all event loops and kept over reloads.
package final class ProviderHealth: Sendable {
    package let name: String
    private let breaker: Mutex<CircuitBreaker>
    private let inFlightCount = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)

    package init(name: String, breaker parameters: CircuitBreakerParameters) {
        self.name = name
        breaker = Mutex(CircuitBreaker(parameters: parameters))
    }

    /// Attempts under way.
    package var inFlight: Int { inFlightCount.load(ordering: .relaxed) }

    /// An administrator took the provider out; attempts under way finish.
    package var isDraining: Bool {
        get { draining.load(ordering: .relaxed) }
        set { draining.store(newValue, ordering: .relaxed) }
    }

    /// True where an attempt may begin now; counts a half-open breaker's probe as taken.
    func admit(nowNanoseconds: Int64) -> Bool {
        !isDraining && breaker.withLock { $0.allows(nowNanoseconds: nowNanoseconds) }
    }

    func attemptBegan() {
        inFlightCount.wrappingAdd(1, ordering: .relaxed)
    }

    /// `success` nil: the attempt ended without a verdict on the provider (the client left).
    func attemptEnded(success: Bool?, begunNanoseconds: Int64, nowNanoseconds: Int64) {
        inFlightCount.wrappingSubtract(1, ordering: .relaxed)
        breaker.withLock { breaker in
            if let success {
                breaker.record(
                    success: success, begunNanoseconds: begunNanoseconds, nowNanoseconds: nowNanoseconds)
            } else {
                breaker.abandon(begunNanoseconds: begunNanoseconds, nowNanoseconds: nowNanoseconds)
            }
        }
    }

    /// The breaker's state in a word, for people: `closed`, `open` or `half_open`.
    package var breakerState: String {
        breaker.withLock { breaker in
            switch breaker.state {
            case .closed: "closed"
            case .open: "open"
            case .halfOpen: "half_open"
            }
        }
    }

    /// A reload may have changed the parameters; the window's counts begin anew then.
    package func replaceBreaker(_ parameters: CircuitBreakerParameters) {
        breaker.withLock { breaker in
            if breaker.parameters != parameters { breaker = CircuitBreaker(parameters: parameters) }
        }
    }
}

/// Every provider's health by name; outlives reloads.
package final class HealthBook: Sendable {
    private let entries = Mutex<[String: ProviderHealth]>([:])

    package init() {}

    /// The provider's entry, made on first asking.
    package func health(of name: String, breaker parameters: CircuitBreakerParameters) -> ProviderHealth {
        entries.withLock { entries in
            if let known = entries[name] {
                known.replaceBreaker(parameters)
                return known
            }
            let fresh = ProviderHealth(name: name, breaker: parameters)
            entries[name] = fresh
            return fresh
        }
    }
}
