import Metering
import Testing

@Suite struct WalletTests {
    private func usd(_ units: Int64) -> NanoUSD { NanoUSD(units: units) }

    @Test func anyPositiveRestLetsOneMoreBegin() {
        let wallet = Wallet(balance: usd(10))
        #expect(wallet.reserve(usd(9)))
        #expect(wallet.reserve(usd(500)), "1 is left")
        #expect(!wallet.reserve(usd(1)), "nothing is left")
        #expect(wallet.balance == usd(10) && wallet.reserved == usd(509))
    }

    @Test(arguments: [0, -1, Int64.min])
    func refusesWhereNothingIsLeft(balance: Int64) {
        let wallet = Wallet(balance: usd(balance))
        #expect(!wallet.reserve(usd(1)))
        #expect(!wallet.reserve(.zero), "a free request needs a balance too")
        #expect(wallet.reserved == .zero)
    }

    @Test func settlingTakesTheCostAndReleasesTheEstimate() {
        let wallet = Wallet(balance: usd(100))
        #expect(wallet.reserve(usd(60)))
        wallet.settle(reserved: usd(60), cost: usd(130))
        #expect(wallet.balance == usd(-30) && wallet.reserved == .zero)
        #expect(!wallet.reserve(usd(1)))
        wallet.credit(usd(31))
        #expect(wallet.reserve(usd(1)))
    }

    @Test func voidingTakesNothing() {
        let wallet = Wallet(balance: usd(100))
        #expect(wallet.reserve(usd(60)))
        wallet.void(reserved: usd(60))
        #expect(wallet.balance == usd(100) && wallet.reserved == .zero)
    }

    @Test func anUnlimitedWalletRefusesNothing() {
        let wallet = Wallet(balance: nil)
        for _ in 0..<3 { #expect(wallet.reserve(usd(.max))) }
        wallet.credit(usd(5))
        wallet.settle(reserved: usd(.max), cost: usd(5))
        #expect(wallet.balance == nil)
    }

    @Test func whatIsReservedOutlivesANewBalance() {
        let wallet = Wallet(balance: nil)
        #expect(wallet.reserve(usd(40)))
        wallet.replaceBalance(usd(40))
        #expect(!wallet.reserve(usd(1)))
        wallet.settle(reserved: usd(40), cost: usd(10))
        #expect(wallet.balance == usd(30) && wallet.reserved == .zero)
        wallet.replaceBalance(nil)
        #expect(wallet.balance == nil)
    }

    @Test func amountsBelowZeroReserveNothing() {
        let wallet = Wallet(balance: usd(10))
        #expect(wallet.reserve(usd(-5)))
        #expect(wallet.reserved == .zero)
        wallet.void(reserved: usd(-5))
        #expect(wallet.reserved == .zero)
    }

    @Test func theEndsOfTheRangeDoNotTrap() {
        let wallet = Wallet(balance: usd(.max))
        wallet.credit(usd(.max))
        #expect(wallet.balance == usd(.max))
        wallet.settle(reserved: usd(.max), cost: usd(.min))
        #expect(wallet.balance == usd(.max) && wallet.reserved == .zero)
        wallet.settle(reserved: .zero, cost: usd(.max))
        wallet.settle(reserved: .zero, cost: usd(.max))
        wallet.settle(reserved: .zero, cost: usd(.max))
        #expect(wallet.balance == usd(.min))
    }

    /// ```
    /// eight tasks, each again and again        the wallet
    /// reserve(estimate) ────────────────────▶  refuses once balance ≤ reserved
    /// settle(estimate, cost ≤ estimate)  ───▶  balance − cost, reserved − estimate
    /// or void(estimate)  ───────────────────▶  reserved − estimate
    /// ```
    /// An estimate is let in only while something is left, so the balance stays above minus one estimate.
    @Test(arguments: [21, 22, 23, 24] as [UInt64])
    func racingExchangesNeverOverdrawByMoreThanOneEstimate(seed: UInt64) async {
        let opening: Int64 = 200_000
        let estimate: Int64 = 1_000
        let wallet = Wallet(balance: usd(opening))
        let spent = await withTaskGroup(of: Int64.self) { group in
            for task in 0..<8 as Range<UInt64> {
                group.addTask {
                    var generator = SeededGenerator(seed: seed &* 100 &+ task)
                    var spent: Int64 = 0
                    for _ in 0..<2_000 {
                        guard wallet.reserve(NanoUSD(units: estimate)) else { continue }
                        if generator.next().isMultiple(of: 4) {
                            wallet.void(reserved: NanoUSD(units: estimate))
                        } else {
                            let cost = Int64.random(in: 0...estimate, using: &generator)
                            spent += cost
                            wallet.settle(reserved: NanoUSD(units: estimate), cost: NanoUSD(units: cost))
                        }
                    }
                    return spent
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wallet.reserved == .zero, "seed \(seed)")
        #expect(wallet.balance == usd(opening - spent), "seed \(seed)")
        #expect(opening - spent > -estimate, "seed \(seed)")
        #expect(spent > opening - 2 * estimate, "the balance was really fought over, seed \(seed)")
    }
}
