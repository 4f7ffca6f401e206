import FoundationEssentials
import Identity
import Metering

/// The main store's ports over plain memory, for tests: it behaves as the other stores do, and forgets with the process.
///
/// Texts are compared byte for byte, as databases do, not by Unicode equivalence.
package actor InMemoryStore {
    struct Credit {
        var user: UUID
        var amount: NanoUSD
    }

    var users: [UUID: User] = [:]
    /// Of users who have a limit.
    var balances: [UUID: NanoUSD] = [:]
    var keys: [UUID: APIKey] = [:]
    var credits: [[UInt8]: Credit] = [:]
    var entries: [PriceEntry] = []
    var records: [UUID: UsageRecord] = [:]
    var memory: [[UInt8]: String] = [:]
    /// Seconds since 1970.
    let now: @Sendable () -> Int64

    /// - Parameter now: seconds since 1970, for what expires and for prices to come.
    package init(now: (@Sendable () -> Int64)? = nil) {
        self.now = now ?? { Int64(Date().timeIntervalSince1970) }
    }
}

extension InMemoryStore: ProcessMemory {
    package func recall(_ name: String) -> String? { memory[Array(name.utf8)] }

    package func remember(_ name: String, _ value: String) { memory[Array(name.utf8)] = value }
}

extension String {
    /// Byte for byte.
    func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    /// By bytes.
    func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
