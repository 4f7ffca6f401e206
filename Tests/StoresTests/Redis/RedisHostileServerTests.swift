import Synchronization
import Testing

@testable import Stores

@Suite(.timeLimit(.minutes(1))) struct RedisHostileServerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let reaction: FakeRedisServer.Reaction

        var testDescription: String { name }
    }

    private static let cases = [
        Case(name: "another protocol", reaction: .says("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")),
        Case(name: "zeroes", reaction: .says([UInt8](repeating: 0, count: 5_000))),
        Case(name: "an array of two thousand million", reaction: .says("*2147483647\r\n")),
        Case(name: "an array past every number", reaction: .says("*99999999999999999999999999\r\n")),
        Case(name: "arrays in arrays", reaction: .says(String(repeating: "*1\r\n", count: 500))),
        Case(name: "a negative length", reaction: .says("$-5\r\n")),
        Case(name: "a length past every number", reaction: .says("$99999999999999999999\r\nx\r\n")),
        Case(name: "a length that is none", reaction: .says("$abc\r\n")),
        Case(name: "a number past 64 bits", reaction: .says(":99999999999999999999\r\n")),
        Case(name: "text without an end", reaction: .floods([UInt8](repeating: 0x2B, count: 8_192))),
        Case(
            name: "a value longer than promised to hold",
            reaction: .floods(Array("$536870912\r\n".utf8) + [UInt8](repeating: 0x78, count: 65_536))),
        Case(name: "text without an end, byte by byte", reaction: .floods([0x2B])),
        Case(name: "bytes without an end", reaction: .floods([UInt8](repeating: 0x78, count: 8_192))),
        Case(name: "more answers than questions", reaction: .says("+PONG\r\n+PONG\r\n+PONG\r\n")),
        Case(name: "no answer", reaction: .keepsSilent),
        Case(name: "half an answer", reaction: .says("+PO")),
        Case(name: "the end", reaction: .hangsUp),
        Case(name: "not the master", reaction: .says("-READONLY You can't write against a read only replica.\r\n")),
    ]

    private static var limits: RedisLimits {
        var limits = WatchedConnection.limits
        limits.connectTimeout = .milliseconds(200)
        limits.silence = .milliseconds(200)
        limits.commandTimeout = .milliseconds(500)
        limits.maximumReplyBytes = 1 << 20
        return limits
    }

    private static let pong = FakeRedisServer.Reaction.says("+PONG\r\n")

    @Test(arguments: cases)
    func aServerThatGreetsBadlyIsNotUsedAndAskedAgain(_ hostile: Case) async throws {
        let server = try FakeRedisServer { connection, _ in connection == 0 ? hostile.reaction : Self.pong }
        defer { server.stop() }
        let redis = try WatchedConnection(server.url, limits: Self.limits)
        // Where the greeting is good and what follows is not, it is there for a moment.
        await redis.wait(untilUp: false)
        await redis.wait(untilUp: true)
        #expect(await redis.outcome("PING") == .success(.status("PONG")))
    }

    @Test(arguments: cases)
    func aServerThatAnswersBadlyIsLeftAndAskedAgain(_ hostile: Case) async throws {
        let server = try FakeRedisServer { connection, received in
            connection == 0 && received.contains("GET") ? hostile.reaction : Self.pong
        }
        defer { server.stop() }
        let redis = try await WatchedConnection.ready(server.url, limits: Self.limits)
        // Answers to nothing, or not from the master, end the connection behind the answer.
        switch await redis.outcome("GET", "key") {
        case .success(.status("PONG")), .success(.error): break
        case .failure(.malformed), .failure(.disconnected), .failure(.timedOut): break
        case let other: Issue.record("\(other)")
        }
        await redis.wait(untilUp: false)
        await redis.wait(untilUp: true)
        #expect(await redis.outcome("PING") == .success(.status("PONG")))
    }

    @Test(arguments: 0..<100)
    func noiseEndsNothingButTheConnection(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        // The protocol's own letters more often than others.
        let letters =
            Array("+-:$*0123456789\r\n".utf8) + (0...12).map { _ in UInt8.random(in: 0...255, using: &random) }
        let noise = (0..<Int.random(in: 1...400, using: &random)).compactMap { _ in
            letters.randomElement(using: &random)
        }
        let server = try FakeRedisServer { connection, received in
            connection == 0 && received.contains("GET") ? .says(noise + Array("\r\n*\r\n".utf8)) : Self.pong
        }
        defer { server.stop() }
        let redis = try await WatchedConnection.ready(server.url, limits: Self.limits)
        _ = await redis.outcome("GET", "key")
        await redis.wait(untilUp: false)
        await redis.wait(untilUp: true)
        #expect(await redis.outcome("PING") == .success(.status("PONG")), "seed \(seed)")
    }

    @Test func nobodyIsThere() async throws {
        let server = try FakeRedisServer { _, _ in Self.pong }
        let redis = try await WatchedConnection.ready(server.url, limits: Self.limits)
        server.stop()
        await redis.wait(untilUp: false)
        let start = ContinuousClock.now
        #expect(await redis.outcome("PING") == .failure(.notConnected))
        #expect(ContinuousClock.now - start < .milliseconds(100), "a command waits for a server that is gone")
    }

    @Test func commandsDoNotWaitForOneAnothersAnswers() async throws {
        let asked = Mutex(0)
        let server = try FakeRedisServer { _, received in
            guard received.contains("GET") else { return Self.pong }
            // Nobody is answered until everybody has asked.
            let isComplete = asked.withLock { asked in
                asked += received.split(separator: "GET", omittingEmptySubsequences: false).count - 1
                return asked == 100
            }
            return isComplete ? .says(String(repeating: "+there\r\n", count: 100)) : .keepsSilent
        }
        defer { server.stop() }
        let connection = try await WatchedConnection.ready(server.url, limits: Self.limits).connection
        await withTaskGroup(of: RedisReply?.self) { group in
            for _ in 0..<100 { group.addTask { try? await connection.send(RedisCommand("GET", "key")) } }
            for await reply in group { #expect(reply == .status("there")) }
        }
    }

    @Test func everythingUnderWayFailsWithTheConnection() async throws {
        let server = try FakeRedisServer { _, received in received.contains("PING") ? Self.pong : .keepsSilent }
        defer { server.stop() }
        let connection = try await WatchedConnection.ready(server.url, limits: Self.limits).connection
        await withTaskGroup(of: RedisError?.self) { group in
            for number in 0..<100 {
                group.addTask {
                    do throws(RedisError) {
                        _ = try await connection.send(RedisCommand("GET", "\(number)"))
                        return nil
                    } catch { return error }
                }
            }
            for await error in group { #expect(error == .timedOut || error == .notConnected) }
        }
    }

    @Test func aServerThatFallsSilentWhileNothingIsAskedIsFoundOut() async throws {
        var limits = Self.limits
        limits.idlePing = .milliseconds(20)
        let pings = Mutex(0)
        let server = try FakeRedisServer { connection, _ in
            guard connection == 0 else { return Self.pong }
            return pings.withLock { pings in
                pings += 1
                return pings <= 3 ? Self.pong : .keepsSilent
            }
        }
        defer { server.stop() }
        let redis = try await WatchedConnection.ready(server.url, limits: limits)
        await redis.wait(untilUp: false)
        #expect(pings.withLock { $0 } == 4)
    }
}
