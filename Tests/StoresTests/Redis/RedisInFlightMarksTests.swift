import Logging
import Routing
import Synchronization
import Testing

@testable import Stores

@Suite(.timeLimit(.minutes(1))) struct RedisInFlightMarksTests {
    private static let request = InFlightRequest(name: String(repeating: "0f", count: 32))
    private static let mark = InFlightMark(request: request, owner: 7)

    private static func marks(_ connection: RedisConnection) -> RedisInFlightMarks {
        RedisInFlightMarks(
            connection: connection, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test func withoutAServerNothingIsHeldAndNobodyWaits() async throws {
        let redis = try WatchedConnection(RedisURL("redis://127.0.0.1:1"))
        await redis.wait(untilUp: false)
        let marks = Self.marks(redis.connection)
        let start = ContinuousClock.now
        #expect(await marks.claim(Self.request, lifetime: .seconds(60)) == .unavailable)
        #expect(await marks.outcome(of: Self.mark, limit: .seconds(60)) == .unavailable)
        await marks.publish([1], for: Self.mark)
        await marks.release(Self.mark)
        #expect(ContinuousClock.now - start < .milliseconds(200))
    }

    @Test(arguments: [
        ":5\r\n", "+OK\r\n", "-NOPERM no scripts for you\r\n", "$3\r\nxyz\r\n", "$17\r\nfffffffffffffffff\r\n",
        "$0\r\n\r\n",
        "$2\r\n\u{FFFD}\r\n",
    ])
    func anAnswerThatNoScriptGivesIsNoMark(_ answer: String) async throws {
        let server = try FakeRedisServer { _, received in
            received.contains("EVAL") ? .says(answer) : .says("+PONG\r\n")
        }
        defer { server.stop() }
        let redis = try await WatchedConnection.ready(server.url)
        #expect(await Self.marks(redis.connection).claim(Self.request, lifetime: .seconds(1)) == .unavailable)
    }

    @Test func whatWasClaimedWithoutHearingOfItIsReleasedLater() async throws {
        let (releases, heard) = AsyncStream.makeStream(of: String.self)
        let server = try FakeRedisServer { connection, received in
            if received.contains(RedisMarkScript.release.rawValue) {
                heard.yield(received)
                return .says(":1\r\n")
            }
            return received.contains("EVAL") ? .hangsUp : .says("+PONG\r\n")
        }
        defer { server.stop() }
        let redis = try await WatchedConnection.ready(server.url)
        #expect(await Self.marks(redis.connection).claim(Self.request, lifetime: .seconds(60)) == .unavailable)
        let release = try #require(await releases.first { _ in true })
        #expect(release.contains("dedup:inflight:\(Self.request.name)\r\n"))
    }

    @Test func whoWaitsIsFreedWhereTheAnswerIsNotTaken() async throws {
        let isReleased = Mutex(false)
        let server = try FakeRedisServer { _, received in
            if received.contains(RedisMarkScript.endUnlessAwaited.rawValue) { return .says(":1\r\n") }
            if received.contains(RedisMarkScript.release.rawValue) { isReleased.withLock { $0 = true } }
            return .says(received.contains("EVAL") ? "-OOM command not allowed\r\n" : "+PONG\r\n")
        }
        defer { server.stop() }
        let redis = try await WatchedConnection.ready(server.url)
        await Self.marks(redis.connection).publish([1, 2, 3], for: Self.mark)
        #expect(isReleased.withLock { $0 })
    }

    @Test func anAnswerNobodyAskedForIsNotSent() async throws {
        let sent = Mutex<[String]>([])
        let server = try FakeRedisServer { _, received in
            guard received.contains("EVAL") else { return .says("+PONG\r\n") }
            sent.withLock { $0.append(received) }
            return .says(":0\r\n")
        }
        defer { server.stop() }
        let redis = try await WatchedConnection.ready(server.url)
        await Self.marks(redis.connection).publish(Array("the answer".utf8), for: Self.mark)
        #expect(sent.withLock { $0.count } == 1)
        #expect(sent.withLock { $0.allSatisfy { !$0.contains("the answer") } })
    }

    @Test func theKeyIsTheContracts() async throws {
        let redis = try await WatchedConnection.ready(TestRedis.url())
        let request = InFlightRequest(name: "test-\(TestRedis.uniqueName())")
        let claim = await Self.marks(redis.connection).claim(request, lifetime: .seconds(120))
        guard case .claimed = claim else {
            Issue.record("\(claim)")
            return
        }
        guard case .success(.integer(let left)) = await redis.outcome("PTTL", "dedup:inflight:\(request.name)") else {
            Issue.record("no such key")
            return
        }
        #expect((100_000...120_000).contains(left))
    }
}
