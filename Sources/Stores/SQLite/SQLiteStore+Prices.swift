import GRDB
package import Metering

extension SQLiteStore: PriceStore {
    private static let priceColumns = """
        prompt_price, completion_price, cache_read_price, cache_write_price, cache_write_1h_price
        """

    /// By model, then provider, those for every provider first. What is effective only later is left out.
    package func prices() async throws(StoreError) -> [PriceEntry] {
        let now = now()
        return try await reading { database in
            let select = try database.statement(
                """
                SELECT model, provider, max(effective_from_seconds), \(Self.priceColumns) FROM model_pricing
                WHERE effective_from_seconds <= ?
                GROUP BY model, provider ORDER BY model, provider
                """)
            try select.bind(now, at: 1)
            return try select.all { row in
                PriceEntry(
                    model: row.text(0), provider: row.optionalText(1), price: Self.readPrice(row, from: 3),
                    effectiveFrom: row.integer(2))
            }
        }
    }

    /// An entry of the same model, provider and `effectiveFrom` is replaced.
    package func putPrice(_ entry: PriceEntry) async throws(StoreError) {
        let now = now()
        try await changing { database in
            let delete = try database.statement(
                "DELETE FROM model_pricing WHERE model = ? AND provider IS ? AND effective_from_seconds = ?")
            try delete.bind(entry.model, at: 1)
            try delete.bind(entry.provider, at: 2)
            try delete.bind(entry.effectiveFrom, at: 3)
            try delete.run()
            let insert = try database.statement(
                """
                INSERT INTO model_pricing
                    (model, provider, effective_from_seconds, \(Self.priceColumns), updated_at_seconds)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
            try insert.bind(entry.model, at: 1)
            try insert.bind(entry.provider, at: 2)
            try insert.bind(entry.effectiveFrom, at: 3)
            try insert.bind(entry.price.promptPicoUSD, at: 4)
            try insert.bind(entry.price.completionPicoUSD, at: 5)
            try insert.bind(entry.price.cacheReadPicoUSD, at: 6)
            try insert.bind(entry.price.cacheWritePicoUSD, at: 7)
            try insert.bind(entry.price.cacheWrite1hPicoUSD, at: 8)
            try insert.bind(now, at: 9)
            try insert.run()
        }
    }

    /// The price in force for what a provider was asked for: its own, or else the model's everywhere.
    static func price(model: String, provider: String, now: Int64, in database: Database) throws -> Price? {
        let select = try database.statement(
            """
            SELECT \(priceColumns) FROM model_pricing
            WHERE model = ? AND (provider = ? OR provider IS NULL) AND effective_from_seconds <= ?
            ORDER BY provider IS NULL, effective_from_seconds DESC LIMIT 1
            """)
        try select.bind(model, at: 1)
        try select.bind(provider, at: 2)
        try select.bind(now, at: 3)
        return try select.first { readPrice($0, from: 0) }
    }

    private static func readPrice(_ row: SQLStatement, from column: Int32) -> Price {
        Price(
            promptPicoUSD: row.integer(column), completionPicoUSD: row.integer(column + 1),
            cacheReadPicoUSD: row.integer(column + 2), cacheWritePicoUSD: row.integer(column + 3),
            cacheWrite1hPicoUSD: row.optionalInteger(column + 4))
    }
}
