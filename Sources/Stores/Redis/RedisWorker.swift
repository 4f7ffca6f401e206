import Glibc

/// What the connection's thread does: connects, sends what is in the mailbox as one pipeline, hands answers out, and begins
/// anew when that fails. Used on that thread alone.
final class RedisWorker {
    private let url: RedisURL
    private let limits: RedisLimits
    private let mailbox: RedisMailbox
    private let report: @Sendable (RedisError?) -> Void
    /// In the order they came, which is the order of the answers: up to `answered` done, from there to `sent` under way, the
    /// others still to be sent.
    private var letters: [RedisMailbox.Letter] = []
    private var answered = 0
    private var sent = 0
    private var lastHeard = ContinuousClock.now
    private var polled = [pollfd](repeating: pollfd(), count: 2)

    /// Bytes to hand to hiredis before they are written: it moves what a write left over to the front each time.
    private static let batchBytes = 256 << 10
    /// Letters that are done are dropped when they are so many.
    private static let dropped = 1_024

    /// - Parameter report: called with nil each time a connection is there, and with the reason each time one is lost or
    ///   cannot be made.
    init(url: RedisURL, limits: RedisLimits, mailbox: RedisMailbox, report: @escaping @Sendable (RedisError?) -> Void) {
        self.url = url
        self.limits = limits
        self.mailbox = mailbox
        self.report = report
    }

    /// Returns when the mailbox is closed, with everybody answered.
    func run() {
        var backoff = limits.shortestBackoff
        while !mailbox.isClosed {
            do throws(RedisError) {
                let session = try connect()
                backoff = limits.shortestBackoff
                mailbox.open()
                report(nil)
                try serve(session)
            } catch {
                mailbox.shut()
                fail(error)
                guard error != .closed else { break }
                report(error)
                pause(backoff)
                backoff = min(backoff * 2, limits.longestBackoff)
            }
        }
        fail(.closed)
    }

    // MARK: Connecting

    private func connect() throws(RedisError) -> RedisSession {
        let session = try RedisSession(
            url, timeout: limits.connectTimeout, maximumReplyBytes: limits.maximumReplyBytes)
        if let password = url.password {
            let login = [url.user, password].compactMap { $0.map { Array($0.utf8) } }
            try expect("OK", RedisCommand([Array("AUTH".utf8)] + login), session)
        }
        if url.database != 0 { try expect("OK", RedisCommand("SELECT", "\(url.database)"), session) }
        try expect("PONG", RedisCommand("PING"), session)
        return session
    }

    private func expect(_ word: String, _ command: RedisCommand, _ session: RedisSession) throws(RedisError) {
        switch try ask(command, session) {
        case .status(word): return
        case .error(let reason): throw .refused(reason)
        case .null, .integer, .status, .bytes: throw .malformed("the answer to a greeting")
        }
    }

    /// Waits for one command's answer: only while logging in.
    private func ask(_ command: RedisCommand, _ session: RedisSession) throws(RedisError) -> RedisReply {
        let deadline = ContinuousClock.now + limits.connectTimeout
        try session.append(command)
        while true {
            guard !mailbox.isClosed else { throw .closed }
            try session.write()
            if let reply = try session.nextReply() { return reply }
            guard ContinuousClock.now < deadline else { throw .timedOut }
            if wait(session, until: deadline) { try session.read() }
        }
    }

    // MARK: Serving

    private func serve(_ session: RedisSession) throws(RedisError) {
        lastHeard = .now
        // What came behind the greeting's answers is an answer to nothing.
        try handOut(session)
        while true {
            guard !mailbox.isClosed else { throw .closed }
            letters += mailbox.takeAll()
            try send(session)
            // Though the time be over: where this thread had to wait, the answer may lie in the socket.
            if wait(session, until: deadline) {
                try session.read()
                lastHeard = .now
                try handOut(session)
            }
            if ContinuousClock.now >= deadline {
                guard isIdle else { throw .timedOut }
                ping()
            }
        }
    }

    private var isIdle: Bool { answered == letters.count }

    /// When something is to be heard at the latest. What is next to be answered has been sent, for all is sent that the socket
    /// takes, and what it does not take stands behind something sent.
    private var deadline: ContinuousClock.Instant {
        guard !isIdle else { return lastHeard + limits.idlePing }
        let sentAt = letters[answered].sentAt
        return min(max(lastHeard, sentAt) + limits.silence, sentAt + limits.commandTimeout)
    }

    /// Sends until nothing is left or the socket takes no more.
    private func send(_ session: RedisSession) throws(RedisError) {
        try session.write()
        while session.isFlushed, sent < letters.count {
            var bytes = 0
            let now = ContinuousClock.now
            while sent < letters.count, bytes < Self.batchBytes {
                letters[sent].sentAt = now
                try session.append(letters[sent].command)
                bytes += letters[sent].command.bytes.count
                sent += 1
            }
            try session.write()
        }
    }

    /// Gives every whole answer to whoever waits for it.
    private func handOut(_ session: RedisSession) throws(RedisError) {
        while let reply = try session.nextReply() {
            guard answered < sent else { throw .malformed("an answer to nothing") }
            let letter = letters[answered]
            answered += 1
            mailbox.settled(letter)
            letter.completion(.success(reply))
            // A replica that was the master: the name leads to the new one.
            if case .error(let reason) = reply, reason.hasPrefix("READONLY") { throw .refused(reason) }
        }
        guard isIdle || answered >= Self.dropped else { return }
        letters.removeFirst(answered)
        sent -= answered
        answered = 0
    }

    private func ping() {
        // Refused only where it is closed, which the loop sees.
        try? mailbox.put(RedisMailbox.Letter(command: RedisCommand("PING"), completion: { _ in }))
    }

    private func fail(_ error: RedisError) {
        let lost = letters[answered...] + mailbox.takeAll()
        letters.removeAll()
        answered = 0
        sent = 0
        for letter in lost {
            mailbox.settled(letter)
            letter.completion(.failure(error))
        }
    }

    // MARK: Waiting

    /// - Returns: whether the session has something to read, be it its end.
    private func wait(_ session: RedisSession, until deadline: ContinuousClock.Instant) -> Bool {
        polled[0] = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
        let events = session.isFlushed ? POLLIN : POLLIN | POLLOUT
        polled[1] = pollfd(fd: session.descriptor, events: Int16(events), revents: 0)
        _ = poll(&polled, 2, Self.milliseconds(until: deadline))
        if polled[0].revents != 0 { mailbox.clearWake() }
        return Int32(polled[1].revents) & ~POLLOUT != 0
    }

    /// Waits, but not for one that is closed; somewhat shorter than asked, so that instances do not come back all at once.
    private func pause(_ duration: Duration) {
        let deadline = ContinuousClock.now + duration * Double.random(in: 0.5...1)
        while !mailbox.isClosed, ContinuousClock.now < deadline {
            polled[0] = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
            _ = poll(&polled, 1, Self.milliseconds(until: deadline))
            if polled[0].revents != 0 { mailbox.clearWake() }
        }
    }

    /// For `poll`: rounded up, so that the deadline is over when it returns.
    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let (seconds, attoseconds) = (deadline - .now).components
        guard seconds < 60 else { return 60_000 }
        return max(0, Int32(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000 + 1))
    }
}
