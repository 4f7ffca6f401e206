internal import Metering
internal import Pipeline
internal import Routing
internal import Synchronization

/// What a process remembers of the vendors' prompt caches: where prefixes are warm, and each session's latest turn.
///
/// Shared by all event loops; a short lock is held for each question. Bounded: some 4 MiB for prefixes, and for sessions
/// what `SessionBook` says. Nothing of it is text, and nothing is lost but hits where it is forgotten.
package final class CacheMemory: Sendable {
    /// How much a slot has to do.
    private struct Load {
        var inFlight = 0
        var recent = RecentLoad()
    }

    private struct State: ~Copyable {
        var affinity = PrefixAffinity()
        var sessions = SessionBook()
        var anchors = RecentHashes<Void>(capacity: 65_536)
        /// The sessions of turns.
        var threads = RecentHashes<UInt64>(capacity: 65_536)
        /// By slot; as many as the configuration has targets and keys.
        var loads: [UInt64: Load] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// The candidate for a prompt among some of equal standing; nil: none is available.
    ///
    /// - Parameters:
    ///   - slots: each candidate's slot with its weight and whether it may be tried.
    func choose(
        _ steps: PromptSteps, among slots: [(identity: UInt64, weight: Int, isAvailable: Bool)], nowNanoseconds: Int64
    ) -> Int? {
        state.withLock { state in
            let slots = slots.map { slot in
                let load = state.loads[slot.identity] ?? Load()
                return CacheSlot(
                    identity: slot.identity, weight: slot.weight, isAvailable: slot.isAvailable,
                    inFlight: load.inFlight, recent: load.recent)
            }
            return state.affinity.choose(
                chain: steps.chain, tokens: steps.tokens, slots: slots, nowNanoseconds: nowNanoseconds)?.index
        }
    }

    /// A request is sent to a slot; matched by one `ended`.
    func began(_ slot: UInt64, tokens: Int64, nowNanoseconds: Int64) {
        state.withLock { state in
            var load = state.loads[slot] ?? Load()
            load.inFlight += 1
            load.recent.add(tokens: tokens, nowNanoseconds: nowNanoseconds)
            state.loads[slot] = load
        }
    }

    func ended(_ slot: UInt64) {
        state.withLock { state in
            guard var load = state.loads[slot] else { return }
            load.inFlight = max(0, load.inFlight - 1)
            state.loads[slot] = load
        }
    }

    /// A slot has begun to answer a prompt: its cache has it from now on.
    func answered(_ steps: PromptSteps, slot: UInt64, lifetimeNanoseconds: Int64, nowNanoseconds: Int64) {
        state.withLock { state in
            state.affinity.record(
                chain: steps.chain, tokens: steps.tokens, slot: slot, nowNanoseconds: nowNanoseconds,
                ttlNanoseconds: lifetimeNanoseconds)
        }
    }

    /// Whether a caller's history began with a turn before; see `CutAnchors`.
    func isAnchor(_ turn: UInt64) -> Bool { state.withLock { $0.anchors[turn] != nil } }

    func remember(anchor turn: UInt64) { state.withLock { $0.anchors.insert(turn, ()) } }

    /// The session that a history belongs to: the one its first turn was the last of before, else a new one. So a session
    /// goes on though its oldest turns are dropped.
    ///
    /// - Parameters:
    ///   - first: the history's first turn, `last` its last: hashes that tell callers apart.
    ///   - new: what the session is called if the first turn is not known.
    func session(first: UInt64, last: UInt64, else new: UInt64) -> UInt64 {
        state.withLock { state in
            let session = state.threads[first] ?? new
            state.threads.insert(last, session)
            return session
        }
    }

    /// A session's next request is about to be sent: how the session goes on, and how many of the prompt's blocks its turn
    /// before had sent to the same place.
    func send(
        chain: [UInt64], of session: UInt64, to place: SessionTurn.Place, nowNanoseconds: Int64
    ) -> (pace: SessionPace, warmBlocks: Int) {
        state.withLock { state in
            let pace = state.sessions.send(session, nowNanoseconds: nowNanoseconds)
            guard let earlier = state.sessions.turn(of: session), earlier.place == place else { return (pace, 0) }
            return (pace, zip(chain, earlier.chain).prefix { $0 == $1 }.count)
        }
    }

    /// Remembers a session's turn, and gives back the one it follows; nil: none is known.
    func remember(_ turn: SessionTurn, of session: UInt64) -> SessionTurn? {
        state.withLock { state in
            let earlier = state.sessions.turn(of: session)
            state.sessions.remember(turn, of: session)
            return earlier
        }
    }
}
