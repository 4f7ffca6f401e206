import Settings
import Testing

/// Variables inside the file, over the file and instead of it.
@Suite struct EnvironmentTests {
    @Test(arguments: [
        ("${A}", "one"), ("x${A}y${A}", "xoneyone"), ("${B:-two}", "two"), ("${EMPTY:-two}", "two"), ("${EMPTY}", ""),
        ("$A", "$A"), ("$$", "$$"), ("a$", "a$"), ("$${A}", "$one"), ("${B:-}", ""), ("${NESTED}", "${A}"),
        ("${B:-a:-b}", "a:-b"),
    ])
    func expandsOnce(_ text: String, _ expected: String) throws {
        let environment = ["A": "one", "EMPTY": "", "NESTED": "${A}"]
        let outcome = Outcome(
            Minimal.file(model: "degrade: {body: {x: \"\(text)\"}}"), environment: environment)
        #expect(outcome.configuration?.models.first?.degradeBody == "{\"x\":\"\(expected)\"}")
    }

    @Test(arguments: ["${}", "${1A}", "${A B}", "${A:default}", "${A:+x}", "${A", "${A:-${B}}", "${É}"])
    func refusesOddVariables(_ text: String) {
        let outcome = Outcome(Minimal.file(model: "degrade: {body: {x: \"\(text)\"}}"), environment: ["A": "1"])
        #expect(outcome.errors.map(\.key) == ["models[0].degrade.body.x"])
        #expect(outcome.errors.first?.message.contains("no variable") == true)
    }

    @Test func numbersMayComeFromVariables() {
        let outcome = Outcome(
            "server: {max_concurrency: \"${N:-17}\", idle_timeout: \"${T}\"}", environment: ["T": "1.5s"])
        #expect(outcome.configuration?.server.maxConcurrency == 17)
        #expect(outcome.configuration?.server.idleTimeout == .milliseconds(1500))
    }

    @Test func scalarsAreOverridden() throws {
        let configuration = try #require(
            Outcome(
                Minimal.file(rest: "server: {listen: \"127.0.0.1:1\"}"),
                environment: [
                    "DATABASE_URL": "sqlite:/tmp/a.db", "LISTEN": "0.0.0.0:9", "CONTROL_LISTEN": "[::1]:10",
                    "LOG_LEVEL": "WARN", "LOG_JSON_FORMAT": "false", "AUTH_CACHE_TTL": "2s", "USAGE_BATCH_SIZE": "7",
                    "USAGE_FLUSH_INTERVAL": "50ms", "USAGE_ASYNC_ENABLED": "false", "RATE_LIMIT_ENABLED": "off",
                    "MAX_REQUEST_BYTES": "1MiB", "MAX_RESPONSE_BYTES": "2048", "GATEWAY_MAX_CONCURRENCY": "200",
                    "CIRCUIT_BREAKER_FAILURE_THRESHOLD": "5", "CIRCUIT_BREAKER_RESET_SECONDS": "60",
                ]
            ).configuration)
        #expect(configuration.storage.sqlitePath == "/tmp/a.db")
        #expect(configuration.storage.journalPath == "/tmp/a.db.journal.d")
        #expect(configuration.server.listen == ListenAddress(host: "0.0.0.0", port: 9))
        #expect(configuration.server.control == ListenAddress(host: "::1", port: 10))
        #expect(configuration.logging.level == "warning")
        #expect(configuration.logging.isJSON == false)
        #expect(configuration.auth.cacheTTL == .seconds(2))
        #expect(configuration.usage.batchSize == 7)
        #expect(configuration.usage.flushInterval == .milliseconds(50))
        #expect(configuration.billing.durability == .sync)
        #expect(configuration.limits.isEnabled == false)
        #expect(configuration.server.maxRequestBytes == 1_048_576)
        #expect(configuration.server.maxResponseBytes == 2048)
        #expect(configuration.server.maxConcurrency == 200)
        #expect(configuration.providers.first?.breaker.minimumRequests == 5)
        #expect(configuration.providers.first?.breaker.openFor == .seconds(60))
        #expect(configuration.providers.first?.breaker.openForMax == .seconds(60))
    }

    @Test func aThresholdWithAPointIsAShare() {
        let outcome = Outcome(Minimal.file(), environment: ["CIRCUIT_BREAKER_FAILURE_THRESHOLD": "0.25"])
        #expect(outcome.configuration?.providers.first?.breaker.failureRatio == 0.25)
        #expect(outcome.configuration?.providers.first?.breaker.minimumRequests == 20)
    }

    @Test(arguments: [
        ("DATABASE_URL", "mysql://h/d"), ("DATABASE_URL", "postgres://u:p@h/d"), ("REDIS_URL", "http://h"),
        ("REDIS_URL", "rediss://h"), ("REDIS_URL", "redis://h/x"), ("REDIS_URL", "redis://h?db=1"), ("REDIS_URL", "redis://u@h"),
        ("NATS_URL", "nats://"), ("LISTEN", "8080"), ("CONTROL_LISTEN", "a:b"), ("LOG_LEVEL", "loud"),
        ("LOG_JSON_FORMAT", "maybe"), ("AUTH_CACHE_TTL", "5"), ("USAGE_BATCH_SIZE", "0"),
        ("USAGE_FLUSH_INTERVAL", "soon"), ("USAGE_ASYNC_ENABLED", "?"), ("RATE_LIMIT_ENABLED", "2"),
        ("MAX_REQUEST_BYTES", "-1"), ("MAX_RESPONSE_BYTES", "1MB"), ("GATEWAY_MAX_CONCURRENCY", "0"),
        ("CIRCUIT_BREAKER_FAILURE_THRESHOLD", "1.5"), ("CIRCUIT_BREAKER_RESET_SECONDS", "0"),
    ])
    func aBadOverrideIsRefusedUnderItsName(_ name: String, _ value: String) {
        let issues = Outcome("server: {}", environment: [name: value]).errors
        #expect(issues.map(\.key) == [name])
        #expect(issues.first?.file == "environment")
        #expect(issues.first?.line == nil)
    }

    @Test func serversThatAreNotBuiltYetWarn() {
        let outcome = Outcome("server: {}", environment: ["REDIS_URL": "redis://h", "NATS_URL": "nats://h:4222"])
        #expect(outcome.issues.map(\.key) == ["NATS_URL"])
        #expect(outcome.configuration?.sharedState.url == "redis://h")
    }

    @Test func withoutAFileVendorsComeFromTheirKeys() throws {
        let outcome = Outcome(environment: ["DEEPSEEK_API_KEY": "a", "OPENAI_API_KEY": "b", "ARK_API_KEY": ""])
        let configuration = try #require(outcome.configuration)
        #expect(outcome.issues == [])
        #expect(configuration.providers.map(\.name) == ["deepseek", "openai"])
        #expect(configuration.providers.map { $0.keys.map(\.value.revealed) } == [["a"], ["b"]])
        #expect(
            configuration.models.contains { $0.name == "deepseek-flash" && $0.targets.first?.provider == "deepseek" })
        #expect(configuration.models.allSatisfy { !configuration.usableTargets(of: $0).isEmpty })
    }

    @Test func withoutAFileAndKeysThereAreNoProviders() throws {
        let configuration = try #require(Outcome(environment: [:]).configuration)
        #expect(configuration == Configuration())
    }

    @Test func everyVendorIsFound() throws {
        let names = [
            "DEEPSEEK_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "DASHSCOPE_API_KEY",
            "ARK_API_KEY",
        ]
        let outcome = Outcome(environment: Dictionary(names.map { ($0, "k") }, uniquingKeysWith: { first, _ in first }))
        let configuration = try #require(outcome.configuration)
        #expect(configuration.providers.map(\.name) == ["deepseek", "openai", "anthropic", "gemini", "qwen", "doubao"])
        #expect(outcome.issues.isEmpty)
        #expect(Set(configuration.models.map(\.name)).count == configuration.models.count)
    }

    @Test(arguments: [
        ("*", true), ("openai.com", true), (".openai.com", true), ("*.openai.com", true), ("api.openai.com:443", true),
        ("api.openai.com:80", false), ("penai.com", false), ("a, api.openai.com", true), ("", false),
        ("10.0.0.0/8", false),
    ])
    func noProxyIsHonoured(_ exclusions: String, _ isDirect: Bool) {
        let environment = ["HTTPS_PROXY": "proxy.example:3128", "NO_PROXY": exclusions]
        let outcome = Outcome(Minimal.file(provider: "proxy: ${HTTPS_PROXY:-}"), environment: environment)
        let proxy = outcome.configuration?.providers.first?.proxy
        #expect(outcome.errors == [])
        #expect(proxy?.host == (isDirect ? nil : "proxy.example"))
        let withoutFile = Outcome(environment: environment.merging(["OPENAI_API_KEY": "k"]) { $1 })
        #expect(withoutFile.configuration?.providers.first?.proxy == proxy)
    }
}
