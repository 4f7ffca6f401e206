/// What a target's tokens cost, as the price list has it: pico-USD a token, each ≥ 0.
package struct CacheTerms: Sendable, Equatable {
    package var input: Int64
    /// As dear as input or dearer: the list does not know the cache's prices, and the vendor's usual ratios stand in.
    package var read: Int64
    /// Written for the vendor's usual life.
    package var shortWrite: Int64
    /// Written for its longer one; nil: not in the list.
    package var longWrite: Int64?
    /// The shortest prefix the model's vendor caches; nil: as the vendor's rules say.
    package var minimumTokens: Int64?

    package init(
        input: Int64, read: Int64, shortWrite: Int64, longWrite: Int64? = nil, minimumTokens: Int64? = nil
    ) {
        self.input = input
        self.read = read
        self.shortWrite = shortWrite
        self.longWrite = longWrite
        self.minimumTokens = minimumTokens
    }
}

/// What caching saves and costs, a token: what the planner reckons with.
struct CachePrices: Equatable {
    /// Input less what is paid for a token read; ≥ 0.
    let saving: Int64
    /// What writing costs beyond input; ≥ 0.
    let shortPremium: Int64
    let longPremium: Int64
    /// Saved by the vendor's own cache, where it has one beside marks.
    let implicitSaving: Int64
    /// Pico-USD; false: thousandths of an input token.
    let isMoney: Bool

    /// Dearer than any model's token a thousand times: keeps products within 64 bits.
    private static let most: Int64 = 1_000_000_000

    init(_ rules: CacheRules, _ terms: CacheTerms?) {
        let input = min(max(0, terms?.input ?? 0), Self.most)
        let unit = input > 0 ? input : 1_000
        func usual(_ permille: Int64) -> Int64 { unit * permille / 1_000 }
        func listed(_ price: Int64?, _ permille: Int64) -> Int64 {
            guard input > 0, let terms, terms.read < terms.input, let price else { return usual(permille) }
            return min(max(0, price), Self.most)
        }
        isMoney = input > 0
        saving = max(0, unit - listed(terms?.read, rules.readPermille))
        shortPremium = max(0, listed(terms?.shortWrite, rules.shortWritePermille) - unit)
        longPremium = max(0, listed(terms?.longWrite, rules.longWritePermille) - unit)
        implicitSaving = max(0, unit - usual(rules.implicit?.readPermille ?? 1_000))
    }

    func premium(_ life: CacheLife) -> Int64 {
        switch life {
        case .short: shortPremium
        case .long: longPremium
        }
    }
}
