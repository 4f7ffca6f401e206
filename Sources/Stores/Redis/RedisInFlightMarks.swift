package import Logging
package import Routing
import Synchronization

/// Marks of requests under way, kept in Redis.
///
/// `dedup:inflight:{name}` is a hash with the `owner` of the mark and, once another instance asked for it, `awaited`. It lapses
/// by itself. The answer goes to `dedup:answer:{owner}`, and only where the mark is awaited: what nobody waits for never
/// crosses the network. A key by owner cannot be taken for a later holder's answer.
///
/// Who waits looks again and again, at first every few milliseconds, then at a sixteenth of the time waited so far. A look is
/// one pipelined command and sees all there is to see: the answer, a release, a mark that lapsed, a server that is gone.
/// Messages of Redis' would come a little sooner, but can be lost, and would need the looks all the same.
package final class RedisInFlightMarks: InFlightMarks {
    package let maximumAnswerBytes = 1 << 20
    private let connection: RedisConnection
    private let orphans: OrphanedMarks
    private let logger: Logger
    /// The first words of errors that were told of.
    private let told = Mutex<Set<Substring>>([])

    /// How long an answer is there for those who wait.
    private static let answerLifetime = Duration.seconds(15)
    private static let shortestPause = Duration.milliseconds(5)
    private static let longestPause = Duration.milliseconds(250)

    package init(connection: RedisConnection, logger: Logger) {
        self.connection = connection
        self.logger = logger
        orphans = OrphanedMarks { mark in
            (try? await Self.run(.release, on: mark, connection)) != nil
        }
    }

    package func claim(_ request: InFlightRequest, lifetime: Duration) async -> InFlightClaim {
        let own = InFlightMark(request: request, owner: .random(in: .min ... .max))
        switch await change(own, by: .claim, Self.milliseconds(lifetime)) {
        case .null:
            return .claimed(own)
        case .bytes(let text):
            guard let owner = UInt64(String(decoding: text, as: UTF8.self), radix: 16) else { return .unavailable }
            return .held(InFlightMark(request: request, owner: owner))
        case .integer, .status, .error, nil:
            return .unavailable
        }
    }

    package func outcome(of mark: InFlightMark, limit: Duration) async -> InFlightOutcome {
        let start = ContinuousClock.now
        while true {
            if let outcome = await look(at: mark) { return outcome }
            let waited = ContinuousClock.now - start
            guard waited < limit else { return .timedOut }
            let pause = min(max(waited / 16, Self.shortestPause), Self.longestPause, limit - waited)
            guard (try? await Task.sleep(for: pause)) != nil else { return .timedOut }
        }
    }

    /// What has become of a mark; nil: it is held.
    private func look(at mark: InFlightMark) async -> InFlightOutcome? {
        switch try? await Self.run(.look, on: mark, connection) {
        case .bytes(let answer): .answered(answer)
        case .integer: nil
        case .null: .released
        case .status, .error, nil: .unavailable
        }
    }

    package func publish(_ answer: [UInt8], for mark: InFlightMark) async {
        guard answer.count <= maximumAnswerBytes else { return await release(mark) }
        // 1: somebody waits, and the mark is still there.
        guard case .integer(1) = await change(mark, by: .endUnlessAwaited) else { return }
        // Out of memory, say: those who wait are to know.
        if case .error = await change(mark, by: .publish, Self.milliseconds(Self.answerLifetime), answer) {
            await release(mark)
        }
    }

    package func release(_ mark: InFlightMark) async {
        _ = await change(mark, by: .release)
    }

    /// nil: whether it was done is not known.
    private func change(
        _ mark: InFlightMark, by script: RedisMarkScript, _ arguments: [UInt8]...
    ) async -> RedisReply? {
        do throws(RedisError) {
            let reply = try await Self.run(script, on: mark, connection, arguments)
            if case .error(let reason) = reply { tell(reason) }
            return reply
        } catch {
            // A claim that was not sent leaves nothing behind.
            let isSent = error != .notConnected && error != .overloaded && error != .closed
            if isSent || script != .claim { orphans.add(mark) }
            return nil
        }
    }

    /// Says once of each kind of error that the server does not do its part: a missing permission would else go unseen.
    private func tell(_ reason: String) {
        let kind = reason.prefix { $0 != " " }
        let isNew = told.withLock { $0.count < 16 && $0.insert(kind).inserted }
        guard isNew else { return }
        logger.warning(
            "Redis refuses to keep marks of requests under way", metadata: ["redis.error": "\(reason.prefix(256))"])
    }

    private static func run(
        _ script: RedisMarkScript, on mark: InFlightMark, _ connection: RedisConnection, _ arguments: [[UInt8]] = []
    ) async throws(RedisError) -> RedisReply {
        let owner = String(mark.owner, radix: 16)
        let keys = ["dedup:inflight:\(mark.request.name)", "dedup:answer:\(owner)"]
        let words = ["EVAL", script.rawValue, "\(keys.count)"] + keys + [owner]
        return try await connection.send(RedisCommand(words.map { Array($0.utf8) } + arguments))
    }

    /// At least one: Redis refuses a lifetime of zero.
    private static func milliseconds(_ duration: Duration) -> [UInt8] {
        let (seconds, attoseconds) = duration.components
        let whole = seconds.multipliedReportingOverflow(by: 1_000)
        let milliseconds = whole.overflow ? Int64.max : whole.partialValue &+ attoseconds / 1_000_000_000_000_000
        return Array("\(max(1, min(milliseconds, 86_400_000)))".utf8)
    }
}
