import Synchronization

/// Counts of what became of the answers. Every started one ends as exactly one of the other kinds.
final class ActivityCounts: Sendable {
    enum Kind: Sendable { case whole, stream }

    enum Ending: Sendable {
        /// Sent to its end.
        case finished
        /// The client left first.
        case cancelled
        /// Broken off by a fault of the simulator's own.
        case broken
    }

    struct Counts: Sendable, Equatable {
        var started = 0
        var finished = 0
        var cancelled = 0
        var broken = 0

        var tree: JSONTree {
            [
                "started": .int(started), "finished": .int(finished), "cancelled": .int(cancelled),
                "broken": .int(broken), "active": .int(started - finished - cancelled - broken),
            ]
        }
    }

    private struct State {
        var whole = Counts()
        var streams = Counts()
    }

    private let state = Mutex(State())

    func start(_ kind: Kind) { change(kind) { $0.started += 1 } }

    func end(_ kind: Kind, _ ending: Ending) {
        change(kind) {
            switch ending {
            case .finished: $0.finished += 1
            case .cancelled: $0.cancelled += 1
            case .broken: $0.broken += 1
            }
        }
    }

    private func change(_ kind: Kind, _ body: (inout Counts) -> Void) {
        state.withLock {
            switch kind {
            case .whole: body(&$0.whole)
            case .stream: body(&$0.streams)
            }
        }
    }

    var streams: Counts { state.withLock { $0.streams } }

    var tree: JSONTree {
        let (whole, streams) = state.withLock { ($0.whole, $0.streams) }
        return ["streams": streams.tree, "whole": whole.tree]
    }
}
