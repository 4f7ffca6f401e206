/// What a vendor remembers of the prompts it has seen: hashes of prefixes, each with its time of death. A value; time
/// is told by the caller as the duration since any fixed start. The least recently used prefixes go when it is full.
package struct CacheBook: Sendable {
    /// Whose cache it is. Nothing is shared between two accounts, two models or two partitions.
    package struct Scope: Hashable, Sendable {
        /// The vendor's account; its key stands for it.
        package let account: String
        /// As the vendor names it, letter by letter.
        package let model: String
        /// `prompt_cache_key`, `user_id`: what the request itself keeps apart.
        package let partition: String

        /// A scope; an empty partition is one of its own.
        package init(account: String, model: String, partition: String = "") {
            self.account = account
            self.model = model
            self.partition = partition
        }
    }

    struct Key: Hashable {
        let scope: Scope
        let prefix: UInt64
        /// Only remembered as seen: it makes a second prompt show the common prefix, but is not read itself.
        var isTrace = false
    }

    struct NewEntry: Sendable, Equatable {
        let key: Key
        let lifetime: Duration
    }

    private struct Entry {
        var dies: Duration
        var lifetime: Duration
        /// The place in `uses` that is this entry's latest.
        var use: UInt64
    }

    private let capacity: Int
    private var entries: [Key: Entry] = [:]
    /// Uses oldest first, stale ones among them; those before `oldest` are gone.
    private var uses: [(key: Key, use: UInt64)] = []
    private var oldest = 0
    private var latestUse: UInt64 = 0

    /// - Parameter capacity: prefixes remembered; a prompt of n tokens takes n/128 of them by OpenAI's rule.
    package init(capacity: Int = 131_072) { self.capacity = max(1, capacity) }

    /// Prefixes in the book, dead ones among them until they are met or pushed out.
    package var count: Int { entries.count }

    /// What the prompt finds at that time. Prefixes found live on from now; the prompt's own are stored by
    /// ``store(_:at:)`` when the answer begins, since a vendor's entry is readable only from then on.
    /// - Parameter answer: the answer as the next turn will render it, for vendors that keep its end too.
    package mutating func read(
        _ prompt: [PromptBlock], answer: [PromptBlock] = [], by rule: CacheRule, for scope: Scope, at now: Duration
    ) -> CacheReading {
        switch rule {
        case .none: CacheReading(total: prompt.tokenCount)
        case .steps(let minimum, let step, let lifetime):
            readSteps(
                PrefixChain(prompt, step: max(1, step)), step: max(1, step), minimum: minimum, lifetime: lifetime,
                scope: scope, now: now)
        case .units(let interval, let lifetime):
            readUnits(prompt, answer: answer, interval: interval, lifetime: lifetime, scope: scope, now: now)
        case .markers(let minimum):
            readMarkers(PrefixChain(prompt, step: 0), minimum: minimum, scope: scope, now: now)
        }
    }

    /// Remembers the prompt that was read, from that time on.
    package mutating func store(_ reading: CacheReading, at now: Duration) {
        for entry in reading.entries {
            // An hour that was paid for is not cut short by a five-minute marker on the same prefix.
            let kept = entries[entry.key].flatMap { $0.dies > now ? $0.lifetime : nil } ?? .zero
            touch(entry.key, lifetime: max(kept, entry.lifetime), now: now)
        }
        while entries.count > capacity { dropOldest() }
        compact()
    }

    mutating func isAlive(_ key: Key, now: Duration) -> Bool {
        guard let entry = entries[key] else { return false }
        guard entry.dies > now else {
            entries[key] = nil
            return false
        }
        return true
    }

    mutating func refresh(_ key: Key, now: Duration) {
        guard let entry = entries[key] else { return }
        touch(key, lifetime: entry.lifetime, now: now)
    }

    mutating func touch(_ key: Key, lifetime: Duration, now: Duration) {
        latestUse &+= 1
        entries[key] = Entry(dies: now + lifetime, lifetime: lifetime, use: latestUse)
        uses.append((key, latestUse))
    }

    private mutating func dropOldest() {
        while oldest < uses.count {
            let (key, use) = uses[oldest]
            oldest += 1
            guard entries[key]?.use == use else { continue }
            entries[key] = nil
            return
        }
    }

    /// Keeps `uses` within twice the book, so that each use costs a constant on average.
    private mutating func compact() {
        guard uses.count > 2 * capacity + 1024 else { return }
        uses = uses[oldest...].filter { entries[$0.key]?.use == $0.use }
        oldest = 0
    }
}
