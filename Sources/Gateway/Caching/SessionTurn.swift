internal import Metering
internal import Pipeline
internal import Routing

/// What is remembered of a session's latest turn, so that the next one's miss can be told of: hashes, no text.
struct SessionTurn: Sendable, Equatable {
    /// Where a turn was sent: what a vendor's cache is bound to.
    struct Place: Sendable, Equatable {
        var provider: UInt64
        var key: UInt64
        var model: UInt64

        init(provider: String, key: String, model: String) {
            self.provider = Routing.StableHash.of(provider)
            self.key = Routing.StableHash.of(key)
            self.model = Routing.StableHash.of(model)
        }
    }

    /// A hash over each block and all before it; as many as `kinds`.
    var chain: [UInt64]
    var kinds: [Block.Kind]
    /// Estimated tokens of the blocks before the last turn: what the next turn may hope to read.
    var stableTokens: Int64
    var place: Place
    /// The vendor said that it read some of the prompt from its cache, or wrote some to it.
    var isKept: Bool
    /// When its answer began, on the exchange's clock.
    var answeredAtNanoseconds: Int64

    init(
        chain: [UInt64], kinds: [Block.Kind], stableTokens: Int64, place: Place, isKept: Bool,
        answeredAtNanoseconds: Int64
    ) {
        self.chain = chain
        self.kinds = kinds
        self.stableTokens = stableTokens
        self.place = place
        self.isKept = isKept
        self.answeredAtNanoseconds = answeredAtNanoseconds
    }

    /// A turn of one block has nothing before its last turn, so nothing to hope for.
    init(_ prepared: PreparedRequest, at place: Place, isKept: Bool, nowNanoseconds: Int64) {
        chain = prepared.chain
        kinds = prepared.blocks.map(\.kind)
        stableTokens = prepared.blocks.dropLast().reduce(0) { $0 &+ $1.estimatedTokens }
        self.place = place
        self.isKept = isKept
        answeredAtNanoseconds = nowNanoseconds
    }
}

/// What a vendor's cache promises, as far as a miss's cause depends on it.
struct CachePromise: Sendable, Equatable {
    /// A shorter prefix is not cached.
    var minimumTokens: Int64
    /// What nobody asks for is kept at least so long; > 0.
    var lifetimeNanoseconds: Int64
    /// What has no mark is not cached.
    var cachesOnlyMarked: Bool
}

/// Tells why a turn was not served from the cache that the turn before it had filled.
enum CacheMissFinder {
    /// A miss of a prompt that began as before is told of where less than half of what could have been read was read:
    /// estimates are off by a quarter, and vendors count in steps.
    private static let hopeDivisor: Int64 = 2
    /// Where a block changed, its tokens and those behind it are lost for sure: an eighth of what could have been read will do,
    /// and more than what vendors' steps make of it.
    private static let changeDivisor: Int64 = 8
    private static let leastLostToChange: Int64 = 256

    /// nil: enough was read, or there was nothing to hope for.
    ///
    /// - Parameters:
    ///   - earlier: the session's turn before.
    ///   - turn: this one.
    ///   - usage: what the vendor counted.
    ///   - estimatedTokens: our estimate of the same prompt, by which ours are brought to the vendor's.
    static func find(
        _ turn: SessionTurn, after earlier: SessionTurn, usage: TokenUsage, estimatedTokens: Int64,
        promise: CachePromise, price: Price?
    ) -> CacheMiss? {
        let hoped = scaled(earlier.stableTokens, from: estimatedTokens, to: usage.promptTokens)
        guard hoped > 0, earlier.isKept || !promise.cachesOnlyMarked else { return nil }
        var miss = CacheMiss(cause: .vendor, missedTokens: hoped &- usage.cacheRead)
        let common = zip(turn.chain, earlier.chain).prefix { $0 == $1 }.count
        let isChanged = common < earlier.chain.count - 1
        let isTold =
            usage.cacheRead < hoped / hopeDivisor
            || isChanged && miss.missedTokens >= max(leastLostToChange, hoped / changeDivisor)
        guard isTold else { return nil }
        if turn.place.model != earlier.place.model {
            miss.cause = .otherModel
        } else if isChanged {
            miss.cause = .blockChanged
            miss.block = common
            miss.blockKind = (common < turn.kinds.count ? turn.kinds[common] : earlier.kinds[common]).name
        } else if turn.place.provider != earlier.place.provider {
            miss.cause = .otherRoute
        } else if turn.place.key != earlier.place.key {
            miss.cause = .otherKey
        } else if hoped < promise.minimumTokens {
            miss.cause = .belowMinimum
        } else if turn.answeredAtNanoseconds &- earlier.answeredAtNanoseconds > promise.lifetimeNanoseconds {
            miss.cause = .lifetimeOver
        }
        if let price, price.promptPicoUSD > price.cacheReadPicoUSD {
            let pico = Int128(miss.missedTokens) * Int128(price.promptPicoUSD &- price.cacheReadPicoUSD)
            miss.lost = NanoUSD(units: Int64(clamping: pico / 1_000))
        }
        return miss
    }

    private static func scaled(_ tokens: Int64, from estimate: Int64, to counted: Int64) -> Int64 {
        guard estimate > 0, counted > 0 else { return tokens }
        return Int64(clamping: Int128(tokens) * Int128(counted) / Int128(estimate))
    }
}
