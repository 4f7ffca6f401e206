/// Where a history that has grown too long begins.
///
/// Turn by turn would be a new prompt each turn, read from no cache. So it is cut in strides of half the maximum, and the
/// same start is kept until what follows it is too long again:
///
/// - A history that only grows is cut without anything being remembered: at the first turn that begins at or behind k strides,
///   for the smallest k that leaves no more than the maximum. Over T tokens of history these are at most T ÷ stride cuts.
/// - A client that drops turns itself begins elsewhere each turn, and strides counted from there would move along. Where
///   earlier starts are remembered, the first one in sight that leaves no more than the maximum is kept; where none is, and
///   the history is longer than a stride and begins with a turn unknown, it is cut further in than need be: by half a stride at
///   least, to one stride at most. Such a start lasts until the client has dropped half a stride, or what follows it has grown
///   by one: at most T ÷ half a stride cuts, if no turn alone is longer than a quarter of the maximum.
enum HistoryStride {
    /// How many turns go.
    ///
    /// - Parameters:
    ///   - tokens: of each turn, in order.
    ///   - maximum: at least 1.
    ///   - isAnchor: a turn, by its place, was a start before; nil: nothing is remembered. Asked once for each at most.
    static func turnsToCut(_ tokens: [Int64], maximum: Int64, isAnchor: ((Int) -> Bool)? = nil) -> Int {
        let total = tokens.reduce(0, &+)
        let stride = max(1, maximum / 2)
        if let isAnchor {
            var left = total
            var isFirstKnown = false
            for (turn, count) in tokens.enumerated() {
                let isWorthAsking = left <= maximum || turn == 0
                if isWorthAsking, isAnchor(turn) {
                    if left <= maximum { return turn }
                    isFirstKnown = true
                }
                left &-= count
            }
            if total > stride, !isFirstKnown { return farther(tokens, total: total, maximum: maximum, stride: stride) }
        }
        var before: Int64 = -1
        var passed: Int64 = 0
        for turn in 0...tokens.count {
            // Some k strides end behind the turn before and not behind this one.
            if passed / stride * stride > before, total &- passed <= maximum { return turn }
            guard turn < tokens.count else { break }
            before = passed
            passed &+= tokens[turn]
        }
        return tokens.count
    }

    /// A start that lasts. The last turn stays if it is not too long by itself.
    private static func farther(_ tokens: [Int64], total: Int64, maximum: Int64, stride: Int64) -> Int {
        var passed: Int64 = 0
        for (turn, count) in tokens.enumerated() {
            let left = total &- passed
            if passed >= stride / 2, left <= stride { return turn }
            if turn == tokens.count - 1 { return left <= maximum ? (total <= maximum ? 0 : turn) : tokens.count }
            passed &+= count
        }
        return 0
    }
}
