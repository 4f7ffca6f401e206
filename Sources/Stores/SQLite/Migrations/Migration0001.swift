extension Migration {
    /// Users, their keys, and what the process remembers. Lists (`allowed_models`, `scopes`, `allowed_ips`) are JSON.
    static let identity = Migration(
        version: 1, name: "identity",
        up: """
            CREATE TABLE users (
                id TEXT NOT NULL PRIMARY KEY,
                email TEXT NOT NULL,
                name TEXT NOT NULL,
                plan TEXT NOT NULL,
                quota_limit INTEGER,
                balance_nano_usd INTEGER,
                created_at_seconds INTEGER NOT NULL,
                updated_at_seconds INTEGER NOT NULL
            );
            CREATE UNIQUE INDEX users_email ON users (email);
            CREATE INDEX users_age ON users (created_at_seconds, id);
            CREATE TABLE api_keys (
                id TEXT NOT NULL PRIMARY KEY,
                user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                key_hash TEXT NOT NULL,
                key_prefix TEXT NOT NULL,
                revoked INTEGER NOT NULL,
                allowed_models TEXT,
                scopes TEXT NOT NULL,
                allowed_ips TEXT,
                rate_limit INTEGER,
                tokens_per_minute INTEGER,
                budget_nano_usd INTEGER,
                expires_at_seconds INTEGER,
                created_at_seconds INTEGER NOT NULL
            );
            CREATE UNIQUE INDEX api_keys_hash ON api_keys (key_hash);
            CREATE INDEX api_keys_user ON api_keys (user_id, created_at_seconds, id);
            CREATE INDEX api_keys_age ON api_keys (created_at_seconds, id);
            CREATE TABLE process_memory (
                name TEXT NOT NULL PRIMARY KEY,
                value TEXT NOT NULL
            ) WITHOUT ROWID;
            """,
        down: """
            DROP TABLE process_memory;
            DROP TABLE api_keys;
            DROP TABLE users;
            """)
}
