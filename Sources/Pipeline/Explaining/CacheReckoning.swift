/// What a vendor's cache serves the second of two prompts, once the first has filled it. Marks are taken to stand at the ends
/// of blocks where the vendor wants marks.
package struct CacheReckoning: Sendable, Equatable {
    /// Why less is served than the prompts have in common.
    package struct Change: Sendable, Equatable {
        package var change: CacheChange
        package var keeps: CacheTier
    }

    package let rules: CacheRules
    /// What takes this vendor's cache away, wholly or in part.
    package let changes: [Change]
    /// Estimated tokens that are read.
    package let servedTokens: Int64
    /// The same if nothing differed but what the second has more.
    package let possibleTokens: Int64

    package init(_ comparison: PrefixComparison, _ rules: CacheRules) {
        self.rules = rules
        changes = comparison.changes.compactMap { change in
            if change.setting == .model { return Change(change: change, keeps: .nothing) }
            guard let binding = rules.bindings.first(where: { $0.setting == change.setting }) else { return nil }
            return Change(change: change, keeps: binding.keeps)
        }
        let possible = min(comparison.firstTokens, comparison.secondTokens)
        possibleTokens = rules.found(possible, wholeBlocks: possible, isEntire: true)
        if let kept = changes.map(\.keeps).min() {
            let tokens = comparison.tokens(within: kept)
            servedTokens = rules.found(tokens, wholeBlocks: tokens, isEntire: false)
        } else {
            servedTokens = rules.found(
                comparison.commonTokens, wholeBlocks: comparison.commonBlockTokens, isEntire: comparison.isContinued)
        }
    }

    /// ≥ 0.
    package var lostTokens: Int64 { max(0, possibleTokens &- servedTokens) }

    /// The rules in words: behind "prefixes".
    package var rulesText: String {
        let least = rules.minimumTokens > 1 ? " from \(rules.minimumTokens) tokens on" : ""
        return switch rules.matching {
        case .steps(let step) where step > 1: "prefixes\(least), in steps of \(step)"
        case .steps: "prefixes\(least)"
        case .marks: "prefixes\(least) that end at a mark, here taken to stand at each block's end"
        case .units: "whole prompts\(least): what two have in common is served from the third on"
        }
    }
}

extension CacheRules {
    /// Tokens of a prefix that are found again.
    ///
    /// - Parameters:
    ///   - tokens: what the prompts have in common.
    ///   - wholeBlocks: the part of it that is whole blocks.
    ///   - isEntire: the earlier prompt ends there.
    fileprivate func found(_ tokens: Int64, wholeBlocks: Int64, isEntire: Bool) -> Int64 {
        let found =
            switch matching {
            case .steps(let step): tokens / max(1, step) * max(1, step)
            case .marks: wholeBlocks
            case .units: isEntire ? tokens : 0
            }
        return found >= minimumTokens ? found : 0
    }
}
