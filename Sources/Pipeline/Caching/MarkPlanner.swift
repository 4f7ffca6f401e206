/// Chooses marks by what they are expected to save.
///
/// A set of marks is worth, by the prices of a token:
/// - what is read now: the longest prefix in the cache that a mark finds, times what reading saves;
/// - less what is written now: the tokens from there to the last mark, times what writing costs beyond input;
/// - and what is read later: the tokens between a mark and the one before it, times the further requests that will begin
///   with the prompt up to this mark, each of which saves as much if the entry still lives, and writes it anew if not.
///
/// Every set within the limits is weighed (there are at most eight places), and the client's marks are in each. The best one
/// is taken if it is worth more than none of ours; one of fewer marks if it is worth as much.
struct MarkPlanner {
    private struct Choice {
        var value: Int64
        var mask: UInt32 = 0
        /// How many of the first marks live longer.
        var longCount = 0
    }

    /// A token's worth at a point, for both lives.
    private struct Worth {
        let short: Int64
        let long: Int64
    }

    private let points: [CachePoint]
    private let prices: CachePrices
    private let rules: CacheRules
    private let warmTokens: Int64
    private let warmBlocks: Int
    private let worths: [Worth]
    private let takesLong: Bool
    private let implicitValue: Int64

    /// More tokens than any model takes: keeps products within 64 bits.
    private static let mostTokens: Int64 = 10_000_000

    init(_ points: CachePoints, _ prices: CachePrices, _ rules: CacheRules) {
        self.points = points.points
        self.prices = prices
        self.rules = rules
        warmTokens = min(points.warmTokens, Self.mostTokens)
        warmBlocks = points.warmBlocks
        let forecast = points.forecast
        let survival = [forecast.survival(rules.shortLife), forecast.survival(rules.longLife ?? rules.shortLife)]
        takesLong = forecast.longLifeMayPay(rules)
        worths = points.points.map { point in
            func worth(_ life: CacheLife) -> Int64 {
                let alive = survival[Int(life.rawValue)]
                let each = alive * prices.saving - (1_000 - alive) * prices.premium(life)
                return point.reuses * each / 1_000_000
            }
            return Worth(short: worth(.short), long: worth(.long))
        }
        guard let implicit = rules.implicit, !points.points.contains(where: { $0.fixed != nil }) else {
            implicitValue = 0
            return
        }
        let end = min(points.points.last?.tokens ?? 0, Self.mostTokens)
        let later = end * forecast.reuses(.end) / 1_000
        implicitValue = (warmTokens + later) * implicit.hitPermille / 1_000 * prices.implicitSaving
    }

    /// The marks to add, and what they are expected to save.
    func plan(room: Int) -> (marks: [(point: CachePoint, life: CacheLife, value: Int64)], value: Int64) {
        let fixed = points.indices.reduce(UInt32(0)) { points[$1].fixed == nil ? $0 : $0 | 1 << UInt32($1) }
        let free = points.indices.filter { points[$0].fixed == nil }
        let unmarked = fixed == 0 ? implicitValue : value(fixed, longCount: 0) ?? 0
        var best = Choice(value: unmarked, mask: fixed)
        guard room > 0, !free.isEmpty, free.count <= 8, points.count < 32 else { return ([], 0) }
        for subset in 1..<(UInt32(1) << UInt32(free.count)) where subset.nonzeroBitCount <= room {
            var mask = fixed
            for (bit, place) in free.enumerated() where subset & (1 << UInt32(bit)) != 0 { mask |= 1 << UInt32(place) }
            for longCount in 0...(takesLong ? mask.nonzeroBitCount : 0) {
                guard let value = value(mask, longCount: longCount) else { continue }
                let isBetter =
                    value > best.value
                    || value == best.value && value > unmarked && mask.nonzeroBitCount < best.mask.nonzeroBitCount
                if isBetter { best = Choice(value: value, mask: mask, longCount: longCount) }
            }
        }
        guard best.mask != fixed else { return ([], 0) }
        var marks: [(point: CachePoint, life: CacheLife, value: Int64)] = []
        let value = walk(best.mask, best.longCount) { place, life, value in
            if points[place].fixed == nil { marks.append((points[place], life, value)) }
        }
        return (marks, (value ?? 0) - unmarked)
    }

    private func value(_ mask: UInt32, longCount: Int) -> Int64? { walk(mask, longCount) { _, _, _ in } }

    /// The set's value, nil where a mark of ours would stand on the wrong side of a longer or shorter life. Calls `visit` with
    /// each mark and its share.
    private func walk(
        _ mask: UInt32, _ longCount: Int, _ visit: (Int, CacheLife, Int64) -> Void
    ) -> Int64? {
        let readable = readable(mask)
        var (total, previous, rank): (Int64, Int64, Int) = (0, 0, 0)
        var (hasShort, hasOwnShort) = (false, false)
        for place in points.indices where mask & (1 << UInt32(place)) != 0 {
            let point = points[place]
            let life = point.fixed ?? (rank < longCount ? .long : .short)
            rank += 1
            switch (life, point.fixed == nil) {
            case (.long, true): if hasShort { return nil }
            case (.long, false): if hasOwnShort { return nil }
            case (.short, true): (hasShort, hasOwnShort) = (true, true)
            case (.short, false): hasShort = true
            }
            let end = min(max(point.tokens, previous), Self.mostTokens)
            let read = min(end, readable) - min(previous, readable)
            let written = end - previous - read
            let share =
                read * prices.saving - written * prices.premium(life)
                + (end - previous) * (life == .long ? worths[place].long : worths[place].short)
            visit(place, life, share)
            total += share
            previous = end
        }
        return total
    }

    /// Tokens that the marks find in the cache.
    private func readable(_ mask: UInt32) -> Int64 {
        guard warmTokens > 0 else { return 0 }
        var readable: Int64 = 0
        for place in points.indices where mask & (1 << UInt32(place)) != 0 {
            let point = points[place]
            if point.tokens <= warmTokens + CachePoints.roundingTokens {
                readable = max(readable, min(point.tokens, warmTokens))
            } else if point.blocks - warmBlocks < rules.lookBack ?? .max {
                readable = warmTokens
            }
        }
        return readable
    }
}
