internal import Synchronization

/// A user's prepaid balance in this process: what they have, and what running exchanges may still take.
///
/// Every exchange that `reserve` let in ends with exactly one `settle` or `void` of the same amount. Sums saturate at
/// the ends of `NanoUSD` and amounts below zero count as zero where they are reserved, so no input traps.
package final class Wallet: Sendable {
    private struct State {
        var balance: NanoUSD?
        var reserved = NanoUSD.zero

        mutating func release(_ estimate: NanoUSD) {
            reserved = max(.zero, reserved.saturatingSubtracting(max(.zero, estimate)))
        }
    }

    private let state: Mutex<State>

    /// - Parameter balance: nil: the user is not limited by balance.
    package init(balance: NanoUSD?) {
        state = Mutex(State(balance: balance))
    }

    /// What is left before running exchanges are paid; nil: not limited. Below zero after an answer that cost more than
    /// the user had.
    package var balance: NanoUSD? { state.withLock { $0.balance } }

    /// The estimates of running exchanges, together. Never below zero.
    package var reserved: NanoUSD { state.withLock { $0.reserved } }

    /// Holds an estimate back for one exchange; false: the user has nothing left that is not held back already.
    ///
    /// Any positive rest lets one more exchange begin, even a dearer one. So the balance falls below zero by less than
    /// the last estimate let in, and by what exchanges cost beyond their estimates.
    package func reserve(_ estimate: NanoUSD) -> Bool {
        state.withLock { state in
            if let balance = state.balance, balance <= state.reserved { return false }
            state.reserved = state.reserved.saturatingAdding(max(.zero, estimate))
            return true
        }
    }

    /// Ends an exchange: its estimate is released and its cost taken. Also for a wallet that became unlimited
    /// meanwhile.
    package func settle(reserved estimate: NanoUSD, cost: NanoUSD) {
        state.withLock { state in
            state.release(estimate)
            state.balance = state.balance?.saturatingSubtracting(cost)
        }
    }

    /// Ends an exchange that cost nothing.
    package func void(reserved estimate: NanoUSD) {
        state.withLock { $0.release(estimate) }
    }

    /// Adds money, or, negative, takes it. Without effect on an unlimited wallet.
    package func credit(_ amount: NanoUSD) {
        state.withLock { $0.balance = $0.balance?.saturatingAdding(amount) }
    }

    /// Puts the main store's balance in place of this one; nil: no longer limited. What is reserved stays.
    ///
    /// The caller makes sure that costs settled here are in it already, or takes them off.
    package func replaceBalance(_ balance: NanoUSD?) {
        state.withLock { $0.balance = balance }
    }
}
