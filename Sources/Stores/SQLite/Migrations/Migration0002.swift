extension Migration {
    /// What was used. Rows outlive the users they name, so nothing here refers to `users`. Attempts are kept under the
    /// request's short key, in the order they are written: a long id there would cost a random page for each row.
    static let usage = Migration(
        version: 2, name: "usage",
        up: """
            CREATE TABLE requests (
                sequence INTEGER PRIMARY KEY,
                id TEXT NOT NULL,
                client_request_id TEXT,
                user_id TEXT NOT NULL,
                api_key_id TEXT NOT NULL,
                model TEXT NOT NULL,
                provider TEXT NOT NULL,
                upstream_model TEXT NOT NULL,
                prompt_tokens INTEGER NOT NULL,
                completion_tokens INTEGER NOT NULL,
                cache_read_tokens INTEGER NOT NULL,
                cache_write_tokens INTEGER NOT NULL,
                cache_write_1h_tokens INTEGER NOT NULL,
                reasoning_tokens INTEGER NOT NULL,
                audio_tokens INTEGER NOT NULL,
                image_tokens INTEGER NOT NULL,
                cost_nano_usd INTEGER NOT NULL,
                vendor_cost_nano_usd INTEGER NOT NULL,
                latency_microseconds INTEGER NOT NULL,
                first_token_microseconds INTEGER,
                status TEXT NOT NULL,
                http_status INTEGER NOT NULL,
                estimated INTEGER NOT NULL,
                stream INTEGER NOT NULL,
                error_code TEXT,
                prefix_hash INTEGER NOT NULL,
                vendor_usage TEXT,
                created_at_microseconds INTEGER NOT NULL
            );
            CREATE UNIQUE INDEX requests_id ON requests (id);
            CREATE INDEX requests_age ON requests (created_at_microseconds, id);
            CREATE INDEX requests_user ON requests (user_id, created_at_microseconds);
            CREATE TABLE attempts (
                request_sequence INTEGER NOT NULL,
                position INTEGER NOT NULL,
                provider TEXT NOT NULL,
                upstream_model TEXT NOT NULL,
                provider_key_id TEXT NOT NULL,
                http_status INTEGER NOT NULL,
                latency_microseconds INTEGER NOT NULL,
                error_type TEXT,
                prompt_tokens INTEGER NOT NULL,
                completion_tokens INTEGER NOT NULL,
                cache_read_tokens INTEGER NOT NULL,
                cache_write_tokens INTEGER NOT NULL,
                cache_write_1h_tokens INTEGER NOT NULL,
                reasoning_tokens INTEGER NOT NULL,
                audio_tokens INTEGER NOT NULL,
                image_tokens INTEGER NOT NULL,
                vendor_cost_nano_usd INTEGER NOT NULL,
                PRIMARY KEY (request_sequence, position)
            ) WITHOUT ROWID;
            CREATE TABLE daily_usage (
                time_seconds INTEGER NOT NULL,
                user_id TEXT NOT NULL,
                model TEXT NOT NULL,
                provider TEXT NOT NULL,
                prompt_tokens INTEGER NOT NULL,
                completion_tokens INTEGER NOT NULL,
                cache_read_tokens INTEGER NOT NULL,
                request_count INTEGER NOT NULL,
                cost_nano_usd INTEGER NOT NULL,
                cache_hit_count INTEGER NOT NULL,
                PRIMARY KEY (time_seconds, user_id, model, provider)
            ) WITHOUT ROWID;
            CREATE TABLE cache_stats (
                id INTEGER PRIMARY KEY,
                user_id TEXT NOT NULL,
                model TEXT NOT NULL,
                provider TEXT NOT NULL,
                hit_count INTEGER NOT NULL,
                miss_count INTEGER NOT NULL,
                saved_tokens INTEGER NOT NULL,
                saved_nano_usd INTEGER NOT NULL,
                date_seconds INTEGER NOT NULL
            );
            CREATE UNIQUE INDEX cache_stats_key ON cache_stats (date_seconds, user_id, model, provider);
            """,
        down: """
            DROP TABLE cache_stats;
            DROP TABLE daily_usage;
            DROP TABLE attempts;
            DROP TABLE requests;
            """)
}
