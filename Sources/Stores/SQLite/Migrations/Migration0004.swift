extension Migration {
    /// What the vendors' caches saved in each exchange, and why they missed: rows of the few that did.
    static let caching = Migration(
        version: 4, name: "caching",
        up: """
            ALTER TABLE requests ADD COLUMN cache_saved_nano_usd INTEGER NOT NULL DEFAULT 0;
            CREATE TABLE cache_misses (
                request_id TEXT NOT NULL PRIMARY KEY,
                cause TEXT NOT NULL,
                block INTEGER,
                block_kind TEXT,
                missed_tokens INTEGER NOT NULL,
                lost_nano_usd INTEGER NOT NULL
            ) WITHOUT ROWID;
            """,
        down: """
            DROP TABLE cache_misses;
            ALTER TABLE requests DROP COLUMN cache_saved_nano_usd;
            """)
}
