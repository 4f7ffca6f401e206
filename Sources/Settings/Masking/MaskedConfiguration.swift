/// The whole configuration as JSON in the file's key names, secrets as `***`, durations and money as text.
///
/// `usage` and `logging` have no section in the file, only variables; they are shown under these names all the same.
package enum MaskedConfiguration {
    package static func json(_ configuration: Configuration) -> String {
        JSONValue.object([
            .init("server", server(configuration.server)),
            .init("storage", storage(configuration.storage)),
            .init("shared_state", .object([.init("url", .maskedURL(configuration.sharedState.url))])),
            .init("messaging", .object([.init("url", .maskedURL(configuration.messaging.url))])),
            .init("auth", auth(configuration.auth)),
            .init("outbound", .object([.init("allow", .strings(configuration.outbound.allow))])),
            .init("providers", .array(configuration.providers.map(provider))),
            .init("models", .array(configuration.models.map(model))),
            .init("routes", .array(configuration.routes.map(route))),
            .init("limits", limits(configuration.limits)),
            .init("billing", billing(configuration.billing)),
            .init("telemetry", telemetry(configuration.telemetry)),
            .init("alerts", .object([.init("webhooks", .array(configuration.alerts.webhooks.map(webhook)))])),
            .init("usage", usage(configuration.usage)),
            .init("logging", logging(configuration.logging)),
        ]).text
    }

    private static func server(_ server: ServerSettings) -> JSONValue {
        .object([
            .init("listen", .address(server.listen)),
            .init("control", .address(server.control)),
            .init("max_request_bytes", .integer(server.maxRequestBytes)),
            .init("max_response_bytes", .integer(server.maxResponseBytes)),
            .init("max_concurrency", .integer(server.maxConcurrency)),
            .init("request_timeout", .duration(server.requestTimeout)),
            .init("idle_timeout", .duration(server.idleTimeout)),
            .init("drain_timeout", .duration(server.drainTimeout)),
            .init("trusted_proxies", .strings(server.trustedProxies)),
            .init(
                "tls",
                server.tls.map { tls in
                    // Paths of files, not their contents.
                    .object([
                        .init("certificate", .string(tls.certificate)), .init("key", .string(tls.key)),
                        .init("client_ca", .optional(tls.clientCA)),
                    ])
                } ?? .null),
        ])
    }

    private static func storage(_ storage: StorageSettings) -> JSONValue {
        .object([.init("url", .maskedURL(storage.url)), .init("journal", .optional(storage.journalPath))])
    }

    private static func auth(_ auth: AuthSettings) -> JSONValue {
        .object([
            .init("admin_key", .secret(auth.adminKey)),
            .init("cache_ttl", .duration(auth.cacheTTL)),
            .init("jwt", .object([.init("issuers", .array(auth.jwtIssuers.map(issuer)))])),
        ])
    }

    private static func issuer(_ issuer: JWTIssuerSettings) -> JSONValue {
        .object([
            .init("issuer", .maskedURL(issuer.issuer)),
            .init("jwks_url", issuer.jwksURL.map(JSONValue.maskedURL) ?? .null),
            .init("audience", .optional(issuer.audience)),
            .init("algorithms", .strings(issuer.algorithms)),
            .init("required_scope", .optional(issuer.requiredScope)),
            .init("secret", issuer.secret.map(JSONValue.secret) ?? .null),
            .init("claims", .texts(issuer.claims)),
        ])
    }

    private static func billing(_ billing: BillingSettings) -> JSONValue {
        .object([
            .init("durability", .string(billing.durability.rawValue)),
            .init("unpriced_models", .string(billing.unpricedModels.rawValue)),
        ])
    }

    private static func telemetry(_ telemetry: TelemetrySettings) -> JSONValue {
        .object([
            .init("otlp", telemetry.otlp.map(JSONValue.maskedURL) ?? .null),
            .init("log_bodies", .bool(telemetry.logBodies)),
        ])
    }

    /// Whoever has a webhook's URL can post to it, so only its host is shown.
    private static func webhook(_ webhook: AlertWebhook) -> JSONValue {
        .object([
            .init("kind", .string(webhook.kind)),
            .init("url", .string(MaskedURL.hostOnly(webhook.url))),
            .init("secret", webhook.secret.map(JSONValue.secret) ?? .null),
        ])
    }

    private static func usage(_ usage: UsageSettings) -> JSONValue {
        .object([
            .init("batch_size", .integer(usage.batchSize)),
            .init("flush_interval", .duration(usage.flushInterval)),
            .init("async_enabled", .bool(usage.isAsync)),
        ])
    }

    private static func logging(_ logging: LoggingSettings) -> JSONValue {
        .object([.init("level", .string(logging.level)), .init("json_format", .bool(logging.isJSON))])
    }

    private static func route(_ route: RouteSettings) -> JSONValue {
        .object([
            .init("path", .string(route.path)),
            .init("when", .texts(route.when)),
            .init("model", .optional(route.model)),
            .init("version", .optional(route.version)),
            .init("tags", .strings(route.tags)),
        ])
    }
}
