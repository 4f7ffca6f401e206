import Glibc
import Synchronization

/// Where any thread leaves commands for the connection's own thread, and wakes it. Bounded.
final class RedisMailbox: Sendable {
    typealias Completion = @Sendable (Result<RedisReply, RedisError>) -> Void

    /// A command with who waits for its answer.
    struct Letter: Sendable {
        let command: RedisCommand
        let completion: Completion
        /// Until then, when it was left here.
        var sentAt = ContinuousClock.now
    }

    private enum Phase { case down, up, closed }

    private struct Content {
        var phase = Phase.down
        var letters: [Letter] = []
        /// Left here and not answered yet: those taken are still counted.
        var outstanding = 0
        var outstandingBytes = 0
    }

    /// Readable when there is something new; for `poll`.
    let descriptor: Int32
    private let wakeDescriptor: Int32
    private let limits: RedisLimits
    private let content = Mutex(Content())

    init(limits: RedisLimits) throws(RedisError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .noResources(errno: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        descriptor = ends[0]
        wakeDescriptor = ends[1]
        self.limits = limits
    }

    deinit {
        Glibc.close(descriptor)
        Glibc.close(wakeDescriptor)
    }

    var isUp: Bool { content.withLock { $0.phase == .up } }
    var isClosed: Bool { content.withLock { $0.phase == .closed } }

    /// Throws at once, without a wait, where the command cannot go out now; its completion is not called then.
    func put(_ letter: Letter) throws(RedisError) {
        let bytes = letter.command.bytes.count
        let (refusal, isFirst) = content.withLock { content -> (RedisError?, Bool) in
            switch content.phase {
            case .closed: return (.closed, false)
            case .down: return (.notConnected, false)
            case .up: break
            }
            guard content.outstanding < limits.maximumCommands,
                bytes <= limits.maximumBytes - content.outstandingBytes
            else { return (.overloaded, false) }
            content.outstanding += 1
            content.outstandingBytes += bytes
            content.letters.append(letter)
            return (nil, content.letters.count == 1)
        }
        if let refusal { throw refusal }
        if isFirst { wake() }
    }

    /// All that waits, oldest first.
    func takeAll() -> [Letter] {
        var taken: [Letter] = []
        content.withLock { swap(&taken, &$0.letters) }
        return taken
    }

    /// A command that was taken has its answer, or never will.
    func settled(_ letter: Letter) {
        content.withLock { content in
            content.outstanding -= 1
            content.outstandingBytes -= letter.command.bytes.count
        }
    }

    /// Commands are taken from now on, unless it is closed.
    func open() { move(to: .up) }

    /// Commands are refused from now on.
    func shut() { move(to: .down) }

    /// Commands are refused for good, and the thread is to end.
    func close() {
        move(to: .closed)
        wake()
    }

    /// To be called when `descriptor` is readable.
    func clearWake() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
    }

    private func move(to phase: Phase) {
        content.withLock { if $0.phase != .closed { $0.phase = phase } }
    }

    /// A pipe that is full wakes as well.
    private func wake() {
        var byte: UInt8 = 0
        _ = write(wakeDescriptor, &byte, 1)
    }
}
