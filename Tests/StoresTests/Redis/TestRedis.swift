import FoundationEssentials
import Logging
import Testing

@testable import Stores

/// The Redis server that tests may use: `scripts/with-servers` starts it.
enum TestRedis {
    static let variable = "TOKENROUTER_TEST_REDIS_URL"

    /// Throws where there is none: a missing server is a failed test.
    static func url() throws -> RedisURL {
        let text = try #require(
            ProcessInfo.processInfo.environment[variable],
            "\(variable) is not set: run the tests through scripts/with-servers")
        return try RedisURL(text)
    }

    /// A name that no other test uses.
    static func uniqueName() -> String { UUID().uuidString.lowercased() }
}

/// A connection whose coming and going a test can wait for.
final class WatchedConnection {
    let connection: RedisConnection
    private var changes: AsyncStream<Bool>.Iterator

    /// Its limits are for a server on this machine, where nothing takes long.
    static var limits: RedisLimits {
        var limits = RedisLimits()
        limits.shortestBackoff = .milliseconds(5)
        limits.longestBackoff = .milliseconds(20)
        return limits
    }

    init(_ url: RedisURL, limits: RedisLimits = WatchedConnection.limits) throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Bool.self)
        changes = stream.makeAsyncIterator()
        connection = try RedisConnection(
            url, limits: limits, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            changed: { continuation.yield($0) })
    }

    /// Waits until it has become so; changes before that are passed over.
    func wait(untilUp isUp: Bool) async {
        while let change = await changes.next() { if change == isUp { return } }
    }

    static func ready(_ url: RedisURL, limits: RedisLimits = WatchedConnection.limits) async throws -> WatchedConnection
    {
        let made = try WatchedConnection(url, limits: limits)
        await made.wait(untilUp: true)
        return made
    }

    /// What a command came to.
    func outcome(_ arguments: String...) async -> Result<RedisReply, RedisError> {
        do throws(RedisError) {
            return .success(try await connection.send(RedisCommand(arguments.map { Array($0.utf8) })))
        } catch {
            return .failure(error)
        }
    }
}
