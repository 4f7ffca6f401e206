import FoundationEssentials
import Synchronization

/// What all requests share: the cache books, the draws, the log and the counts.
final class SimulatorEngine: Sendable {
    /// One request's luck.
    struct Draw: Sendable {
        let identifier: String
        let fault: Fault?
        let latency: Duration
    }

    private struct State {
        var book = CacheBook()
        var accounts = AccountBooks()
        var generator: SeededGenerator
        var requests: UInt64 = 0
    }

    let configuration: SimulatorConfiguration
    let log = RequestLog()
    let counts = ActivityCounts()
    private let state: Mutex<State>
    private let start = ContinuousClock.now

    init(configuration: SimulatorConfiguration) {
        self.configuration = configuration
        state = Mutex(State(generator: SeededGenerator(seed: configuration.seed)))
    }

    /// Since the engine was made.
    private var now: Duration { start.duration(to: .now) }

    /// Unix seconds.
    var created: Int { Int(Date.now.timeIntervalSince1970) }

    func draw() -> Draw {
        state.withLock { state in
            state.requests += 1
            let identifier = SeededGenerator.mix(configuration.seed &+ state.requests &* 0x9E37_79B9)
            let fault = configuration.faults.fault(for: state.generator.fraction())
            let bounds = configuration.pace.latency
            let latency = bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) * state.generator.fraction()
            let digits = String(identifier, radix: 16)
            return Draw(
                identifier: String(repeating: "0", count: 16 - digits.count) + digits, fault: fault, latency: latency)
        }
    }

    /// - Parameter vendor: whose rule holds.
    func read(
        _ request: SimulatedRequest, answer: SimulatedAnswer, by vendor: SimulatedVendor, account: String
    ) -> CacheReading {
        let scope = CacheBook.Scope(account: account, model: request.baseModel, partition: request.cachePartition)
        let now = now
        return state.withLock {
            $0.book.read(
                request.prompt, answer: answer.rendered, by: vendor.cacheRule(model: request.baseModel), for: scope,
                at: now)
        }
    }

    /// Whose cache rule holds where the path tells the vendor.
    func vendor(of dialect: Dialect) -> SimulatedVendor {
        if configuration.vendor == SimulatedVendor.none { return .none }
        return switch dialect {
        case .openAI: .openAI
        case .anthropic: .anthropic
        case .gemini: .gemini
        case .dashScope: .none
        }
    }

    /// An answer begins: its prompt is in the cache from now on, and on the account's bill.
    func store(_ reading: CacheReading, of request: SimulatedRequest, answer: SimulatedAnswer, account: String) {
        let now = now
        state.withLock {
            $0.book.store(reading, at: now)
            $0.accounts.add(reading, output: answer.tokens, account: account, model: request.baseModel)
        }
    }

    /// What one account used.
    func books(ofAccount key: String) -> JSONTree {
        let models = state.withLock { $0.accounts.models(ofAccount: key) }
        return ["models": .object(models.map { JSONTree.Member($0.model, $0.totals.tree) })]
    }

    /// Nil when the key is good; an account is as good as its key.
    func refusal(ofKey key: String?) -> RequestProblem? {
        guard let key, !key.isEmpty else {
            guard configuration.requiresKey else { return nil }
            return RequestProblem(status: 401, message: "You didn't provide an API key.", code: nil)
        }
        guard configuration.acceptedKeys.isEmpty || configuration.acceptedKeys.contains(key) else {
            return RequestProblem(status: 401, message: "Incorrect API key provided.", code: "invalid_api_key")
        }
        return nil
    }
}
