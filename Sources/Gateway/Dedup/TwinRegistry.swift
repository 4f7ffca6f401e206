package import Routing
internal import Synchronization

/// Where a request found itself among those under way.
package enum TwinPlace: Sendable {
    /// It shares with nobody.
    case alone
    /// Nobody has asked yet: its call is for all who ask the same while it lasts.
    case leads(TwinSeat)
    case follows(TwinSeat)
}

/// The requests under way that twins may join, over all event loops of a process.
///
/// A flight is one call and those who wait for it. Whoever opens it leads; whoever asks the same before its end follows. It
/// ends with `close`, which tells the followers, or with a leader that gives up: then the first follower leads anew, once,
/// and if that one fails too the rest go alone. A short lock is held for each step, and never while bodies are compared.
/// Bounded by the exchanges in flight; a flight's followers by `maximumFollowers`.
package final class TwinRegistry: Sendable {
    /// One more goes alone.
    package static let maximumFollowers = 1_024

    private struct Flight {
        var request: TwinRequest
        var leader: TwinSeat
        var followers: [TwinSeat] = []
        /// A leader failed before this one.
        var isSecond = false
        /// The leader's client has left: it calls for its followers alone.
        var isDeserted = false
    }

    /// What other instances are told of calls under way; nil: there are none.
    package let marks: (any InFlightMarks)?
    private let flights = Mutex<[UInt64: Flight]>([:])

    package init(marks: (any InFlightMarks)? = nil) {
        self.marks = marks
    }

    /// Requests that lead; of use to tests and curious people.
    package var count: Int { flights.withLock { $0.count } }

    package func join(_ request: TwinRequest) -> TwinPlace {
        for _ in 0..<2 {
            let seat = TwinSeat(in: request)
            let earlier: TwinRequest? = flights.withLock { flights in
                if let flight = flights[request.key] { return flight.request }
                flights[request.key] = Flight(request: request, leader: seat)
                return nil
            }
            guard let earlier else { return .leads(seat) }
            guard request.isTwin(of: earlier) else { return .alone }
            let follower = TwinSeat(in: earlier)
            let isAboard = flights.withLock { flights in
                guard let flight = flights[request.key], flight.request === earlier,
                    flight.followers.count < Self.maximumFollowers
                else { return false }
                flights[request.key]?.followers.append(follower)
                return true
            }
            if isAboard { return .follows(follower) }
        }
        return .alone
    }

    /// The leader's call is over: its followers are told, and who comes now leads anew.
    ///
    /// - Parameter news: for the follower at an index (the longest waiting is 0) of so many.
    /// - Returns: how many followers there were.
    @discardableResult
    package func close(_ seat: TwinSeat, telling news: (_ index: Int, _ count: Int) -> TwinNews) -> Int {
        let (count, wakes) = flights.withLock { flights in
            guard let flight = Self.led(by: seat, in: flights) else { return (0, Wakes()) }
            flights[seat.flight.key] = nil
            let count = flight.followers.count
            return (count, Wakes(flight.followers.enumerated().map { $1.put(news($0, count)) }))
        }
        wakes.call()
        return count
    }

    /// The leader gives up without an answer.
    ///
    /// - Parameter hasCalled: false: it never tried, so the next one to lead is not a second attempt.
    package func abandon(_ seat: TwinSeat, hasCalled: Bool) {
        let wakes = flights.withLock { flights in
            guard var flight = Self.led(by: seat, in: flights) else { return Wakes() }
            guard !flight.followers.isEmpty, !(flight.isSecond && hasCalled) else {
                flights[seat.flight.key] = nil
                return Wakes(flight.followers.map { $0.put(.alone) })
            }
            flight.leader = flight.followers.removeFirst()
            flight.isSecond = flight.isSecond || hasCalled
            flight.isDeserted = false
            flights[seat.flight.key] = flight
            return Wakes([flight.leader.put(.lead)])
        }
        wakes.call()
    }

    /// The leader's client has left.
    ///
    /// - Returns: true: others wait, so the call is to go on, and `deserted` is told once they have left too; false: nobody
    ///   waits, and the flight has ended.
    package func desert(_ seat: TwinSeat) -> Bool {
        flights.withLock { flights in
            guard let flight = Self.led(by: seat, in: flights) else { return false }
            guard !flight.followers.isEmpty else {
                flights[seat.flight.key] = nil
                return false
            }
            flights[seat.flight.key]?.isDeserted = true
            return true
        }
    }

    /// A follower waits no longer.
    ///
    /// - Returns: nil: it has left. Else it is too late: it was told this, which counts.
    package func leave(_ seat: TwinSeat) -> TwinNews? {
        let (hasLeft, wakes) = flights.withLock { flights in
            guard var flight = flights[seat.flight.key], flight.request === seat.flight,
                let place = flight.followers.firstIndex(where: { $0 === seat })
            else { return (false, Wakes()) }
            flight.followers.remove(at: place)
            guard flight.isDeserted, flight.followers.isEmpty else {
                flights[seat.flight.key] = flight
                return (true, Wakes())
            }
            flights[seat.flight.key] = nil
            return (true, Wakes([flight.leader.put(.deserted)]))
        }
        wakes.call()
        return hasLeft ? nil : seat.take()
    }

    private static func led(by seat: TwinSeat, in flights: [UInt64: Flight]) -> Flight? {
        guard let flight = flights[seat.flight.key], flight.leader === seat else { return nil }
        return flight
    }

    /// What is to be called once the lock is free.
    private struct Wakes {
        private var calls: [@Sendable () -> Void] = []

        init(_ calls: [(@Sendable () -> Void)?] = []) {
            self.calls = calls.compactMap(\.self)
        }

        func call() {
            for wake in calls { wake() }
        }
    }
}
