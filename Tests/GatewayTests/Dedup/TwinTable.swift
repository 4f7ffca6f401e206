import FoundationEssentials
import Gateway
import Identity
import Metering
import NIOCore
import Pipeline
import Routing
import Settings
import Synchronization

/// Exchanges of one world that may be each other's twins; what happens to which of them, and when, is the test's to say.
final class TwinTable {
    /// Who has news, in the order it came.
    final class Bell: Sendable {
        private let rung = Mutex<[Int]>([])

        func ring(_ guest: Int) { rung.withLock { $0.append(guest) } }
        func next() -> Int? { rung.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    }

    /// One exchange with what was seen of it.
    final class Guest {
        var exchange: Exchange
        var workspace = Workspace()
        var seat: TwinSeat?
        var isConnected = false
        var dials = 0
        var claims = 0
        var answers: [Answer] = []
        var records: [UsageRecord] = []
        var counts: [TwinCount] = []
        var published: [TwinAnswer] = []
        var released: [InFlightMark] = []
        var outcome: ExchangeOutcome?

        init(exchange: consuming Exchange) {
            self.exchange = exchange
        }
    }

    let world: World
    let registry: TwinRegistry
    let bell = Bell()
    var now: Int64 = 1
    private(set) var guests: [Guest] = []

    init(
        dedup: PipelineSettings.Dedup = .all, price: PipelineSettings.DedupPrice = .full, wait: Duration = .seconds(60),
        marks: (any InFlightMarks)? = nil, balance: NanoUSD? = nil, degraded: String? = nil
    ) {
        world = World(balance: balance) { configuration in
            for index in configuration.models.indices {
                configuration.models[index].pipeline.dedup = dedup
                configuration.models[index].pipeline.dedupPrice = price
                configuration.models[index].pipeline.dedupWait = wait
                configuration.models[index].degradeBody = degraded
            }
        }
        registry = TwinRegistry(marks: marks)
    }

    /// A request comes in whole; its place at the table.
    @discardableResult
    func ask(
        _ body: ByteBuffer = TwinTable.body(), of principal: Principal? = nil, head: RequestHead? = nil,
        snapshot: GatewaySnapshot? = nil
    ) -> Int {
        let exchange = Exchange(
            id: UUID(), snapshot: snapshot ?? world.snapshot, nowNanoseconds: now,
            createdAtMicroseconds: 1_800_000_000_000_000, random: 0, journalIsWritable: true, twins: registry)
        guests.append(Guest(exchange: exchange))
        let place = guests.count - 1
        deliver(.head(head ?? world.head()), to: place)
        deliver(.identity(.known(principal ?? world.principal)), to: place)
        deliver(.body(body), to: place)
        return place
    }

    /// As many as asked for, of one request.
    func ask(times count: Int) -> [Int] { (0..<count).map { _ in ask() } }

    /// Everybody hears what they were told.
    func hear() {
        while let place = bell.next() {
            if let news = guests[place].seat?.take() { deliver(.twin(news), to: place) }
        }
    }

    /// The vendor answers a guest's call.
    func answer(_ place: Int, status: Int = 200, _ body: ByteBuffer = World.answer) {
        connect(place)
        deliver(.upstreamHead(UpstreamHead(status: status, isEventStream: false)), to: place)
        deliver(.upstreamBody(body), to: place)
        deliver(.upstreamEnd, to: place)
    }

    func connect(_ place: Int) {
        guard !guests[place].isConnected else { return }
        guests[place].isConnected = true
        deliver(.connected(isReused: false), to: place)
    }

    /// The vendor fails a guest until it gives up.
    func failAll(_ place: Int) {
        while guests[place].outcome == nil { deliver(.upstreamFailed(.connectFailed), to: place) }
    }

    func deliver(_ event: ExchangeEvent, to place: Int) {
        var actions: [ExchangeAction] = []
        guests[place].exchange.handle(
            event, nowNanoseconds: now, workspace: guests[place].workspace, actions: &actions)
        for action in actions { perform(action, of: place) }
    }

    private func perform(_ action: ExchangeAction, of place: Int) {
        switch action {
        case .awaitTwin(let seat):
            guests[place].seat = seat
            seat.onNews { [bell] in bell.ring(place) }
        case .claim: guests[place].claims += 1
        case .publish(let answer, _): guests[place].published.append(answer)
        case .releaseMark(let mark): guests[place].released.append(mark)
        case .countTwin(let count, _): guests[place].counts.append(count)
        case .dial:
            guests[place].dials += 1
            guests[place].isConnected = false
        case .answer(let answer): guests[place].answers.append(answer)
        case .journal(let box):
            guests[place].records.append(box.record)
            deliver(.recorded(true), to: place)
        case .finished(let outcome): guests[place].outcome = outcome
        case .lookUp, .send, .releaseUpstream, .cancelUpstream, .streamHead, .streamBytes, .streamEnd, .attemptFailed:
            break
        }
    }

    // MARK: What was seen

    var dials: [Int] { guests.map(\.dials) }
    /// Of each guest, in nano-USD; −1: it has no row.
    var costs: [Int64] { guests.map { $0.records.first?.cost.units ?? -1 } }
    var roles: [TwinRole?] { guests.map { $0.answers.first?.head.dedup } }
    var statuses: [ExchangeStatus?] { guests.map { $0.records.first?.status } }
    var isOver: Bool { guests.allSatisfy { $0.outcome != nil } && registry.count == 0 }

    static func body(
        model: String = "chat", content: String = "Hello there", extra: String = #","temperature":0"#
    ) -> ByteBuffer {
        ByteBuffer(
            string: """
                {"model":"\(model)","max_tokens":64,"messages":[{"role":"user","content":"\(content)"}]\(extra)}
                """)
    }

    /// What `World.answer` costs.
    static let wholePrice: Int64 = 300 * 150 + 512 * 75 + 32 * 600
}
