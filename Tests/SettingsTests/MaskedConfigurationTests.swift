import Settings
import Testing

/// `GET /admin/config` and messages show no secret.
@Suite struct MaskedConfigurationTests {
    private static let canary = "canary-5e1f"

    private static let file = """
        storage: {url: "sqlite:./a.db"}
        shared_state: {url: "redis://:\(canary)@h:6379/0"}
        messaging: {url: "nats://u:\(canary)@h:4222?token=\(canary)"}
        auth:
          admin_key: \(canary)
          jwt: {issuers: [{issuer: off, secret: ""}]}
        providers:
          - name: p
            kind: openai
            keys: [{id: main, value: \(canary)}, {id: two, value: "${KEY}"}]
            headers: {x-token: \(canary)}
        models: [{name: m, targets: [{provider: p, model: x}]}]
        telemetry: {otlp: "https://h/v1?key=\(canary)"}
        alerts: {webhooks: [{kind: slack, url: "https://hooks.example/\(canary)?t=\(canary)", secret: \(canary)}]}
        """

    @Test func noSecretIsShown() throws {
        let outcome = Outcome(Self.file, environment: ["KEY": "\(Self.canary)-from-the-environment"])
        let configuration = try #require(outcome.configuration, "\(outcome.errors)")
        let json = MaskedConfiguration.json(configuration)
        #expect(!json.contains(Self.canary))
        #expect(json.contains(#""admin_key":"***""#))
        #expect(json.contains(#""x-token":"***""#))
        #expect(json.contains(#""url":"redis://***@h:6379/0""#))
        #expect(json.contains(#""url":"https://hooks.example/***""#))
        #expect(!outcome.issues.map(\.description).joined().contains(Self.canary))
        #expect(!String(reflecting: configuration.providers).contains(Self.canary))
    }

    @Test(arguments: [
        "postgres://u:canary-5e1f@h/db", "postgres://u:canary-5e1f?x@h/db", "postgres://u:a/canary-5e1f@h:1/db#x",
        "postgres://canary-5e1f@h",
    ])
    func passwordsInURLsAreHiddenWhateverTheyHold(_ url: String) {
        var configuration = Configuration()
        configuration.storage.url = url
        #expect(!MaskedConfiguration.json(configuration).contains(Self.canary))
    }

    @Test(arguments: [
        "providers: [{name: p, kind: openai, keys: [{value: \"canary-5e1f \"}]}]",
        "providers: [{name: p, kind: openai, base_url: \"https://u:canary-5e1f@h\", keys: [{value: a}]}]",
        "providers: [{name: p, kind: openai, proxy: \"http://u:canary-5e1f@h:1\", keys: [{value: a}]}]",
        "storage: {url: \"postgres://u:canary-5e1f@h:port/db\"}",
        "shared_state: {url: \"http://u:canary-5e1f@h\"}",
        "server: {max_concurrency: \"${KEY}\"}", "server: {listen: \"${KEY}\"}", "server: {idle_timeout: \"${KEY}\"}",
        "billing: {durability: \"${KEY}\"}",
        "server: {a: \"canary-5e1f\n", "auth: {admin_key: canary-5e1f, admin_key: canary-5e1f}",
    ])
    func errorsQuoteNoSecret(_ text: String) {
        let outcome = Outcome(text, environment: ["KEY": Self.canary])
        #expect(!outcome.errors.isEmpty)
        #expect(!outcome.issues.map(\.description).joined().contains(Self.canary))
    }

    @Test func theWholeIsJSONInTheFilesNames() throws {
        let configuration = try #require(
            Outcome(WholeSchema.text, environment: WholeSchema.environment).configuration)
        let json = MaskedConfiguration.json(configuration)
        // JSON is YAML, so the reader itself can say whether the text is well formed and its names known.
        let known = [
            "server", "storage", "shared_state", "messaging", "auth", "outbound", "providers", "models", "routes",
            "limits", "billing", "telemetry", "alerts",
        ]
        for name in known { #expect(json.contains("\"\(name)\":")) }
        let unknown = Set(Outcome(json).errors.filter { $0.message == "unknown key" }.map(\.key))
        #expect(unknown == ["usage", "logging", "limits.enabled"])
        #expect(json.contains(#""price_multiplier":"0.8""#))
        #expect(json.contains(#""request_timeout":"10m""#))
        #expect(json.contains(#""timeout":"500ms""#))
    }
}
