extension Migration {
    /// What was used. Rows outlive the users they name, so nothing here refers to `users`. Ids begin with the time, so
    /// that new rows and their index entries go to the end, where the pages are at hand.
    /// `cache_stats` says of the same sums what concerns caching; as a table it would cost every batch as much again.
    static let usage = Migration(
        version: 2, name: "usage",
        up: """
            CREATE TABLE requests (
                id TEXT NOT NULL PRIMARY KEY,
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
            CREATE INDEX requests_age ON requests (created_at_microseconds, id);
            CREATE INDEX requests_user ON requests (user_id, created_at_microseconds);
            CREATE TABLE attempts (
                request_id TEXT NOT NULL,
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
                PRIMARY KEY (request_id, position)
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
                cache_miss_count INTEGER NOT NULL,
                saved_nano_usd INTEGER NOT NULL,
                PRIMARY KEY (time_seconds, user_id, model, provider)
            ) WITHOUT ROWID;
            CREATE VIEW cache_stats AS
                SELECT time_seconds || '/' || user_id || '/' || model || '/' || provider AS id, user_id, model, provider,
                    cache_hit_count AS hit_count, cache_miss_count AS miss_count, cache_read_tokens AS saved_tokens,
                    saved_nano_usd, time_seconds AS date_seconds
                FROM daily_usage WHERE cache_hit_count > 0 OR cache_miss_count > 0;
            """,
        down: """
            DROP VIEW cache_stats;
            DROP TABLE daily_usage;
            DROP TABLE attempts;
            DROP TABLE requests;
            """)
}
