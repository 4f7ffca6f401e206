import Routing

/// What the circuit breaker should say, worked out from a list of all that ever happened.
struct BreakerModel {
    private let parameters: CircuitBreakerParameters
    private var results: [(success: Bool, at: Int64)] = []
    private var openUntil: Int64?
    private var failedProbesInARow = 0
    private var halfOpenSince: Int64?
    private var probes: [Int64] = []
    private var successes = 0

    init(parameters: CircuitBreakerParameters) {
        self.parameters = parameters
    }

    var state: CircuitBreaker.State {
        if halfOpenSince != nil { return .halfOpen }
        return openUntil == nil ? .closed : .open
    }

    mutating func allows(_ now: Int64) -> Bool {
        if halfOpenSince != nil {
            guard probes.count + successes < parameters.halfOpenSuccesses else { return false }
            probes.append(now)
            return true
        }
        guard let openUntil else { return true }
        guard now >= openUntil else { return false }
        self.openUntil = nil
        halfOpenSince = now
        probes = [now]
        successes = 0
        return true
    }

    mutating func record(_ success: Bool, _ begun: Int64, _ now: Int64) {
        if let halfOpenSince {
            guard begun >= halfOpenSince else { return }
            guard success else {
                failedProbesInARow += 1
                return open(now)
            }
            if !probes.isEmpty { probes.removeLast() }
            successes += 1
            if successes == parameters.halfOpenSuccesses {
                self.halfOpenSince = nil
                results = []
                failedProbesInARow = 0
            }
        } else if openUntil == nil {
            results.append((success, now))
            let width = parameters.windowNanoseconds / Int64(parameters.buckets)
            let oldest = (now / width - Int64(parameters.buckets) + 1) * width
            let recent = results.filter { $0.at >= oldest }
            let failures = recent.count { !$0.success }
            if recent.count >= parameters.minimumRequests,
                Double(failures) / Double(recent.count) > parameters.failureRatio
            {
                open(now)
            }
        }
    }

    mutating func abandon(_ begun: Int64) {
        guard let halfOpenSince, begun >= halfOpenSince, !probes.isEmpty else { return }
        probes.removeLast()
    }

    private mutating func open(_ now: Int64) {
        halfOpenSince = nil
        results = []
        let doubled = parameters.openNanoseconds << Int64(min(failedProbesInARow, 30))
        openUntil = now + min(doubled, parameters.maximumOpenNanoseconds)
    }
}
