internal import FoundationEssentials
package import Identity
package import Metering
package import Settings
import Synchronization

/// Puts a caller together with their money and their limits: the slow path behind `PrincipalCache`.
package final class PrincipalLoader: Sendable {
    private let directory: any KeyDirectory
    private let accounts: any AccountStore
    package let wallets: WalletBook
    private let limiters = LimiterBook()
    private let limits: Mutex<LimitsSettings>

    package init(directory: any KeyDirectory, accounts: any AccountStore, wallets: WalletBook, limits: LimitsSettings) {
        self.directory = directory
        self.accounts = accounts
        self.wallets = wallets
        self.limits = Mutex(limits)
    }

    /// A reload may have changed the plans; callers loaded from now on get the new ones.
    package func replaceLimits(_ settings: LimitsSettings) {
        limits.withLock { $0 = settings }
    }

    package func load(_ digest: KeyDigest) async -> IdentityAnswer {
        do {
            guard let caller = try await directory.caller(for: digest) else { return .unknown }
            let wallet: Wallet
            if let known = wallets.wallet(of: caller.userID) {
                wallet = known
            } else {
                let balance = try await accounts.balance(user: caller.userID)
                wallet = wallets.wallet(of: caller.userID, balance: balance)
            }
            return .known(principal(caller, wallet))
        } catch {
            return .unavailable
        }
    }

    private func principal(_ caller: Caller, _ wallet: Wallet) -> Principal {
        let plan = limits.withLock { $0.plans[caller.plan] } ?? PlanSettings()
        return Principal(
            caller: caller, wallet: wallet,
            keyLimiter: caller.requestsPerMinute.map { limiters.limiter(of: caller.keyID, requestsPerMinute: $0) },
            userLimiter: plan.rates.requestsPerMinute.map { limiters.limiter(of: caller.userID, requestsPerMinute: $0) },
            priceMultiplierMillionths: plan.priceMultiplierMillionths)
    }
}

/// Every limiter in use, by the id of the user or key it counts.
final class LimiterBook: Sendable {
    private let entries = Mutex<[UUID: RateLimiter]>([:])

    /// The limiter; a changed limit begins a new count.
    func limiter(of id: UUID, requestsPerMinute limit: Int) -> RateLimiter {
        entries.withLock { entries in
            if let known = entries[id], known.limit == limit { return known }
            let fresh = RateLimiter(limit: limit, windowNanoseconds: 60_000_000_000)
            entries[id] = fresh
            return fresh
        }
    }
}
