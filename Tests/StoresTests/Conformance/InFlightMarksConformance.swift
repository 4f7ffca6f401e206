import Logging
import Routing
import Testing

@testable import Stores

/// Where marks of requests under way may be kept.
enum MarksBackend: String, CaseIterable, CustomTestStringConvertible {
    case memory, redis

    var testDescription: String { rawValue }

    /// Two instances' views of the same marks.
    func make() async throws -> (here: any InFlightMarks, there: any InFlightMarks) {
        switch self {
        case .memory:
            let marks = InMemoryInFlightMarks()
            return (marks, marks)
        case .redis:
            return (try await Self.redis(), try await Self.redis())
        }
    }

    private static func redis() async throws -> RedisInFlightMarks {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return RedisInFlightMarks(
            connection: try await WatchedConnection.ready(TestRedis.url()).connection, logger: logger)
    }
}

@Suite(.timeLimit(.minutes(1))) struct InFlightMarksConformance {
    private static let long = Duration.seconds(50)
    private static let answer = (0...255).map { UInt8($0) }

    private static func request() -> InFlightRequest {
        var random = SystemRandomNumberGenerator()
        let digits = (0..<64).map { _ in String(UInt8.random(in: 0...15, using: &random), radix: 16) }
        return InFlightRequest(name: digits.joined())
    }

    /// nil: it is another's.
    private static func claimed(
        _ request: InFlightRequest, _ marks: any InFlightMarks, lifetime: Duration = long
    ) async -> InFlightMark? {
        guard case .claimed(let mark) = await marks.claim(request, lifetime: lifetime) else { return nil }
        return mark
    }

    /// A mark that the one side holds and the other knows of.
    private static func held(
        _ marks: (here: any InFlightMarks, there: any InFlightMarks), lifetime: Duration = long
    ) async throws -> InFlightMark {
        let request = request()
        let mark = try #require(await Self.claimed(request, marks.here, lifetime: lifetime))
        #expect(await marks.there.claim(request, lifetime: lifetime) == .held(mark))
        return mark
    }

    @Test(arguments: MarksBackend.allCases)
    func ofManyWhoClaimOneHolds(_ backend: MarksBackend) async throws {
        let marks = try await backend.make()
        let request = Self.request()
        let claims = await withTaskGroup(of: InFlightClaim.self) { group in
            for number in 0..<64 {
                let side = number.isMultiple(of: 2) ? marks.here : marks.there
                group.addTask { await side.claim(request, lifetime: Self.long) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let holders = claims.compactMap { if case .claimed(let mark) = $0 { mark } else { nil } }
        let mark = try #require(holders.first)
        #expect(holders.count == 1)
        #expect(mark.request == request)
        #expect(claims.filter { $0 == .held(mark) }.count == 63)
    }

    @Test(arguments: MarksBackend.allCases)
    func anotherRequestIsClaimedByItself(_ backend: MarksBackend) async throws {
        let marks = try await backend.make()
        let (first, second) = (try await Self.held(marks), try await Self.held(marks))
        await marks.here.release(first)
        #expect(await marks.there.outcome(of: first, limit: Self.long) == .released)
        #expect(await marks.there.claim(second.request, lifetime: Self.long) == .held(second))
    }

    /// What an answer may be made of.
    enum Bytes: String, CaseIterable {
        case none, everyByte, asManyAsAreCarried

        var bytes: [UInt8] {
            switch self {
            case .none: []
            case .everyByte: InFlightMarksConformance.answer
            case .asManyAsAreCarried: [UInt8](repeating: 0x0D, count: 1 << 20)
            }
        }
    }

    @Test(arguments: MarksBackend.allCases, Bytes.allCases)
    func whoWaitsGetsTheAnswerAsItWasPublished(_ backend: MarksBackend, _ published: Bytes) async throws {
        let answer = published.bytes
        let marks = try await backend.make()
        let mark = try await Self.held(marks)
        await withTaskGroup(of: InFlightOutcome.self) { group in
            for _ in 0..<20 { group.addTask { await marks.there.outcome(of: mark, limit: Self.long) } }
            await marks.here.publish(answer, for: mark)
            for await outcome in group {
                // Not compared within the expectation, which would spell a million bytes.
                let isSame = outcome == .answered(answer)
                #expect(isSame)
            }
        }
    }

    @Test(arguments: MarksBackend.allCases)
    func theAnswerIsThereForWhoAsksALittleLater(_ backend: MarksBackend) async throws {
        let marks = try await backend.make()
        let mark = try await Self.held(marks)
        await marks.here.publish(Self.answer, for: mark)
        #expect(await marks.there.outcome(of: mark, limit: .zero) == .answered(Self.answer))
        #expect(await marks.there.outcome(of: mark, limit: .zero) == .answered(Self.answer))
    }

    @Test(arguments: MarksBackend.allCases)
    func anAnswerEndsItsMarkAndIsNotTheNextHolders(_ backend: MarksBackend) async throws {
        let marks = try await backend.make()
        let mark = try await Self.held(marks)
        await marks.here.publish(Self.answer, for: mark)
        let next = try #require(await Self.claimed(mark.request, marks.there))
        #expect(next != mark)
        #expect(await marks.here.claim(mark.request, lifetime: Self.long) == .held(next))
        #expect(await marks.here.outcome(of: next, limit: .zero) == .timedOut)
        #expect(await marks.here.outcome(of: mark, limit: .zero) == .answered(Self.answer))
        await marks.here.publish([1], for: mark)
        await marks.here.release(mark)
        #expect(await marks.here.claim(mark.request, lifetime: Self.long) == .held(next))
    }

    @Test(arguments: MarksBackend.allCases)
    func anAnswerNobodyWaitsForEndsItsMarkToo(_ backend: MarksBackend) async throws {
        let marks = try await backend.make()
        let request = Self.request()
        let mark = try #require(await Self.claimed(request, marks.here))
        await marks.here.publish(Self.answer, for: mark)
        let next = try #require(await Self.claimed(request, marks.there))
        #expect(next != mark)
    }

    @Test(arguments: MarksBackend.allCases)
    func aReleaseFreesAllWhoWait(_ backend: MarksBackend) async throws {
        let marks = try await backend.make()
        let mark = try await Self.held(marks)
        await withTaskGroup(of: InFlightOutcome.self) { group in
            for _ in 0..<20 { group.addTask { await marks.there.outcome(of: mark, limit: Self.long) } }
            await marks.here.release(mark)
            for await outcome in group { #expect(outcome == .released) }
        }
    }

    @Test(arguments: MarksBackend.allCases)
    func aLongerAnswerThanIsCarriedFreesAllWhoWait(_ backend: MarksBackend) async throws {
        let marks = try await backend.make()
        let mark = try await Self.held(marks)
        await marks.here.publish([UInt8](repeating: 1, count: marks.here.maximumAnswerBytes + 1), for: mark)
        #expect(await marks.there.outcome(of: mark, limit: Self.long) == .released)
    }

    @Test(arguments: MarksBackend.allCases)
    func theMarkOfADeadInstanceLapses(_ backend: MarksBackend) async throws {
        let marks = try await backend.make()
        let request = Self.request()
        let mark = try #require(await Self.claimed(request, marks.here, lifetime: .milliseconds(50)))
        #expect(await marks.there.outcome(of: mark, limit: Self.long) == .released)
        let next = try #require(await Self.claimed(request, marks.there))
        await marks.here.publish(Self.answer, for: mark)
        await marks.here.release(mark)
        #expect(await marks.here.claim(request, lifetime: Self.long) == .held(next))
        #expect(await marks.here.outcome(of: next, limit: .zero) == .timedOut)
    }

    @Test(arguments: MarksBackend.allCases)
    func waitingEndsAtItsLimitAndLeavesTheMark(_ backend: MarksBackend) async throws {
        let marks = try await backend.make()
        let mark = try await Self.held(marks)
        #expect(await marks.there.outcome(of: mark, limit: .milliseconds(30)) == .timedOut)
        #expect(await marks.there.claim(mark.request, lifetime: Self.long) == .held(mark))
    }

    @Test(arguments: MarksBackend.allCases)
    func aCancelledTaskWaitsNoLonger(_ backend: MarksBackend) async throws {
        let marks = try await backend.make()
        let mark = try await Self.held(marks)
        let waiting = Task { await marks.there.outcome(of: mark, limit: Self.long) }
        waiting.cancel()
        _ = await waiting.value
        #expect(await marks.there.claim(mark.request, lifetime: Self.long) == .held(mark))
    }
}
