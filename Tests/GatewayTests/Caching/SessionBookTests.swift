import Metering
import Pipeline
import Testing

@testable import Gateway

@Suite struct SessionBookTests {
    private func turn(_ number: UInt64) -> SessionTurn {
        SessionTurn(
            chain: [number], kinds: [.tools], stableTokens: 1,
            place: SessionTurn.Place(provider: "p", key: "k", model: "m"), isKept: true, answeredAtNanoseconds: 0)
    }

    @Test func theLatestTurnOfASessionIsKnown() {
        var book = SessionBook(capacity: 4)
        book.remember(turn(1), of: 7)
        book.remember(turn(2), of: 7)
        #expect(book.turn(of: 7)?.chain == [2])
        #expect(book.turn(of: 8) == nil)
        #expect(book.count == 1)
    }

    @Test func whenFullTheSessionNobodyAskedForGoes() {
        var book = SessionBook(capacity: 3)
        for session in 1...3 as ClosedRange<UInt64> { book.remember(turn(session), of: session) }
        _ = book.turn(of: 1)
        book.remember(turn(4), of: 4)
        #expect(book.turn(of: 1) != nil)
        #expect(book.turn(of: 2) == nil)
        #expect(book.turn(of: 4) != nil)
        #expect(book.count == 3)
    }

    @Test func itNeverHoldsMoreThanItsCapacity() {
        var book = SessionBook(capacity: 16)
        var numbers = SeededGenerator(seed: 1)
        for _ in 0..<5_000 {
            let session = numbers.next() % 64
            if numbers.next() % 2 == 0 { book.remember(turn(session), of: session) } else { _ = book.turn(of: session) }
            #expect(book.count <= 16)
        }
        for session in 0..<64 as Range<UInt64> {
            if let turn = book.turn(of: session) { #expect(turn.chain == [session]) }
        }
    }

    @Test func aSessionsPaceIsLearnedFromItsTurns() {
        var book = SessionBook()
        for time in [0, 8_000_000_000, 16_000_000_000] as [Int64] {
            var turn = turn(1)
            turn.answeredAtNanoseconds = time
            book.remember(turn, of: 7)
        }
        let pace = book.send(7, nowNanoseconds: 0)
        #expect(pace.turns == 3)
        #expect(pace.typicalGapNanoseconds == 8_000_000_000)
    }

    @Test func aMinutesRequestsAreCountedUntilItIsOver() {
        var book = SessionBook()
        book.remember(turn(1), of: 7)
        let seconds: [Int64] = [100, 101, 159, 160, 161, 500]
        let sent = seconds.map { book.send(7, nowNanoseconds: $0 * 1_000_000_000).sentThisMinute }
        #expect(sent == [0, 1, 2, 0, 1, 0])
    }

    @Test func requestsBeforeTheFirstAnswerAreCounted() {
        var book = SessionBook()
        #expect((0..<3).map { _ in book.send(7, nowNanoseconds: 0).sentThisMinute } == [0, 1, 2])
        #expect(book.turn(of: 7) == nil)
        #expect(book.send(7, nowNanoseconds: 0).turns == 0)
        book.remember(turn(1), of: 7)
        let pace = book.send(7, nowNanoseconds: 0)
        #expect(pace.turns == 1)
        #expect(pace.sentThisMinute == 4)
        #expect(pace.typicalGapNanoseconds == nil)
    }

    @Test func ofALongPromptTheFirstBlocksAreRemembered() {
        var book = SessionBook()
        var long = turn(0)
        long.chain = (0..<1_000).map(UInt64.init)
        long.kinds = Array(repeating: .historyTurn, count: 1_000)
        book.remember(long, of: 1)
        #expect(book.turn(of: 1)?.chain == (0..<256).map(UInt64.init))
        #expect(book.turn(of: 1)?.kinds.count == 256)
    }
}

@Suite struct CacheMissFinderTests {
    private static let kinds: [Block.Kind] = [.tools, .system, .historyTurn, .currentTurn]
    private static let price = Price(
        promptPicoUSD: 3_000_000, completionPicoUSD: 0, cacheReadPicoUSD: 300_000, cacheWritePicoUSD: 3_750_000)

    private static func turn(
        _ chain: [UInt64] = [1, 2, 3, 4], provider: String = "p", key: String = "k", model: String = "m",
        isKept: Bool = true, at: Int64 = 0
    ) -> SessionTurn {
        SessionTurn(
            chain: chain, kinds: Array(kinds.prefix(chain.count)), stableTokens: 4_000,
            place: SessionTurn.Place(provider: provider, key: key, model: model), isKept: isKept,
            answeredAtNanoseconds: at)
    }

    private static func find(
        _ turn: SessionTurn, read: Int64 = 0, minimum: Int64 = 1_024, needsMarks: Bool = false,
        after earlier: SessionTurn = turn()
    ) -> CacheMiss? {
        var usage = TokenUsage()
        usage.uncachedInput = 5_000 - read
        usage.cacheRead = read
        return CacheMissFinder.find(
            turn, after: earlier, usage: usage, estimatedTokens: 5_000,
            promise: CachePromise(
                minimumTokens: minimum, lifetimeNanoseconds: 300_000_000_000, cachesOnlyMarked: needsMarks),
            price: price)
    }

    private static let minute: Int64 = 60_000_000_000

    @Test(
        arguments: [
            ("nothing else", turn([1, 2, 3, 9], at: minute), CacheMiss.Cause.vendor, nil, nil),
            ("other tools", turn([9, 8, 7, 6]), .blockChanged, 0, "tools"),
            ("another system prompt", turn([1, 8, 7, 6]), .blockChanged, 1, "system"),
            ("another history", turn([1, 2, 7, 6]), .blockChanged, 2, "history_turn"),
            ("another model, whatever else", turn([9, 8], model: "n"), .otherModel, nil, nil),
            ("another provider", turn(provider: "q", key: "l"), .otherRoute, nil, nil),
            ("another key", turn(key: "l"), .otherKey, nil, nil),
            ("after the cache's life", turn(at: 6 * minute), .lifetimeOver, nil, nil),
        ] as [(String, SessionTurn, CacheMiss.Cause, Int?, String?)])
    func eachCauseIsTold(name: String, turn: SessionTurn, cause: CacheMiss.Cause, block: Int?, kind: String?) throws {
        let miss = try #require(Self.find(turn), "\(name)")
        #expect(miss.cause == cause, "\(name)")
        #expect(miss.block == block, "\(name)")
        #expect(miss.blockKind == kind, "\(name)")
    }

    @Test func aShortPrefixIsBelowTheMinimum() {
        #expect(Self.find(Self.turn(), minimum: 4_096)?.cause == .belowMinimum)
    }

    @Test func whatWasReadIsNotMissed() throws {
        #expect(Self.find(Self.turn(), read: 3_900) == nil)
        #expect(Self.find(Self.turn(), read: 2_000) == nil)
        let miss = try #require(Self.find(Self.turn(), read: 1_500))
        #expect(miss.missedTokens == 2_500)
        // 2,500 tokens at 2.70 USD a million more than read.
        #expect(miss.lost == NanoUSD(units: 6_750_000))
    }

    @Test func aChangedBlockIsToldOfThoughMuchWasRead() throws {
        let changed = Self.turn([1, 2, 7, 6])
        let miss = try #require(Self.find(changed, read: 3_000))
        #expect(miss.cause == .blockChanged)
        #expect(miss.missedTokens == 1_000)
        #expect(Self.find(changed, read: 3_600) == nil, "steps and estimates may be that far off")
    }

    @Test func whatNobodyMarkedWasNotThereToBeMissed() {
        let unmarked = Self.turn(isKept: false)
        #expect(Self.find(Self.turn(), needsMarks: true, after: unmarked) == nil)
        #expect(Self.find(Self.turn(), needsMarks: true)?.cause == .vendor)
        #expect(Self.find(Self.turn(), needsMarks: false, after: unmarked)?.cause == .vendor)
    }

    @Test func aFirstTurnOfOneBlockLeavesNothingToHopeFor() {
        var earlier = Self.turn([1])
        earlier.stableTokens = 0
        #expect(Self.find(Self.turn(), after: earlier) == nil)
    }

    @Test func estimatesAreBroughtToTheVendorsCount() throws {
        var usage = TokenUsage()
        usage.uncachedInput = 10_000
        let miss = try #require(
            CacheMissFinder.find(
                Self.turn(), after: Self.turn(), usage: usage, estimatedTokens: 5_000,
                promise: CachePromise(minimumTokens: 0, lifetimeNanoseconds: 1, cachesOnlyMarked: false), price: nil))
        #expect(miss.missedTokens == 8_000)
        #expect(miss.lost == .zero)
    }
}

@Suite struct RecentHashesTests {
    @Test func theOldestGoesWhenThereAreTooMany() {
        var hashes = RecentHashes<Int>(capacity: 3)
        for (place, hash) in ([1, 2, 1, 3, 4] as [UInt64]).enumerated() { hashes.insert(hash, place) }
        #expect([1, 2, 3, 4].map { hashes[$0] } == [nil, 1, 3, 4])
        #expect(hashes.count == 3)
    }
}

@Suite struct SlidingSessionTests {
    @Test func aSessionGoesOnThoughItsFirstTurnsAreDropped() {
        let memory = CacheMemory()
        let turns = (1...40).map { UInt64($0) }
        // A window of five turns; what the session would be called anew is another with each start.
        for last in turns.indices {
            let first = max(0, last - 4)
            #expect(memory.session(first: turns[first], last: turns[last], else: 1_000 + turns[first]) == 1_001)
        }
        #expect(memory.session(first: 90, last: 91, else: 5) == 5)
    }

    @Test func aWindowOfOneTurnShowsNothingToGoOnWith() {
        let memory = CacheMemory()
        #expect(memory.session(first: 1, last: 1, else: 10) == 10)
        #expect(memory.session(first: 2, last: 2, else: 20) == 20)
    }
}
