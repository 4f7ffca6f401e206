extension ProviderSection {
    func readConnections(_ reader: MappingReader, into provider: inout ProviderSettings) {
        reader.section("timeouts") { section in
            section.read("connect", into: &provider.timeouts.connect) { log.duration($0, in: Bounds.wait) }
            section.read("first_byte", into: &provider.timeouts.firstByte) { log.duration($0, in: Bounds.wait) }
        }
        reader.section("pool") { section in
            section.read("max_connections", into: &provider.pool.maxConnections) {
                log.integer($0, in: Bounds.connections)
            }
            section.read("idle_timeout", into: &provider.pool.idleTimeout) { log.duration($0, in: Bounds.wait) }
        }
    }

    func readBounds(_ reader: MappingReader, into provider: inout ProviderSettings) {
        reader.section("limits") { section in
            var limits = ProviderLimits()
            section.read("requests_per_second", into: &limits.requestsPerSecond) { log.integer($0, in: Bounds.rate) }
            section.read("tokens_per_day", into: &limits.tokensPerDay) { log.integer($0, in: Bounds.rate) }
            section.read("concurrency", into: &limits.concurrency) { log.integer($0, in: Bounds.rate) }
            provider.limits = limits
        }
        reader.section("breaker") { readBreaker($0, into: &provider.breaker) }
        reader.section("health") { section in
            var health = ProviderHealthSettings(path: "")
            if let path = section.requiredText("path", fix: "path: /models") {
                if path.text.hasPrefix("/"), path.text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
                    health.path = path.text
                } else {
                    log.error(path.place, "\(path.quoted)is not a path", fix: "path: /models")
                }
            }
            section.read("interval", into: &health.interval) { log.duration($0, in: Bounds.wait) }
            section.read("timeout", into: &health.timeout) { log.duration($0, in: Bounds.wait) }
            provider.health = health
        }
    }

    private func readBreaker(_ section: MappingReader, into breaker: inout BreakerSettings) {
        section.read("window", into: &breaker.window) { log.duration($0, in: Bounds.wait) }
        section.read("buckets", into: &breaker.buckets) { log.integer($0, in: Bounds.buckets) }
        section.read("failure_ratio", into: &breaker.failureRatio) { log.fraction($0, in: Bounds.share) }
        section.read("minimum_requests", into: &breaker.minimumRequests) { log.integer($0, in: Bounds.count) }
        section.read("open_for", into: &breaker.openFor) { log.duration($0, in: Bounds.wait) }
        section.read("open_for_max", into: &breaker.openForMax) { log.duration($0, in: Bounds.wait) }
        section.read("half_open_successes", into: &breaker.halfOpenSuccesses) { log.integer($0, in: Bounds.count) }
        guard breaker.openForMax < breaker.openFor else { return }
        if section.has("open_for_max") {
            log.error(section.place(of: "open_for_max"), "is shorter than `open_for`")
        } else {
            breaker.openForMax = breaker.openFor
        }
    }
}
