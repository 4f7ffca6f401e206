package import Logging
import Synchronization

/// A connection to Redis that mends itself, on a thread of its own.
///
/// Commands of many callers go out as one pipeline. While there is no connection a command fails at once: nobody waits for a
/// server that is gone.
package final class RedisConnection: Sendable {
    private let mailbox: RedisMailbox

    /// Begins to connect and returns.
    ///
    /// - Parameter changed: called on the connection's thread with true when the server is there and with false when it is
    ///   gone or was not there at first; never twice in a row with the same.
    package init(
        _ url: RedisURL, limits: RedisLimits = RedisLimits(), logger: Logger,
        changed: @escaping @Sendable (Bool) -> Void = { _ in }
    ) throws(RedisError) {
        let mailbox = try RedisMailbox(limits: limits)
        self.mailbox = mailbox
        let journal = OutageLog(url: url, logger: logger, changed: changed)
        try BackgroundThread.start {
            RedisWorker(url: url, limits: limits, mailbox: mailbox, report: { journal.report($0) }).run()
        }
    }

    deinit { mailbox.close() }

    /// Whether commands go out now.
    package var isUp: Bool { mailbox.isUp }

    /// The answer to a command, an error of the server's included; throws soon where there is none.
    ///
    /// Does not heed cancellation: the answer comes soon in any case.
    package func send(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        let result: Result<RedisReply, RedisError> = await withCheckedContinuation { continuation in
            do throws(RedisError) {
                try mailbox.put(.init(command: command, completion: { continuation.resume(returning: $0) }))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }

    /// Ends the connection; commands under way and all further ones fail.
    package func close() {
        mailbox.close()
    }
}

/// Tells of an outage once, however often it is tried to end it.
private final class OutageLog: Sendable {
    private let url: RedisURL
    private let logger: Logger
    private let changed: @Sendable (Bool) -> Void
    /// nil: not known yet.
    private let isUp = Mutex<Bool?>(nil)

    init(url: RedisURL, logger: Logger, changed: @escaping @Sendable (Bool) -> Void) {
        self.url = url
        self.logger = logger
        self.changed = changed
    }

    /// - Parameter error: nil: the server is there.
    func report(_ error: RedisError?) {
        let isNew = isUp.withLock { isUp in
            defer { isUp = error == nil }
            return isUp != (error == nil)
        }
        guard isNew else { return }
        if let error {
            logger.warning(
                "Redis is gone: what instances share is kept by each for itself until it is back",
                metadata: ["redis.server": "\(url)", "redis.error": "\(error)"])
        } else {
            logger.notice("Redis is there", metadata: ["redis.server": "\(url)"])
        }
        changed(error == nil)
    }
}
