/// What a vendor remembers of the prompts it has seen: hashes of prefixes, each with its time of death. A value; time
/// is told by the caller as the duration since any fixed start. The least recently used prefixes go when it is full.
package struct CacheBook: Sendable {
    /// Whose cache it is. Nothing is shared between two accounts, two models or two partitions.
    package struct Scope: Hashable, Sendable {
        package let account: String
        package let model: String
        /// `prompt_cache_key`, `user_id`: what the request itself keeps apart.
        package let partition: String

        package init(account: String, model: String, partition: String = "") {
            self.account = account
            self.model = model
            self.partition = partition
        }
    }

    struct Key: Hashable {
        let scope: Scope
        let prefix: UInt64
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

    /// Anthropic: a marker looks at this many blocks, its own among them (2026-11).
    private static let lookBack = 20

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
    package mutating func read(
        _ prompt: [PromptBlock], by rule: CacheRule, for scope: Scope, at now: Duration
    ) -> CacheReading {
        switch rule {
        case .none: CacheReading(total: prompt.tokenCount)
        case .steps(let minimum, let step, let lifetime):
            readSteps(
                PrefixChain(prompt, step: max(1, step)), step: max(1, step), minimum: minimum, lifetime: lifetime,
                scope: scope, now: now)
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

    private mutating func readSteps(
        _ chain: PrefixChain, step: Int, minimum: Int, lifetime: Duration, scope: Scope, now: Duration
    ) -> CacheReading {
        var reading = CacheReading(total: chain.tokens)
        guard chain.tokens >= minimum else { return reading }
        for position in chain.steps.indices.reversed() {
            let tokens = (position + 1) * step
            guard tokens >= minimum else { break }
            guard isAlive(Key(scope: scope, prefix: chain.steps[position]), now: now) else { continue }
            reading.read = tokens
            for prefix in chain.steps[...position] {
                touch(Key(scope: scope, prefix: prefix), lifetime: lifetime, now: now)
            }
            break
        }
        reading.entries = chain.steps.map { NewEntry(key: Key(scope: scope, prefix: $0), lifetime: lifetime) }
        return reading
    }

    private mutating func readMarkers(
        _ chain: PrefixChain, minimum: Int, scope: Scope, now: Duration
    ) -> CacheReading {
        var reading = CacheReading(total: chain.tokens)
        let marked = chain.blocks.indices.filter { chain.blocks[$0].marker != nil }
        let found = marked.compactMap { longest(in: chain, endingAt: $0, scope: scope, now: now) }.max()
        if let found {
            reading.read = chain.blocks[found].tokens
            refresh(Key(scope: scope, prefix: chain.blocks[found].hash), now: now)
        }
        var covered = reading.read
        for position in marked {
            let end = chain.blocks[position]
            guard end.tokens >= minimum, let marker = end.marker else { continue }
            reading.entries.append(
                NewEntry(key: Key(scope: scope, prefix: end.hash), lifetime: marker.duration))
            guard end.tokens > covered else { continue }
            switch marker {
            case .fiveMinutes: reading.writtenFiveMinutes += end.tokens - covered
            case .oneHour: reading.writtenOneHour += end.tokens - covered
            }
            covered = end.tokens
        }
        return reading
    }

    private mutating func longest(
        in chain: PrefixChain, endingAt marked: Int, scope: Scope, now: Duration
    ) -> Int? {
        let first = max(0, marked - Self.lookBack + 1)
        for position in (first...marked).reversed()
        where isAlive(Key(scope: scope, prefix: chain.blocks[position].hash), now: now) {
            return position
        }
        return nil
    }

    private mutating func isAlive(_ key: Key, now: Duration) -> Bool {
        guard let entry = entries[key] else { return false }
        guard entry.dies > now else {
            entries[key] = nil
            return false
        }
        return true
    }

    private mutating func refresh(_ key: Key, now: Duration) {
        guard let entry = entries[key] else { return }
        touch(key, lifetime: entry.lifetime, now: now)
    }

    private mutating func touch(_ key: Key, lifetime: Duration, now: Duration) {
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
