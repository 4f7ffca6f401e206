/// Why a vendor's prompt cache did not serve what an earlier turn of the session had made it keep.
package struct CacheMiss: Sendable, Equatable {
    package enum Cause: UInt8, Sendable, CaseIterable {
        /// A block of the prompt that came before the last turn is another one now.
        case blockChanged = 1
        /// More time passed than the vendor keeps what nobody asks for.
        case lifetimeOver = 2
        case otherModel = 3
        /// Another provider.
        case otherRoute = 4
        /// Another of the provider's keys.
        case otherKey = 5
        /// The prefix is too short for the vendor to cache it.
        case belowMinimum = 6
        /// None of these: the vendor's own doing.
        case vendor = 7

        /// As people and dashboards read it.
        package var name: String {
            switch self {
            case .blockChanged: "block_changed"
            case .lifetimeOver: "ttl_lapsed"
            case .otherModel: "other_model"
            case .otherRoute: "other_route"
            case .otherKey: "other_key"
            case .belowMinimum: "below_minimum"
            case .vendor: "vendor"
            }
        }

        /// nil: no cause is called so.
        package init?(name: String) {
            guard let cause = Self.allCases.first(where: { $0.name == name }) else { return nil }
            self = cause
        }
    }

    package var cause: Cause
    /// The first block that differs, counted from 0 in the order vendors render a prompt; nil for every other cause.
    package var block: Int?
    /// What that block is: `tools`, `system`, `documents`, `history_turn`; nil for every other cause.
    package var blockKind: String?
    /// Tokens that could have been read from the cache and were not; ≥ 0.
    package var missedTokens: Int64
    /// What they cost more than read from the cache, at the vendor's price; zero where there is no price.
    package var lost: NanoUSD

    package init(
        cause: Cause, block: Int? = nil, blockKind: String? = nil, missedTokens: Int64, lost: NanoUSD = .zero
    ) {
        self.cause = cause
        self.block = block
        self.blockKind = blockKind
        self.missedTokens = missedTokens
        self.lost = lost
    }
}

/// Misses of one cause together.
package struct CacheMissSum: Sendable, Equatable {
    package var cause: CacheMiss.Cause
    package var count: Int64
    package var missedTokens: Int64
    package var lost: NanoUSD

    package init(cause: CacheMiss.Cause, count: Int64, missedTokens: Int64, lost: NanoUSD) {
        self.cause = cause
        self.count = count
        self.missedTokens = missedTokens
        self.lost = lost
    }
}

package struct CacheMissPage: Sendable, Equatable {
    /// Newest first. Each entry's record carries its miss.
    package var entries: [UsageRecord]
    /// nil: the last page.
    package var next: String?
    /// Over all that the query finds, not over this page alone; in the order of the causes, none that is zero.
    package var sums: [CacheMissSum]

    package init(entries: [UsageRecord], next: String?, sums: [CacheMissSum]) {
        self.entries = entries
        self.next = next
        self.sums = sums
    }
}
