/// How each kind of rule reads the book.
extension CacheBook {
    /// Anthropic: a marker looks at this many blocks, its own among them (2026-11).
    private static let lookBack = 20
    private static let traceStep = 64

    mutating func readSteps(
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

    /// A trace is left at every 64 tokens; the longest one met shows the common prefix, which becomes a unit.
    mutating func readUnits(
        _ prompt: [PromptBlock], answer: [PromptBlock], interval: Int, lifetime: Duration, scope: Scope, now: Duration
    ) -> CacheReading {
        var chain = PrefixChain(prompt, step: Self.traceStep)
        var reading = CacheReading(total: chain.tokens)
        let steps = chain.steps.enumerated().map {
            PrefixChain.Prefix(hash: $1, tokens: ($0 + 1) * Self.traceStep)
        }
        let ends = chain.blocks.map { PrefixChain.Prefix(hash: $0.hash, tokens: $0.tokens) }
        let found = (steps + ends).filter { isAlive(Key(scope: scope, prefix: $0.hash), now: now) }
            .max { $0.tokens < $1.tokens }
        if let found {
            reading.read = found.tokens
            refresh(Key(scope: scope, prefix: found.hash), now: now)
        }
        var units = steps.filter { $0.tokens.isMultiple(of: max(1, interval)) }
        let common = steps.last { isAlive(Key(scope: scope, prefix: $0.hash, isTrace: true), now: now) }
        if let common { units.append(common) }
        units.append(chain.end)
        if !answer.isEmpty {
            chain.append(answer)
            units.append(chain.end)
        }
        reading.entries =
            steps.map { NewEntry(key: Key(scope: scope, prefix: $0.hash, isTrace: true), lifetime: lifetime) }
            + units.map { NewEntry(key: Key(scope: scope, prefix: $0.hash), lifetime: lifetime) }
        return reading
    }

    mutating func readMarkers(
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
}
