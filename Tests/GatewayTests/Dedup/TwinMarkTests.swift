import Gateway
import Metering
import NIOCore
import Routing
import Settings
import Testing

/// Twins on several instances: what an exchange does about what the others say.
@Suite struct TwinMarkTests {
    /// Never asked: the table hands the exchanges what the marks would say.
    private struct Silent: InFlightMarks {
        var maximumAnswerBytes: Int { 0 }
        func claim(_ request: InFlightRequest, lifetime: Duration) async -> InFlightClaim { .unavailable }
        func outcome(of mark: InFlightMark, limit: Duration) async -> InFlightOutcome { .unavailable }
        func publish(_ answer: [UInt8], for mark: InFlightMark) async {}
        func release(_ mark: InFlightMark) async {}
    }

    private let mark = InFlightMark(request: InFlightRequest(name: String(repeating: "0", count: 64)), owner: 7)

    private func table(price: PipelineSettings.DedupPrice = .full) -> TwinTable {
        TwinTable(price: price, marks: Silent())
    }

    /// What another instance's leader would publish.
    private func publishedAnswer() throws -> TwinAnswer {
        let other = table()
        other.ask()
        other.deliver(.mark(.holds(mark)), to: 0)
        other.answer(0)
        let published = try #require(other.guests[0].published.first)
        return try #require(TwinAnswer(bytes: published.bytes))
    }

    @Test func aLeaderAsksTheOthersBeforeItCalls() {
        let table = table()
        _ = table.ask(times: 2)
        #expect(table.guests.map(\.claims) == [1, 0])
        #expect(table.dials == [0, 0])
        table.deliver(.mark(.holds(mark)), to: 0)
        #expect(table.dials == [1, 0])
        table.answer(0)
        table.hear()
        #expect(table.isOver)
        #expect(table.guests[0].published.count == 1 && table.guests[0].released.isEmpty)
    }

    @Test func anotherInstancesAnswerServesAllHereAtTheFullPrice() throws {
        let table = table(price: .shared)
        _ = table.ask(times: 3)
        table.deliver(.mark(.answered(try publishedAnswer())), to: 0)
        table.hear()
        #expect(table.isOver)
        #expect(table.dials == [0, 0, 0])
        #expect(table.roles == [.follower, .follower, .follower])
        #expect(table.costs == [TwinTable.wholePrice, TwinTable.wholePrice, TwinTable.wholePrice])
        let body = table.guests[2].answers.first.map { String(buffer: $0.body) }
        #expect(body == String(buffer: World.answer))
        #expect(table.guests[0].answers.first?.head.label != nil)
    }

    @Test(arguments: [true, false])
    func withoutAMarkTheLeaderCallsAllTheSame(_ isTimedOut: Bool) {
        let table = table()
        _ = table.ask(times: 2)
        table.deliver(.mark(isTimedOut ? .timedOut : .free), to: 0)
        #expect(table.dials == [1, 0])
        #expect(table.guests[0].counts == (isTimedOut ? [.waitTimeout] : []))
        table.answer(0)
        table.hear()
        #expect(table.isOver && table.guests[0].published.isEmpty)
    }

    @Test func aLeaderThatFailsReleasesItsMark() {
        let table = table()
        table.ask()
        table.deliver(.mark(.holds(mark)), to: 0)
        table.failAll(0)
        #expect(table.guests[0].released == [mark] && table.guests[0].published.isEmpty)
    }

    @Test func theNextLeaderClaimsAnew() {
        let table = table()
        _ = table.ask(times: 2)
        table.deliver(.mark(.holds(mark)), to: 0)
        table.failAll(0)
        table.hear()
        #expect(table.guests.map(\.claims) == [1, 1])
        #expect(table.dials[1] == 0)
    }

    @Test func aMarkThatComesAfterTheWaitIsStillPublished() {
        let table = table()
        table.ask()
        table.now = table.guests[0].exchange.deadline
        table.deliver(.tick, to: 0)
        #expect(table.dials == [1])
        table.deliver(.mark(.holds(mark)), to: 0)
        table.answer(0)
        #expect(table.guests[0].published.count == 1 && table.dials == [1])
    }

    @Test func aLeaderThatLeavesWhileItAsksPassesTheLeadOn() {
        let table = table()
        _ = table.ask(times: 2)
        table.deliver(.clientGone, to: 0)
        table.deliver(.mark(.holds(mark)), to: 0)
        #expect(table.dials == [1, 0])
        table.answer(0)
        table.hear()
        #expect(table.isOver && table.statuses == [.cancelled, .success])
    }

    // MARK: The answer's bytes and the request's name

    @Test func bytesCutShortAreNoAnswer() throws {
        let bytes = try publishedAnswer().bytes
        let bodyBytes = World.answer.readableBytes
        for count in 0..<(bytes.count - bodyBytes) {
            #expect(TwinAnswer(bytes: Array(bytes.prefix(count))) == nil, "\(count) of \(bytes.count) bytes")
        }
    }

    @Test func hostileBytesAreReadWithoutHarm() throws {
        let bytes = try publishedAnswer().bytes
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                damaged[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0 ... 255, using: &generator)
            }
            guard let answer = TwinAnswer(bytes: damaged) else { continue }
            let table = table()
            table.ask()
            table.deliver(.mark(.answered(answer)), to: 0)
            #expect(table.isOver, "seed \(seed)")
        }
    }
}
