import CHiredis
import Glibc

/// One TCP connection to a server, by hiredis; used on one thread alone. It ends with the object.
final class RedisSession {
    private let context: UnsafeMutablePointer<redisContext>
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    private let maximumReplyBytes: Int
    /// Nothing appended is left to write.
    private(set) var isFlushed = true

    /// Resolves and connects, which may take the resolver's time and `timeout` for each address.
    ///
    /// - Parameters:
    ///   - timeout: above zero.
    ///   - maximumReplyBytes: a longer reply ends the session.
    init(_ url: RedisURL, timeout: Duration, maximumReplyBytes: Int) throws(RedisError) {
        let (seconds, attoseconds) = timeout.components
        let time = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        guard let made = redisConnectWithTimeout(url.host, Int32(url.port), time) else {
            throw .unreachable("out of memory")
        }
        guard made.pointee.err == 0, let reader = made.pointee.reader else {
            let reason = Self.text(&made.pointee.errstr)
            redisFree(made)
            throw .unreachable(reason)
        }
        context = made
        self.maximumReplyBytes = maximumReplyBytes
        functions = RedisReplyReader.makeFunctions()
        reader.pointee.fn = functions
        // Connecting waits for every address in turn; from here on only `poll` waits.
        _ = fcntl(made.pointee.fd, F_SETFL, fcntl(made.pointee.fd, F_GETFL) | O_NONBLOCK)
        made.pointee.flags &= ~REDIS_BLOCK
    }

    deinit {
        redisFree(context)
        functions.deallocate()
    }

    /// To be polled for.
    var descriptor: Int32 { context.pointee.fd }

    func append(_ command: RedisCommand) throws(RedisError) {
        let status = command.bytes.withUnsafeBytes {
            redisAppendFormattedCommand(context, $0.bindMemory(to: CChar.self).baseAddress, $0.count)
        }
        guard status == REDIS_OK else { throw failure() }
        isFlushed = false
    }

    /// Writes what the socket takes.
    func write() throws(RedisError) {
        guard !isFlushed else { return }
        var isDone: Int32 = 0
        guard redisBufferWrite(context, &isDone) == REDIS_OK else { throw failure() }
        isFlushed = isDone != 0
    }

    /// Reads what the socket has, up to 16 KiB.
    func read() throws(RedisError) {
        guard redisBufferRead(context) == REDIS_OK else { throw failure() }
    }

    /// The next whole reply of what was read; nil: there is none yet.
    func nextReply() throws(RedisError) -> RedisReply? {
        var object: UnsafeMutableRawPointer?
        guard redisGetReplyFromReader(context, &object) == REDIS_OK else { throw failure() }
        if let object { return RedisReplyReader.take(object) }
        if let reader = context.pointee.reader, reader.pointee.len &- reader.pointee.pos > maximumReplyBytes {
            throw .malformed("an answer of more than \(maximumReplyBytes) bytes")
        }
        return nil
    }

    private func failure() -> RedisError {
        let reason = Self.text(&context.pointee.errstr)
        switch context.pointee.err {
        case REDIS_ERR_PROTOCOL: return .malformed(reason)
        case REDIS_ERR_OOM: return .malformed("an array, or more than memory holds")
        default: return .disconnected(reason)
        }
    }

    /// The text that a C array of 128 characters begins with.
    private static func text<Characters>(_ characters: inout Characters) -> String {
        withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
