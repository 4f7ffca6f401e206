import Telemetry
import Testing

extension ExchangeMetrics {
    fileprivate func record(
        _ status: MetricsStatus = .success, duration: Int64 = 1_000, overhead: Int64 = 10, firstToken: Int64? = nil,
        prompt: Int64 = 0, completion: Int64 = 0, read: Int64 = 0, written: Int64 = 0, cost: Int64 = 0
    ) {
        recordFinished(
            status: status, durationMicroseconds: duration, overheadMicroseconds: overhead,
            timeToFirstTokenMicroseconds: firstToken, promptTokens: prompt, completionTokens: completion,
            cacheReadTokens: read, cacheWriteTokens: written, costNanoUSD: cost)
    }
}

@Suite struct MetricsRegistryTests {
    private let registry = MetricsRegistry()

    private func page() throws -> PrometheusParser { try PrometheusParser(registry.render()) }

    @Test func aMetricWithoutSeriesStillHasHelpAndType() throws {
        let page = try page()
        let expected = [
            "tokenrouter_requests_total": "counter", "tokenrouter_request_duration_seconds": "histogram",
            "tokenrouter_tokens_total": "counter", "tokenrouter_cache_hits_total": "counter",
            "tokenrouter_cache_misses_total": "counter", "tokenrouter_cache_miss_causes_total": "counter",
            "tokenrouter_volatile_prompts_total": "counter", "tokenrouter_cost_usd_total": "counter",
            "tokenrouter_active_streams": "gauge", "tokenrouter_provider_errors_total": "counter",
            "tokenrouter_quota_usage_percent": "gauge", "tokenrouter_shared_state_up": "gauge",
            "tokenrouter_dedup_hits_total": "counter", "tokenrouter_dedup_wait_timeouts_total": "counter",
            "tokenrouter_overhead_seconds": "histogram", "tokenrouter_time_to_first_token_seconds": "histogram",
        ]
        #expect(page.types == expected)
        #expect(Set(page.helps.keys) == Set(expected.keys))
        #expect(page.samples.allSatisfy { $0.name.hasPrefix("tokenrouter_overhead_seconds") })
        #expect(page.value("tokenrouter_overhead_seconds_count") == "0")
    }

    @Test func everyEndingIsCountedUnderItsStatus() throws {
        let exchange = registry.exchange(model: "chat", provider: "acme")
        exchange.record(.success)
        exchange.record(.error)
        exchange.record(.error)
        exchange.record(.cancelled)
        let page = try page()
        func count(_ status: String) -> String? {
            page.value("tokenrouter_requests_total", ["model": "chat", "provider": "acme", "status": status])
        }
        #expect(count("success") == "1")
        #expect(count("error") == "2")
        #expect(count("cancelled") == "1")
    }

    @Test func sharedStateIsToldOfOnceThereIsSome() throws {
        #expect(try page().value("tokenrouter_shared_state_up") == nil)
        registry.setSharedStateUp(false)
        #expect(try page().value("tokenrouter_shared_state_up") == "0")
        registry.setSharedStateUp(true)
        #expect(try page().value("tokenrouter_shared_state_up") == "1")
    }

    @Test func theSamePairHasTheSameCounters() {
        #expect(registry.exchange(model: "m", provider: "p") === registry.exchange(model: "m", provider: "p"))
        #expect(registry.exchange(model: "m", provider: "p") !== registry.exchange(model: "p", provider: "m"))
    }

    @Test func tokensAndCostAddUpOverProviders() throws {
        registry.exchange(model: "chat", provider: "a").record(
            prompt: 100, completion: 7, read: 60, written: 3, cost: 1)
        registry.exchange(model: "chat", provider: "b").record(prompt: 1, completion: 2, cost: 2_000_000_000)
        let page = try page()
        func tokens(_ type: String) -> String? {
            page.value("tokenrouter_tokens_total", ["model": "chat", "type": type])
        }
        #expect(tokens("prompt") == "101")
        #expect(tokens("completion") == "9")
        #expect(tokens("cache_read") == "60")
        #expect(tokens("cache_write") == "3")
        #expect(page.value("tokenrouter_cost_usd_total", ["model": "chat"]) == "2.000000001")
    }

    @Test(arguments: [
        (units: Int64(0), text: "0"), (1, "0.000000001"), (120_000_000, "0.12"), (1_000_000_000, "1"),
        (9_223_372_036_854_775_807, "9223372036.854775807"),
    ])
    func costIsExact(_ expected: (units: Int64, text: String)) throws {
        registry.exchange(model: "m", provider: "p").record(cost: expected.units)
        #expect(try page().value("tokenrouter_cost_usd_total", ["model": "m"]) == expected.text)
    }

    @Test func onlySuccessesAreCacheHitsOrMisses() throws {
        let exchange = registry.exchange(model: "m", provider: "p")
        exchange.record(.success, read: 5)
        exchange.record(.success)
        exchange.record(.success)
        exchange.record(.error, read: 5)
        exchange.record(.cancelled)
        let page = try page()
        #expect(page.value("tokenrouter_cache_hits_total", ["model": "m", "provider": "p"]) == "1")
        #expect(page.value("tokenrouter_cache_misses_total", ["model": "m", "provider": "p"]) == "2")
    }

    @Test func whatIsVolatileIsCountedByKindAndPlaceOverProviders() throws {
        registry.exchange(model: "m", provider: "a").recordVolatile(.date, isMoved: false)
        registry.exchange(model: "m", provider: "b").recordVolatile(.date, isMoved: false)
        registry.exchange(model: "m", provider: "b").recordVolatile(.uuid, isMoved: true)
        let page = try page()
        func count(_ kind: String, _ moved: String) -> String? {
            page.value("tokenrouter_volatile_prompts_total", ["model": "m", "kind": kind, "moved": moved])
        }
        #expect(count("date", "false") == "2")
        #expect(count("date", "true") == nil)
        #expect(count("uuid", "true") == "1")
    }

    @Test func histogramsAreCumulativeAndEndInTheirCount() throws {
        let exchange = registry.exchange(model: "m", provider: "p")
        for duration: Int64 in [-5, 1_000, 1_001, 600_000_000, 600_000_001] { exchange.record(duration: duration) }
        let page = try page()
        let name = "tokenrouter_request_duration_seconds"
        let labels = ["model": "m", "provider": "p"]
        func bucket(_ bound: String) -> String? { page.value(name + "_bucket", labels.merging(["le": bound]) { $1 }) }
        #expect(bucket("0.001") == "2")
        #expect(bucket("0.0025") == "3")
        #expect(bucket("600") == "4")
        #expect(bucket("+Inf") == "5")
        #expect(page.value(name + "_count", labels) == "5")
        #expect(page.value(name + "_sum", labels) == "1200.002002")
    }

    @Test func bucketsRiseInBoundAndCount() throws {
        registry.exchange(model: "m", provider: "p").record(duration: 3_000, overhead: 90, firstToken: 70_000)
        let buckets = try page().samples.filter { $0.name.hasSuffix("_bucket") }
        for (_, group) in Dictionary(grouping: buckets, by: \.name) {
            let bounds = group.compactMap { Double($0.labels["le"] ?? "") }
            #expect(bounds == bounds.sorted() && Set(bounds).count == bounds.count)
            #expect(bounds.last == .infinity)
            let counts = group.compactMap { Int($0.value) }
            #expect(counts == counts.sorted() && counts.first == 0 && counts.last == 1)
        }
        #expect(Set(buckets.map(\.name)).count == 3)
    }

    @Test func aMissingFirstTokenIsNotTimed() throws {
        registry.exchange(model: "m", provider: "p").record(firstToken: nil)
        let name = "tokenrouter_time_to_first_token_seconds_count"
        #expect(try page().value(name, ["model": "m", "provider": "p"]) == "0")
    }

    @Test func streamsAreCountedPerProviderWhileOpen() throws {
        let one = registry.exchange(model: "one", provider: "p")
        let two = registry.exchange(model: "two", provider: "p")
        one.streamStarted()
        two.streamStarted()
        #expect(try page().value("tokenrouter_active_streams", ["provider": "p"]) == "2")
        one.streamEnded()
        two.streamEnded()
        #expect(try page().value("tokenrouter_active_streams", ["provider": "p"]) == "0")
    }

    @Test func providerErrorsDedupHitsAndQuotaShow() throws {
        registry.providerErrors(provider: "p", errorType: "timeout")
        registry.providerErrors(provider: "p", errorType: "timeout")
        registry.dedupHits(model: "m")
        registry.setQuotaUsage(plan: "free", percent: 12.5)
        registry.setQuotaUsage(plan: "free", percent: .nan)
        let page = try page()
        #expect(page.value("tokenrouter_provider_errors_total", ["provider": "p", "error_type": "timeout"]) == "2")
        #expect(page.value("tokenrouter_dedup_hits_total", ["model": "m"]) == "1")
        #expect(page.value("tokenrouter_quota_usage_percent", ["plan": "free"]) == "12.5")
    }

    @Test(arguments: ["a\"b", "back\\slash", "two\nlines", "模型", "\\n", ""])
    func labelsAreEscaped(_ model: String) throws {
        registry.exchange(model: model, provider: "p").record()
        let labels = ["model": model, "provider": "p", "status": "success"]
        #expect(try page().value("tokenrouter_requests_total", labels) == "1")
    }

    @Test func labelSetsAreBounded() throws {
        let bound = MetricsRegistry.maximumSeries
        for index in 0..<bound + 50 {
            registry.exchange(model: "m\(index)", provider: "p").record()
            registry.providerErrors(provider: "p", errorType: "e\(index)")
            registry.dedupHits(model: "d\(index)")
            registry.setQuotaUsage(plan: "q\(index)", percent: 1)
        }
        let page = try page()
        let other = ["model": "other", "provider": "other", "status": "success"]
        #expect(page.value("tokenrouter_requests_total", other) == "50")
        let errors = page.samples.filter { $0.name == "tokenrouter_provider_errors_total" }
        #expect(errors.count == bound + 1)
        for name in ["tokenrouter_dedup_hits_total", "tokenrouter_quota_usage_percent"] {
            #expect(page.samples.filter { $0.name == name }.count <= bound + 1)
        }
    }

    @Test func nothingIsLostBetweenThreads() async throws {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { [registry] in
                    let exchange = registry.exchange(model: "m", provider: "p")
                    for _ in 0..<5_000 { exchange.record(prompt: 1, cost: 1) }
                }
            }
        }
        let page = try page()
        #expect(
            page.value("tokenrouter_requests_total", ["model": "m", "provider": "p", "status": "success"]) == "20000")
        #expect(page.value("tokenrouter_cost_usd_total", ["model": "m"]) == "0.00002")
        #expect(page.value("tokenrouter_overhead_seconds_count") == "20000")
    }

    @Test func extremeNumbersDoNotTrap() throws {
        let exchange = registry.exchange(model: "m", provider: "p")
        for number: Int64 in [.max, .max, .min] {
            exchange.record(
                duration: number, overhead: number, firstToken: number, prompt: number, completion: number,
                read: number,
                written: number, cost: number)
        }
        exchange.streamEnded()
        let page = try page()
        #expect(page.value("tokenrouter_active_streams", ["provider": "p"]) == "0")
    }
}
