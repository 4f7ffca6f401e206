package import Identity

/// The callers one event loop has seen, each for as long as `auth.cache_ttl` says. Confined to its event loop.
///
/// Only found callers are kept, so a guessed key costs a look-up and leaves nothing behind. When the store is down, an
/// entry past its time answers for `staleNanoseconds` more: a dead store must not log every customer out.
package final class PrincipalCache {
    private struct Entry {
        var principal: Principal
        var expiresAt: Int64
    }

    /// How long an entry outlives its time while the store does not answer.
    package static let staleNanoseconds: Int64 = 60_000_000_000

    private var entries: [KeyDigest: Entry] = [:]
    private let maximumCount: Int
    private var generation: UInt64 = 0

    /// - Parameter maximumCount: past it everything is forgotten at once, which costs a look-up each.
    package init(maximumCount: Int = 100_000) {
        self.maximumCount = maximumCount
    }

    /// The caller, if seen within its time. A changed `generation` (an administrator changed a caller) forgets all.
    package func fresh(_ digest: KeyDigest, nowNanoseconds: Int64, generation current: UInt64) -> Principal? {
        if current != generation {
            entries.removeAll(keepingCapacity: true)
            generation = current
        }
        guard let entry = entries[digest], nowNanoseconds < entry.expiresAt else { return nil }
        return entry.principal
    }

    /// The caller even past its time, for when the store does not answer.
    package func stale(_ digest: KeyDigest, nowNanoseconds: Int64) -> Principal? {
        guard let entry = entries[digest], nowNanoseconds &- entry.expiresAt < Self.staleNanoseconds else { return nil }
        return entry.principal
    }

    /// - Parameter generation: what it was when the look-up began; an answer from before a change is not kept.
    package func keep(
        _ principal: Principal, for digest: KeyDigest, nowNanoseconds: Int64, ttlNanoseconds: Int64,
        generation asked: UInt64
    ) {
        guard asked == generation else { return }
        if entries.count >= maximumCount { entries.removeAll(keepingCapacity: true) }
        entries[digest] = Entry(principal: principal, expiresAt: nowNanoseconds &+ ttlNanoseconds)
    }

    package func forget(_ digest: KeyDigest) {
        entries[digest] = nil
    }
}
