internal import FoundationEssentials
package import Identity
package import Metering

/// A caller together with what this process keeps of them: money and rates, shared by all event loops.
package struct Principal: Sendable {
    package var caller: Caller
    package var wallet: Wallet
    /// The key's own limit; nil: none.
    package var keyLimiter: RateLimiter?
    /// The plan's limit, shared by the user's keys; nil: none.
    package var userLimiter: RateLimiter?
    /// In millionths of the list price.
    package var priceMultiplierMillionths: Int64
    /// The user as a number, for sticky choices.
    package var stickyHash: UInt64

    package init(
        caller: Caller, wallet: Wallet, keyLimiter: RateLimiter?, userLimiter: RateLimiter?,
        priceMultiplierMillionths: Int64
    ) {
        self.caller = caller
        self.wallet = wallet
        self.keyLimiter = keyLimiter
        self.userLimiter = userLimiter
        self.priceMultiplierMillionths = priceMultiplierMillionths
        let bytes = caller.userID.uuid
        stickyHash =
            UInt64(bytes.8) << 56 | UInt64(bytes.9) << 48 | UInt64(bytes.10) << 40 | UInt64(bytes.11) << 32
            | UInt64(bytes.12) << 24 | UInt64(bytes.13) << 16 | UInt64(bytes.14) << 8 | UInt64(bytes.15)
    }
}

/// What looking a key up gave.
package enum IdentityAnswer: Sendable {
    case known(Principal)
    /// Unknown, revoked or expired.
    case unknown
    /// The store did not answer and nothing is remembered.
    case unavailable
}
