extension MaskedConfiguration {
    static func provider(_ provider: ProviderSettings) -> JSONValue {
        .object([
            .init("name", .string(provider.name)),
            .init("kind", .string(provider.kind.rawValue)),
            .init("base_url", .string(provider.baseURL.text)),
            .init("region", .optional(provider.region)),
            .init("keys", .array(provider.keys.map(key))),
            .init(
                "timeouts",
                .object([
                    .init("connect", .duration(provider.timeouts.connect)),
                    .init("first_byte", .duration(provider.timeouts.firstByte)),
                ])),
            .init(
                "pool",
                .object([
                    .init("max_connections", .integer(provider.pool.maxConnections)),
                    .init("idle_timeout", .duration(provider.pool.idleTimeout)),
                ])),
            .init("headers", .object(provider.headers.map { .init($0.name, .secret($0.value)) })),
            .init("api_version", .optional(provider.apiVersion)),
            .init("proxy", .optional(provider.proxy?.text)),
            .init("ca_file", .optional(provider.caFile)),
            .init("limits", provider.limits.map(limits) ?? .null),
            .init("breaker", breaker(provider.breaker)),
            .init("health", provider.health.map(health) ?? .null),
            .init("allow_private", .bool(provider.allowPrivate)),
        ])
    }

    private static func key(_ key: ProviderKeySettings) -> JSONValue {
        .object([
            .init("id", .string(key.id)),
            .init("value", .secret(key.value)),
            .init("weight", .integer(key.weight)),
            .init("tier", .optional(key.tier)),
            .init("scene", .optional(key.scene)),
        ])
    }

    private static func limits(_ limits: ProviderLimits) -> JSONValue {
        .object([
            .init("requests_per_second", .optional(limits.requestsPerSecond)),
            .init("tokens_per_day", .optional(limits.tokensPerDay)),
            .init("concurrency", .optional(limits.concurrency)),
        ])
    }

    private static func breaker(_ breaker: BreakerSettings) -> JSONValue {
        .object([
            .init("window", .duration(breaker.window)),
            .init("buckets", .integer(breaker.buckets)),
            .init("failure_ratio", .fraction(breaker.failureRatio)),
            .init("minimum_requests", .integer(breaker.minimumRequests)),
            .init("open_for", .duration(breaker.openFor)),
            .init("open_for_max", .duration(breaker.openForMax)),
            .init("half_open_successes", .integer(breaker.halfOpenSuccesses)),
        ])
    }

    private static func health(_ health: ProviderHealthSettings) -> JSONValue {
        .object([
            .init("path", .string(health.path)),
            .init("interval", .duration(health.interval)),
            .init("timeout", .duration(health.timeout)),
        ])
    }
}
