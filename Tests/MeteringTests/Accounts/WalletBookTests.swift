import FoundationEssentials
import Metering
import Testing

@Suite struct WalletBookTests {
    @Test func aUserHasOneWallet() {
        let book = WalletBook()
        let user = UUID()
        #expect(book.wallet(of: user) == nil)
        let first = book.wallet(of: user, balance: NanoUSD(units: 5))
        let second = book.wallet(of: user, balance: NanoUSD(units: 9))
        #expect(first === second && book.wallet(of: user) === first)
        #expect(first.balance == NanoUSD(units: 5), "the first balance stays")
        #expect(book.count == 1)
    }

    @Test func usersDoNotShareWallets() {
        let book = WalletBook()
        #expect(book.wallet(of: UUID(), balance: nil) !== book.wallet(of: UUID(), balance: nil))
    }

    @Test func aRemovedUsersWalletIsGone() {
        let book = WalletBook()
        let user = UUID()
        let wallet = book.wallet(of: user, balance: nil)
        book.remove(user)
        #expect(book.wallet(of: user) == nil)
        #expect(book.wallet(of: user, balance: nil) !== wallet)
    }

    @Test func racingLoadsGetTheSameWallet() async {
        let book = WalletBook()
        let user = UUID()
        let wallets = await withTaskGroup(of: Wallet.self) { group in
            for balance in 0..<16 as Range<Int64> {
                group.addTask { book.wallet(of: user, balance: NanoUSD(units: balance)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(wallets.map(ObjectIdentifier.init)).count == 1)
    }
}
