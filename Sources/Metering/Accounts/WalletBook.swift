package import FoundationEssentials
internal import Synchronization

/// The wallets of the users this process has seen: one each, shared by every event loop.
package final class WalletBook: Sendable {
    private let wallets = Mutex<[UUID: Wallet]>([:])

    package init() {}

    /// The user's wallet, if there is one.
    package func wallet(of user: UUID) -> Wallet? {
        wallets.withLock { $0[user] }
    }

    /// The user's wallet, made with the balance just loaded where there is none.
    ///
    /// Two loops that load the same user at once get the same wallet: the first balance stays, for exchanges may have
    /// changed it since.
    package func wallet(of user: UUID, balance: NanoUSD?) -> Wallet {
        wallets.withLock { wallets in
            if let known = wallets[user] { return known }
            let fresh = Wallet(balance: balance)
            wallets[user] = fresh
            return fresh
        }
    }

    /// Forgets a deleted user. Exchanges under way keep the wallet they hold.
    package func remove(_ user: UUID) {
        wallets.withLock { $0[user] = nil }
    }

    /// How many users are known.
    package var count: Int { wallets.withLock { $0.count } }
}
