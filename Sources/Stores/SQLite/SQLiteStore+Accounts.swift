package import FoundationEssentials
import GRDB
package import Metering

extension SQLiteStore: AccountStore {
    package func balance(user: UUID) async throws(StoreError) -> NanoUSD? {
        try await reading { try Self.balance(user, in: $0) }
    }

    /// A user without a balance limit becomes prepaid with the amount. A sum that leaves the range of money throws
    /// `conflict(field: "amount")` and adds nothing.
    package func credit(
        user: UUID, amount: NanoUSD, note: String, idempotencyKey: String
    ) async throws(StoreError) -> NanoUSD {
        let now = now()
        return try await changing { database in
            let old = try Self.balance(user, in: database)
            if let known = try Self.credit(idempotencyKey, in: database) {
                guard known.user == user, known.amount == amount else {
                    throw StoreError.conflict(field: "Idempotency-Key")
                }
                return old ?? .zero
            }
            guard let new = try? (old ?? .zero).adding(amount) else { throw StoreError.conflict(field: "amount") }
            let insert = try database.statement(
                """
                INSERT INTO credits (idempotency_key, user_id, amount_nano_usd, note, created_at_seconds)
                VALUES (?, ?, ?, ?, ?)
                """)
            try insert.bind(idempotencyKey, at: 1)
            try insert.bind(user, at: 2)
            try insert.bind(amount.units, at: 3)
            try insert.bind(note, at: 4)
            try insert.bind(now, at: 5)
            try insert.run()
            let update = try database.statement("UPDATE users SET balance_nano_usd = ? WHERE id = ?")
            try update.bind(new.units, at: 1)
            try update.bind(user, at: 2)
            try update.run()
            return new
        }
    }

    /// Throws `notFound` for an unknown user.
    private static func balance(_ user: UUID, in database: Database) throws -> NanoUSD? {
        let select = try database.statement("SELECT balance_nano_usd FROM users WHERE id = ?")
        try select.bind(user, at: 1)
        guard let balance = try select.first({ $0.optionalInteger(0) }) else { throw StoreError.notFound }
        return balance.map(NanoUSD.init(units:))
    }

    private static func credit(_ key: String, in database: Database) throws -> (user: UUID, amount: NanoUSD)? {
        let select = try database.statement(
            "SELECT user_id, amount_nano_usd FROM credits WHERE idempotency_key = ?")
        try select.bind(key, at: 1)
        return try select.first { (try $0.id(0), NanoUSD(units: $0.integer(1))) }
    }
}
