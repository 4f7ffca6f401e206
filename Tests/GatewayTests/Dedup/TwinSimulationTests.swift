import Gateway
import Metering
import NIOCore
import Routing
import Settings
import Testing

/// Many requests for few things, with trouble at every step; after each run the books must balance.
@Suite struct TwinSimulationTests {
    @Test(arguments: [true, false])
    func everyRequestEndsOnceAndSharedPricesAddUp(_ splits: Bool) {
        let base = UInt64.random(in: 0 ... .max)
        for offset in 0..<UInt64(1_500) {
            let seed = base &+ offset
            let found = Self.violations(seed: seed, splits: splits)
            guard found.isEmpty else {
                Issue.record("seed \(seed): \(found.joined(separator: "; "))")
                return
            }
        }
    }

    private static func violations(seed: UInt64, splits: Bool) -> [String] {
        var generator = SeededGenerator(seed: seed)
        let table = TwinTable(price: splits ? .shared : .full, wait: .seconds(1), balance: NanoUSD(units: 1_000_000_000))
        let bodies = (0..<3).map { TwinTable.body(content: "Question \($0)") }
        for _ in 0..<Int.random(in: 2...12, using: &generator) {
            table.ask(bodies[Int.random(in: 0..<3, using: &generator)])
        }
        var steps = 0
        while !table.isOver, steps < 5_000 {
            steps += 1
            step(table, &generator)
            if generator.chance(60) { table.hear() }
        }
        return books(of: table, splits: splits)
    }

    private static func step(_ table: TwinTable, _ generator: inout SeededGenerator) {
        table.now += Int64.random(in: 1...100_000_000, using: &generator)
        let place = Int.random(in: 0..<table.guests.count, using: &generator)
        let guest = table.guests[place]
        guard guest.outcome == nil else { return }
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<8: table.deliver(.clientGone, to: place)
        case 8..<10: table.deliver(.shutdown, to: place)
        case 10..<30:
            if table.now >= guest.exchange.deadline { table.deliver(.tick, to: place) }
        case 30..<45 where guest.dials > 0: table.deliver(.upstreamFailed(.reset), to: place)
        case 45..<50 where guest.dials > 0: table.answer(place, status: 400, ByteBuffer(string: "{}"))
        case 50..<55 where guest.dials > 0: table.answer(place, status: 503, ByteBuffer(string: "{}"))
        case 55..<80 where guest.dials > 0: table.answer(place)
        default: break
        }
    }

    private static func books(of table: TwinTable, splits: Bool) -> [String] {
        var found: [String] = []
        func check(_ isTrue: Bool, _ what: String) {
            if !isTrue { found.append(what) }
        }
        table.hear()
        check(table.isOver, "not all ended")
        check(table.guests.allSatisfy { $0.records.count == 1 }, "rows: \(table.guests.map(\.records.count))")
        check(table.guests.allSatisfy { $0.answers.count <= 1 }, "answered twice")
        check(table.world.wallet.reserved == .zero, "money stays reserved")
        let health = table.world.snapshot.providers.map(\.health.inFlight)
        check(health.allSatisfy { $0 == 0 }, "in flight at providers: \(health)")
        let answered = table.guests.filter { $0.records.first?.attempts.contains { $0.errorType == nil } == true }
        let paid = table.costs.reduce(0, +)
        let whole = TwinTable.wholePrice
        if splits {
            check(paid == whole * Int64(answered.count), "\(paid) paid for \(answered.count) calls")
        } else {
            let served = table.guests.filter { $0.records.first?.status == .success }
            check(paid == whole * Int64(served.count), "\(paid) paid by \(served.count)")
        }
        return found
    }
}
