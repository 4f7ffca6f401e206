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

    /// A point as far as it is weighed.
    private struct Weight {
        let tokens: Int64
        /// Of these, what a mark here finds in the cache.
        let readable: Int64
        let fixed: CacheLife?
        /// What a token up to here is worth later, for both lives.
        let short: Int64
        let long: Int64
    }

    private let points: [CachePoint]
    private let weights: [Weight]
    private let prices: CachePrices
    private let takesLong: Bool
    private let implicitValue: Int64

    /// More tokens than any model takes: keeps products within 64 bits.
    private static let mostTokens: Int64 = 10_000_000

    init(_ points: CachePoints, _ prices: CachePrices, _ rules: CacheRules) {
        self.points = points.points
        self.prices = prices
        let forecast = points.forecast
        let warmTokens = min(points.warmTokens, Self.mostTokens)
        let takesLong = forecast.longLifeMayPay(rules)
        self.takesLong = takesLong
        weights = points.points.map { point in
            func worth(_ life: CacheLife) -> Int64 {
                let found = forecast.found(point.place, rules.duration(life))
                let each = found * prices.saving - (1_000 - found) * prices.premium(life)
                return point.reuses * each / 1_000_000
            }
            let isInReach = point.blocks - points.warmBlocks < rules.lookBack ?? .max
            let isWarm = point.tokens <= warmTokens + CachePoints.roundingTokens
            return Weight(
                tokens: min(max(0, point.tokens), Self.mostTokens),
                readable: isWarm ? min(point.tokens, warmTokens) : isInReach ? warmTokens : 0, fixed: point.fixed,
                short: worth(.short), long: takesLong || point.fixed == .long ? worth(.long) : 0)
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
    @inline(__always)
    private func walk(_ mask: UInt32, _ longCount: Int, _ visit: (Int, CacheLife, Int64) -> Void) -> Int64? {
        weights.withUnsafeBufferPointer { weights in
            var readable: Int64 = 0
            Self.forEach(mask) { readable = max(readable, weights[$0].readable) }
            var (total, previous, rank): (Int64, Int64, Int) = (0, 0, 0)
            var (hasShort, hasOwnShort, isInOrder) = (false, false, true)
            Self.forEach(mask) { place in
                let weight = weights[place]
                let isOurs = weight.fixed == nil
                let life = weight.fixed ?? (rank < longCount ? .long : .short)
                rank += 1
                if life == .long, isOurs ? hasShort : hasOwnShort { isInOrder = false }
                if life == .short { (hasShort, hasOwnShort) = (true, hasOwnShort || isOurs) }
                let end = max(weight.tokens, previous)
                let read = min(end, readable) - min(previous, readable)
                let written = end - previous - read
                let share =
                    read * prices.saving - written * prices.premium(life)
                    + (end - previous) * (life == .long ? weight.long : weight.short)
                visit(place, life, share)
                total += share
                previous = end
            }
            return isInOrder ? total : nil
        }
    }

    /// Calls `visit` with the places of the mask's bits, lowest first.
    @inline(__always)
    private static func forEach(_ mask: UInt32, _ visit: (Int) -> Void) {
        var rest = mask
        while rest != 0 {
            visit(rest.trailingZeroBitCount)
            rest &= rest &- 1
        }
    }
}
