import Settings
import Testing

/// What holds when the file is silent.
@Suite struct DefaultsTests {
    @Test func writtenDefaultsAreTheDefaults() throws {
        let written = try #require(
            Outcome(
                """
                server: {listen: "127.0.0.1:8080", control: "127.0.0.1:8081", max_request_bytes: 32MiB, max_response_bytes: 64MiB,
                  max_concurrency: 20000, request_timeout: 10m, idle_timeout: 120s, drain_timeout: 30s, trusted_proxies: []}
                storage: {url: "sqlite:./data/tokenrouter.db"}
                shared_state: {url: "memory:"}
                messaging: {url: "memory:"}
                auth: {cache_ttl: 5s}
                billing: {durability: journal, unpriced_models: reject}
                telemetry: {log_bodies: false}
                limits:
                  plans:
                    free: {requests_per_minute: 20, tokens_per_minute: 40000, tokens_per_month: 1000000, price_multiplier: 1.0}
                    pro: {requests_per_minute: 120, tokens_per_minute: 400000, tokens_per_month: 50000000, price_multiplier: 0.8}
                    enterprise: {price_multiplier: 1.0}
                """
            ).configuration)
        #expect(written == Configuration())
    }

    @Test func providersAndModelsHaveTheContractsDefaults() throws {
        let silent = try #require(Outcome(Minimal.file()).configuration)
        let written = try #require(
            Outcome(
                Minimal.file(
                    provider: """
                        base_url: https://api.openai.com/v1/
                        timeouts: {connect: 5s, first_byte: 120s}
                        pool: {max_connections: 0, idle_timeout: 90s}
                        breaker: {window: 10s, buckets: 10, failure_ratio: 0.5, minimum_requests: 20, open_for: 1s, open_for_max: 30s, half_open_successes: 3}
                        allow_private: false
                        """,
                    target: ", weight: 1",
                    model: """
                        strategy: weighted
                        sticky: user
                        strict: false
                        pipeline: {arrange: safe, cache: auto, max_history_tokens: 0, dedup: deterministic, dedup_wait: 60s, dedup_price: full, response_cache: off}
                        """)
            ).configuration)
        #expect(silent == written)
        #expect(Outcome(Minimal.file()).issues == [])
    }

    @Test func aWrittenPlanReplacesTheBuiltInOneWhole() throws {
        let configuration = try #require(Outcome("limits: {plans: {free: {requests_per_minute: 7}}}").configuration)
        var free = PlanSettings()
        free.rates.requestsPerMinute = 7
        #expect(configuration.limits.plans["free"] == free)
        #expect(configuration.limits.plans["pro"] == LimitsSettings.builtInPlans["pro"])
    }

    @Test(arguments: ProviderKind.allCases)
    func vendorsHaveTheirBaseURLs(_ kind: ProviderKind) {
        let text = """
            providers: [{name: p, kind: \(kind.rawValue), keys: [{value: k}]}]
            """
        let expected: [ProviderKind: String] = [
            .openai: "https://api.openai.com/v1", .anthropic: "https://api.anthropic.com/v1",
            .gemini: "https://generativelanguage.googleapis.com/v1beta", .deepseek: "https://api.deepseek.com/v1",
            .qwen: "https://dashscope.aliyuncs.com/compatible-mode/v1",
            .doubao: "https://ark.cn-beijing.volces.com/api/v3", .simulator: "http://127.0.0.1:9100/v1",
        ]
        let outcome = Outcome(text)
        guard let url = expected[kind] else {
            #expect(outcome.errors.map(\.key) == ["providers[0]"])
            return
        }
        #expect(outcome.configuration.map { MaskedConfiguration.json($0).contains("\"\(url)\"") } == true)
    }

    @Test func aSimulatorNeedsNeitherKeysNorLeave() throws {
        let configuration = try #require(Outcome("providers: [{name: s, kind: simulator}]").configuration)
        #expect(configuration.providers.first?.allowPrivate == true)
        #expect(configuration.providers.first?.keys == [])
    }
}
