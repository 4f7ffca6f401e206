import Gateway
import Metering
import NIOCore
import Routing
import Settings

/// Drives one exchange as a hostile world would, and keeps the books an outsider would keep.
struct SimulatedExchange: ~Copyable {
    /// How likely each trouble is, in percent a step.
    struct Troubles {
        var dialFails = 10
        var upstreamFails = 6
        var answersError = 15
        var lies = 10
        var clientLeaves = 4
        var clientStalls = 4
        var timeJumps = 8
        var journalFails = 5
        var storeFails = 5
        var shutsDown = 1
    }

    /// The upstream connection as the driver would hold it.
    private enum Connection: Equatable {
        case none, dialing, open
        /// The request is sent; `sent` events of its answer are out.
        case answering(sent: Int, isError: Bool)
        /// The answer is out whole, the connection not yet given back.
        case whole
    }

    private let world: World
    private var exchange: Exchange
    private var generator: SeededGenerator
    private let troubles: Troubles
    private let workspace = Workspace()
    private let isStream: Bool
    private let model: String
    private var now: Int64 = 1
    private var connection = Connection.none
    private var queue: [ExchangeEvent] = []
    private var isClientGone = false

    /// What was seen, for the assertions.
    private(set) var violations: [String] = []
    private(set) var finishes = 0
    private(set) var records: [UsageRecord] = []
    private(set) var answers: [Answer] = []
    private(set) var streamHeads = 0
    private(set) var streamEnds: [Bool] = []
    private(set) var streamText = ""
    private(set) var outcome: ExchangeOutcome?
    private(set) var dials = 0
    private(set) var sends = 0
    private(set) var steps = 0
    private(set) var wasAdmitted = false

    init(world: World, seed: UInt64, troubles: Troubles) {
        self.world = world
        self.troubles = troubles
        var generator = SeededGenerator(seed: seed)
        isStream = generator.chance(50)
        model = ["chat", "single", "any/gpt-4o-mini", "nothing"].randomElement(using: &generator) ?? "chat"
        exchange = world.exchange(random: generator.next())
        self.generator = generator
    }

    mutating func run() {
        deliver(.head(world.head()))
        while finishes == 0, steps < 10_000 {
            steps += 1
            step()
        }
        if finishes == 0 { violations.append("never finished") }
        after()
    }

    // MARK: One step

    private mutating func step() {
        if let event = queue.first, !queue.isEmpty {
            queue.removeFirst()
            return deliver(event)
        }
        if !isClientGone, generator.chance(troubles.clientLeaves) {
            isClientGone = true
            return deliver(.clientGone)
        }
        if generator.chance(troubles.clientStalls) { return deliver(.clientReading(generator.chance(50))) }
        if generator.chance(troubles.shutsDown) { return deliver(.shutdown) }
        if generator.chance(troubles.timeJumps) {
            let deadline = exchange.deadline
            now = deadline == .max ? now &+ 1_000_000_000 : max(now, deadline)
            return deliver(.tick)
        }
        moveUpstream()
    }

    private mutating func moveUpstream() {
        now &+= Int64.random(in: 1...50_000_000, using: &generator)
        switch connection {
        case .dialing:
            if generator.chance(troubles.dialFails) {
                connection = .none
                return deliver(.upstreamFailed([.connectFailed, .connectTimeout, .tlsFailed].randomElement(using: &generator) ?? .connectFailed))
            }
            connection = .open
            deliver(.connected(isReused: generator.chance(30)))
        case .answering(let sent, let isError):
            answer(sent: sent, isError: isError)
        case .none, .open, .whole:
            deliver(.tick)
        }
    }

    private mutating func answer(sent: Int, isError: Bool) {
        if generator.chance(troubles.upstreamFails) {
            connection = .none
            return deliver(.upstreamFailed([.reset, .invalidResponse].randomElement(using: &generator) ?? .reset))
        }
        if sent == 0 {
            let status = isError ? [400, 401, 404, 429, 500, 503].randomElement(using: &generator) ?? 500 : 200
            connection = .answering(sent: 1, isError: isError)
            let lies = generator.chance(troubles.lies)
            return deliver(.upstreamHead(UpstreamHead(status: status, isEventStream: isStream != lies && !isError)))
        }
        let parts = isError ? [#"{"error":{"message":"no secret-of-first","type":"t","code":"c"}}"#] : goodParts
        guard sent <= parts.count else {
            connection = .whole
            return deliver(.upstreamEnd)
        }
        connection = .answering(sent: sent + 1, isError: isError)
        let text = generator.chance(troubles.lies) ? "{\"nonsense\":" : parts[sent - 1]
        deliver(.upstreamBody(ByteBuffer(string: text)))
    }

    private var goodParts: [String] {
        isStream ? World.events : [String(buffer: World.answer)]
    }

    // MARK: The driver's part

    private mutating func deliver(_ event: ExchangeEvent) {
        if case .clientGone = event { isClientGone = true }
        var actions: [ExchangeAction] = []
        exchange.handle(event, nowNanoseconds: now, workspace: workspace, actions: &actions)
        for action in actions { perform(action) }
    }

    private mutating func perform(_ action: ExchangeAction) {
        if finishes > 0 { violations.append("an action after the end: \(action)") }
        switch action {
        case .lookUp:
            let answer: IdentityAnswer = generator.chance(troubles.storeFails) ? .unavailable : .known(world.principal)
            queue += [.identity(answer), .body(World.body(model: model, isStream: isStream))]
        case .dial:
            dials += 1
            wasAdmitted = true
            if connection != .none { violations.append("a dial beside a live connection") }
            connection = .dialing
        case .send:
            sends += 1
            if connection != .open { violations.append("a request without a connection") }
            connection = .answering(sent: 0, isError: generator.chance(troubles.answersError))
        case .releaseUpstream:
            if connection == .none { violations.append("nothing to release") }
            connection = .none
        case .cancelUpstream: connection = .none
        case .answer(let answer): answers.append(answer)
        case .streamHead: streamHeads += 1
        case .streamBytes(let bytes):
            if streamHeads == 0 { violations.append("stream bytes before the head") }
            streamText += String(buffer: bytes)
        case .streamEnd(let isClean): streamEnds.append(isClean)
        case .journal(let box):
            wasAdmitted = true
            records.append(box.record)
            queue.append(.recorded(!generator.chance(troubles.journalFails)))
        case .awaitTwin, .claim, .publish, .releaseMark, .countTwin: violations.append("a twin of a lone exchange: \(action)")
        case .attemptFailed: break
        case .finished(let outcome):
            finishes += 1
            self.outcome = outcome
        }
    }

    // MARK: The books

    private mutating func after() {
        var found: [String] = []
        func check(_ isTrue: Bool, _ what: String) {
            if !isTrue { found.append(what) }
        }
        check(finishes == 1, "finished \(finishes) times")
        check(records.count == (wasAdmitted ? 1 : 0), "\(records.count) records, admitted: \(wasAdmitted)")
        check(world.wallet.reserved == .zero, "money stays reserved")
        check(connection == .none, "a connection stays open: \(connection)")
        for provider in world.snapshot.providers {
            check(provider.health.inFlight == 0, "\(provider.settings.name) keeps \(provider.health.inFlight) in flight")
        }
        if !isClientGone {
            check(answers.count + streamHeads == 1, "\(answers.count) answers and \(streamHeads) streams")
            check(streamEnds.count == streamHeads, "\(streamEnds.count) ends of \(streamHeads) streams")
        }
        if streamEnds.first == true {
            check(streamText.hasSuffix("data: [DONE]\n\n"), "a clean end without [DONE]")
            check(outcome?.status == .success, "a clean end of a failure")
        }
        if streamEnds.first == false {
            check(!streamText.contains("[DONE]"), "[DONE] in a broken stream")
            check(streamText.contains("\"error\""), "no error event in a broken stream")
        }
        if let record = records.first, record.status == .success, !record.isEstimated {
            check(record.usage.promptTokens == 812 && record.usage.completionTokens == 32, "usage \(record.usage)")
            check(record.cost.units == 300 * 150 + 512 * 75 + 32 * 600, "cost \(record.cost)")
            check(record.attempts.last?.errorType == nil, "a success whose last attempt failed")
        }
        check(!streamText.contains("secret-of-"), "a secret in a stream")
        check(!answers.contains { String(buffer: $0.body).contains("secret-of-") }, "a secret in an answer")
        violations += found
    }
}
