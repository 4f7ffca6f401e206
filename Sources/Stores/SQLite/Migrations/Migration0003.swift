extension Migration {
    /// Prices (pico-USD a token) and credits. A credit outlives its user, as the rows of what was used do.
    static let money = Migration(
        version: 3, name: "money",
        up: """
            CREATE TABLE model_pricing (
                id INTEGER PRIMARY KEY,
                model TEXT NOT NULL,
                provider TEXT,
                prompt_price INTEGER NOT NULL,
                completion_price INTEGER NOT NULL,
                cache_read_price INTEGER NOT NULL,
                cache_write_price INTEGER NOT NULL,
                cache_write_1h_price INTEGER,
                effective_from_seconds INTEGER NOT NULL,
                updated_at_seconds INTEGER NOT NULL
            );
            CREATE INDEX model_pricing_model ON model_pricing (model, provider, effective_from_seconds);
            CREATE TABLE credits (
                idempotency_key TEXT NOT NULL PRIMARY KEY,
                user_id TEXT NOT NULL,
                amount_nano_usd INTEGER NOT NULL,
                note TEXT NOT NULL,
                created_at_seconds INTEGER NOT NULL
            );
            CREATE INDEX credits_user ON credits (user_id, created_at_seconds);
            """,
        down: """
            DROP TABLE credits;
            DROP TABLE model_pricing;
            """)
}
