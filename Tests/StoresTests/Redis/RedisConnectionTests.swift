import Testing

@testable import Stores

@Suite(.timeLimit(.minutes(1))) struct RedisConnectionTests {
    @Test func bytesComeBackAsTheyWere() async throws {
        let redis = try await WatchedConnection.ready(TestRedis.url())
        let key = Array("test:\(TestRedis.uniqueName())".utf8)
        let all = (0...255).map { UInt8($0) }
        for value in [[], all, [UInt8](repeating: 0x0A, count: 300_000)] {
            let set = RedisCommand([Array("SET".utf8), key, value, Array("PX".utf8), Array("10000".utf8)])
            #expect(try await redis.connection.send(set) == .status("OK"))
            #expect(try await redis.connection.send(RedisCommand([Array("GET".utf8), key])) == .bytes(value))
        }
    }

    @Test func everyKindOfAnswerIsTold() async throws {
        let redis = try await WatchedConnection.ready(TestRedis.url())
        let key = "test:\(TestRedis.uniqueName())"
        #expect(await redis.outcome("GET", key) == .success(.null))
        #expect(await redis.outcome("INCR", key) == .success(.integer(1)))
        #expect(await redis.outcome("DEL", key) == .success(.integer(1)))
        guard case .success(.error(let reason)) = await redis.outcome("NOSUCHCOMMAND") else {
            Issue.record("no error for a command that there is not")
            return
        }
        #expect(reason.hasPrefix("ERR "))
    }

    @Test func manyAtOnceGetEachTheirOwnAnswer() async throws {
        var limits = WatchedConnection.limits
        limits.maximumCommands = 2_000
        let connection = try await WatchedConnection.ready(TestRedis.url(), limits: limits).connection
        // As many as are let in, and again: what has its answer is no longer counted.
        for _ in 0..<2 { await askMany(connection) }
    }

    private func askMany(_ connection: RedisConnection) async {
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<2_000 {
                let text = String(repeating: "\(number),", count: 1 + number % 50)
                group.addTask {
                    (try? await connection.send(RedisCommand("ECHO", text))) == .bytes(Array(text.utf8))
                }
            }
            for await isOwn in group { #expect(isOwn) }
        }
    }

    @Test func aDatabaseIsApartFromTheOthers() async throws {
        let url = try TestRedis.url()
        let other = try RedisURL("redis://\(url.host):\(url.port)/3")
        let key = "test:\(TestRedis.uniqueName())"
        let (first, second) = (try await WatchedConnection.ready(url), try await WatchedConnection.ready(other))
        #expect(await second.outcome("SET", key, "x", "PX", "10000") == .success(.status("OK")))
        #expect(await first.outcome("GET", key) == .success(.null))
        #expect(await second.outcome("GET", key) == .success(.bytes([0x78])))
    }

    @Test func aUserLogsInWithTheirPasswordAloneAndWithNoOther() async throws {
        let url = try TestRedis.url()
        let admin = try await WatchedConnection.ready(url)
        let user = TestRedis.uniqueName()
        #expect(await admin.outcome("ACL", "SETUSER", user, "on", ">right@word", "+ping") == .success(.status("OK")))
        let good = try await WatchedConnection.ready(RedisURL("redis://\(user):right%40word@\(url.host):\(url.port)"))
        #expect(await good.outcome("PING") == .success(.status("PONG")))
        let bad = try WatchedConnection(RedisURL("redis://\(user):wrong@\(url.host):\(url.port)"))
        await bad.wait(untilUp: false)
        #expect(await bad.outcome("PING") == .failure(.notConnected))
        #expect(await admin.outcome("ACL", "DELUSER", user) == .success(.integer(1)))
    }

    @Test func aClosedConnectionRefusesEverything() async throws {
        let redis = try await WatchedConnection.ready(TestRedis.url())
        redis.connection.close()
        redis.connection.close()
        #expect(await redis.outcome("PING") == .failure(.closed))
        #expect(!redis.connection.isUp)
    }

    @Test func whatIsPastTheBoundsIsRefusedAtOnce() async throws {
        var limits = WatchedConnection.limits
        limits.maximumBytes = 100
        let redis = try await WatchedConnection.ready(TestRedis.url(), limits: limits)
        #expect(await redis.outcome("ECHO", String(repeating: "x", count: 100)) == .failure(.overloaded))
        #expect(await redis.outcome("ECHO", "x") == .success(.bytes([0x78])))
    }
}
