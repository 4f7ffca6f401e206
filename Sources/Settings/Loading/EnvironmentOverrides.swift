/// Variables that stand in for one scalar each, over the file and over the defaults. An empty one counts as unset.
enum EnvironmentOverrides {
    static func apply(to configuration: inout Configuration, log: IssueLog) {
        applyStores(to: &configuration, log: log)
        applyServer(to: &configuration, log: log)
        applyLogging(to: &configuration.logging, log: log)
        applyUsage(to: &configuration, log: log)
        applyBreaker(to: &configuration, log: log)
        read("AUTH_CACHE_TTL", for: "auth.cache_ttl", into: &configuration.auth.cacheTTL, log: log) {
            log.duration($0, in: Bounds.cacheTTL)
        }
        read("RATE_LIMIT_ENABLED", for: "", into: &configuration.limits.isEnabled, log: log, log.flag)
    }

    private static func applyStores(to configuration: inout Configuration, log: IssueLog) {
        read("DATABASE_URL", for: "storage.url", into: &configuration.storage.url, log: log, log.storageURL)
        read("REDIS_URL", for: "shared_state.url", into: &configuration.sharedState.url, log: log, log.sharedStateURL)
        read("NATS_URL", for: "messaging.url", into: &configuration.messaging.url, log: log, log.messagingURL)
    }

    private static func applyServer(to configuration: inout Configuration, log: IssueLog) {
        read("LISTEN", for: "server.listen", into: &configuration.server.listen, log: log, log.listenAddress)
        read("CONTROL_LISTEN", for: "server.control", into: &configuration.server.control, log: log, log.listenAddress)
        read("MAX_REQUEST_BYTES", for: "", into: &configuration.server.maxRequestBytes, log: log) {
            log.size($0, in: Bounds.bodyBytes)
        }
        read("MAX_RESPONSE_BYTES", for: "", into: &configuration.server.maxResponseBytes, log: log) {
            log.size($0, in: Bounds.bodyBytes)
        }
        read("GATEWAY_MAX_CONCURRENCY", for: "", into: &configuration.server.maxConcurrency, log: log) {
            log.integer($0, in: Bounds.concurrency)
        }
    }

    private static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

    private static func applyLogging(to logging: inout LoggingSettings, log: IssueLog) {
        read("LOG_LEVEL", for: "", into: &logging.level, log: log) { scalar in
            let level = scalar.text.lowercased() == "warn" ? "warning" : scalar.text.lowercased()
            guard logLevels.contains(level) else {
                log.error(scalar.place, "is not a log level", fix: "one of: \(logLevels.joined(separator: ", "))")
                return nil
            }
            return level
        }
        read("LOG_JSON_FORMAT", for: "", into: &logging.isJSON, log: log, log.flag)
    }

    private static func applyUsage(to configuration: inout Configuration, log: IssueLog) {
        read("USAGE_BATCH_SIZE", for: "", into: &configuration.usage.batchSize, log: log) {
            log.integer($0, in: Bounds.batch)
        }
        read("USAGE_FLUSH_INTERVAL", for: "", into: &configuration.usage.flushInterval, log: log) {
            log.duration($0, in: Bounds.wait)
        }
        var isAsync: Bool?
        read("USAGE_ASYNC_ENABLED", for: "billing.durability", into: &isAsync, log: log, log.flag)
        guard let isAsync else { return }
        configuration.usage.isAsync = isAsync
        configuration.billing.durability = isAsync ? .journal : .sync
    }

    /// For every provider. A threshold with a point is the share of failures (`failure_ratio`), a whole number the calls
    /// a window must have seen (`minimum_requests`).
    private static func applyBreaker(to configuration: inout Configuration, log: IssueLog) {
        var ratio: Double?
        var minimum: Int?
        if let threshold = scalar("CIRCUIT_BREAKER_FAILURE_THRESHOLD", for: "", log: log) {
            if threshold.text.contains(".") {
                ratio = log.fraction(threshold, in: Bounds.share)
            } else {
                minimum = log.integer(threshold, in: Bounds.count)
            }
        }
        var openFor: Duration?
        read("CIRCUIT_BREAKER_RESET_SECONDS", for: "", into: &openFor, log: log) {
            log.integer($0, in: 1...86_400).map { .seconds($0) }
        }
        for index in configuration.providers.indices {
            var breaker = configuration.providers[index].breaker
            breaker.failureRatio = ratio ?? breaker.failureRatio
            breaker.minimumRequests = minimum ?? breaker.minimumRequests
            breaker.openFor = openFor ?? breaker.openFor
            breaker.openForMax = max(breaker.openForMax, breaker.openFor)
            configuration.providers[index].breaker = breaker
        }
    }

    private static func read<Value>(
        _ name: String, for pattern: String, into member: inout Value, log: IssueLog, _ parse: (ScalarText) -> Value?
    ) {
        if let scalar = scalar(name, for: pattern, log: log), let value = parse(scalar) { member = value }
    }

    private static func read<Value>(
        _ name: String, for pattern: String, into member: inout Value?, log: IssueLog, _ parse: (ScalarText) -> Value?
    ) {
        if let scalar = scalar(name, for: pattern, log: log), let value = parse(scalar) { member = value }
    }

    private static func scalar(_ name: String, for pattern: String, log: IssueLog) -> ScalarText? {
        guard let text = log.environment[name], !text.isEmpty else { return nil }
        let scalar = ScalarText(text: text, shown: "", place: .variable(name, for: pattern))
        UnbuiltFeatures.note(scalar, log: log)
        return scalar
    }
}
