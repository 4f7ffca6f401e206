internal import Synchronization

/// An exchange's place among its twins, with a mailbox for what they tell it.
package final class TwinSeat: Sendable {
    private struct Mailbox {
        var news: TwinNews?
        var wake: (@Sendable () -> Void)?
    }

    /// The request that all in the flight are twins of; its identity is the flight's.
    package let flight: TwinRequest
    private let mailbox = Mutex(Mailbox())

    init(in flight: TwinRequest) {
        self.flight = flight
    }

    /// Has `wake` called, on any thread, for each piece of news; at once if one is there.
    package func onNews(_ wake: @escaping @Sendable () -> Void) {
        let isThere = mailbox.withLock { mailbox in
            mailbox.wake = wake
            return mailbox.news != nil
        }
        if isThere { wake() }
    }

    /// The news that came last; each is given once.
    package func take() -> TwinNews? {
        mailbox.withLock { mailbox in
            defer { mailbox.news = nil }
            return mailbox.news
        }
    }

    /// - Returns: what is to be called once no lock is held.
    func put(_ news: TwinNews) -> (@Sendable () -> Void)? {
        mailbox.withLock { mailbox in
            mailbox.news = news
            return mailbox.wake
        }
    }
}
