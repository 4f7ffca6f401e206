import Settings
import Testing

/// A file and what must be said of it.
struct BadFile: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var line: Int?
    var key: String
    /// Parts of message or fix.
    var says: [String]

    init(_ name: String, _ text: String, line: Int?, key: String, says: String...) {
        testDescription = name
        self.text = text
        self.line = line
        self.key = key
        self.says = says
    }
}

@Suite struct BadFileTests {
    @Test(arguments: BadFile.shapes + BadFile.values + BadFile.providers + BadFile.models + BadFile.unsafe)
    func isRefusedWithLineKeyAndReason(_ file: BadFile) {
        let outcome = Outcome(file.text)
        #expect(outcome.configuration == nil)
        let found = outcome.errors.contains { issue in
            issue.line == file.line && issue.key == file.key
                && file.says.allSatisfy { "\(issue.message) \(issue.fix ?? "")".contains($0) }
        }
        #expect(found, "\(outcome.issues.map(\.description))")
    }

    @Test func allMistakesAreToldOfAtOnceErrorsFirstByLine() {
        let text = """
            limits: {global: {requests_per_second: 5}}
            server:
              listenn: 127.0.0.1:1
              max_concurrency: many
            auth:
              cache_ttl: ~
            providers: [{name: a, kind: nope, keys: [{value: "${NOT_THERE}"}]}]
            """
        let issues = Outcome(text).issues
        #expect(issues.map(\.line) == [3, 4, 6, 7, 7, 1])
        #expect(issues.last?.severity == .warning)
        #expect(
            issues.first?.description == "gateway.yaml:3: server.listenn: unknown key (did you mean `listen`?)")
    }

    @Test func manyWarningsDoNotHideAnError() {
        let targets = (0..<600).map { "    - {provider: p, model: x, tags: [t\($0)]}\n" }.joined()
        let text = "providers: [{name: p, kind: simulator}]\nmodels:\n  - name: m\n    targets:\n\(targets)limits: 5\n"
        let outcome = Outcome(text)
        #expect(outcome.errors.map(\.key) == ["limits"])
        #expect(outcome.issues.count == 501)
    }

    @Test func unreadableFilesAreIssues() {
        for path in ["/nonexistent/gateway.yaml", "/"] {
            #expect(throws: ConfigurationErrors.self) {
                try ConfigurationLoader.load(path: path, environment: [:])
            }
        }
    }
}

extension BadFile {
    static let shapes = [
        BadFile("empty", "", line: 1, key: "", says: "empty"),
        BadFile("only a comment", "# nothing\n", line: 1, key: "", says: "empty"),
        BadFile("null document", "---\n~\n", line: 1, key: "", says: "mapping"),
        BadFile("a list", "- a\n", line: 1, key: "", says: "mapping"),
        BadFile("a tab", "server:\n\tlisten: 1\n", line: 2, key: "", says: "spaces, not tabs"),
        BadFile("two documents", "server: {}\n---\nserver: {}\n", line: 2, key: "", says: "document", "---"),
        BadFile("open bracket", "server: {listen: [1\n", line: 2, key: "", says: "not YAML"),
        BadFile("control character", "server: {}\nauth: \u{1}\n", line: 2, key: "", says: "control characters"),
        BadFile("duplicate key", "auth:\n  cache_ttl: 5s\n  cache_ttl: 6s\n", line: 2, key: "cache_ttl", says: "twice"),
        BadFile("unknown section", "sever: {}\n", line: 1, key: "sever", says: "unknown key", "`server`"),
        BadFile("unknown key", "server:\n  liste: a\n", line: 2, key: "server.liste", says: "`listen`"),
        BadFile("null section", "server:\n", line: 1, key: "server", says: "no value"),
        BadFile("null scalar", "server:\n  listen: null\n", line: 2, key: "server.listen", says: "no value"),
        BadFile("null item", "providers:\n  -\n", line: 2, key: "providers[0]", says: "no value"),
        BadFile("scalar for a mapping", "server: yes\n", line: 1, key: "server", says: "mapping"),
        BadFile("mapping for a list", "providers: {a: b}\n", line: 1, key: "providers", says: "list"),
        BadFile("list for a scalar", "storage: {url: [a]}\n", line: 1, key: "storage.url", says: "single value"),
        BadFile("a key that is a list", "[a]: b\n", line: 1, key: "", says: "key must be a name"),
        BadFile("a custom tag", "auth: {admin_key: !vault x}\n", line: 1, key: "auth.admin_key", says: "tag"),
        BadFile(
            "an unset variable", "auth:\n  admin_key: ${NO_SUCH}\n", line: 2, key: "auth.admin_key", says: "NO_SUCH",
            "not set"),
        BadFile(
            "an open variable", "auth: {admin_key: \"${NO_SUCH\"}\n", line: 1, key: "auth.admin_key", says: "${NAME}"),
        BadFile("an undefined alias", "server: *base\n", line: 1, key: "", says: "alias"),
        BadFile("too deep", String(repeating: "[", count: 5000), line: 1, key: "", says: "not YAML"),
    ]

    static let values = [
        BadFile(
            "no number", "server: {max_concurrency: lots}", line: 1, key: "server.max_concurrency", says: "`lots`",
            "whole number"),
        BadFile("zero", "server: {max_concurrency: 0}", line: 1, key: "server.max_concurrency", says: "out of range"),
        BadFile(
            "huge", "server: {max_concurrency: 99999999999999999999}", line: 1, key: "server.max_concurrency",
            says: "whole number"),
        BadFile("no unit", "server: {idle_timeout: 30}", line: 1, key: "server.idle_timeout", says: "duration", "30s"),
        BadFile("negative wait", "server: {idle_timeout: -3s}", line: 1, key: "server.idle_timeout", says: "duration"),
        BadFile(
            "zero wait", "server: {idle_timeout: 0s}", line: 1, key: "server.idle_timeout", says: "out of range", "1ms"),
        BadFile(
            "a long wait", "server: {idle_timeout: 99999999999999d}", line: 1, key: "server.idle_timeout",
            says: "duration"),
        BadFile(
            "decimal units", "server: {max_request_bytes: 32MB}", line: 1, key: "server.max_request_bytes", says: "MiB"),
        BadFile(
            "a size past all", "server: {max_request_bytes: 9999999999999GiB}", line: 1,
            key: "server.max_request_bytes", says: "size"),
        BadFile("no port", "server: {listen: localhost}", line: 1, key: "server.listen", says: "host:port"),
        BadFile("a high port", "server: {listen: \"a:70000\"}", line: 1, key: "server.listen", says: "65535"),
        BadFile("a bare IPv6", "server: {listen: \"::1:80\"}", line: 1, key: "server.listen", says: "host:port"),
        BadFile(
            "one address twice", "server: {listen: \"a:80\", control: \"a:80\"}", line: nil, key: "server.control",
            says: "same address"),
        BadFile(
            "a range that is none", "server: {trusted_proxies: [10.0.0.0/33]}", line: 1,
            key: "server.trusted_proxies[0]", says: "range"),
        BadFile("half of TLS", "server: {tls: {certificate: a}}", line: 1, key: "server.tls", says: "`key`"),
        BadFile("unknown store", "storage: {url: \"mysql://h/db\"}", line: 1, key: "storage.url", says: "sqlite:PATH"),
        BadFile("slashes", "storage: {url: \"sqlite:///x\"}", line: 1, key: "storage.url", says: "sqlite:PATH"),
        BadFile("books in memory", "storage: {url: \"sqlite::memory:\"}", line: 1, key: "storage.url", says: "memory"),
        BadFile(
            "unknown durability", "billing: {durability: jornal}", line: 1, key: "billing.durability", says: "`journal`"
        ),
        BadFile(
            "no boolean", "telemetry: {log_bodies: maybe}", line: 1, key: "telemetry.log_bodies", says: "true or false"),
        BadFile(
            "a plan's limit of 0", "limits: {plans: {a: {requests_per_minute: 0}}}", line: 1,
            key: "limits.plans.a.requests_per_minute", says: "no limit"),
        BadFile(
            "burst alone", "limits: {plans: {a: {burst: 5}}}", line: 1, key: "limits.plans.a.burst",
            says: "token_bucket"),
        BadFile(
            "a negative factor", "limits: {plans: {a: {price_multiplier: -1}}}", line: 1,
            key: "limits.plans.a.price_multiplier", says: "factor"),
        BadFile(
            "a fine factor", "limits: {plans: {a: {price_multiplier: 0.1234567}}}", line: 1,
            key: "limits.plans.a.price_multiplier", says: "six digits"),
        BadFile(
            "a plan's name", "limits: {plans: {\"a b\": {burst: 5}}}", line: 1, key: "limits.plans.a b", says: "name"),
        BadFile(
            "limits of no model", "limits: {models: {chta: {requests_per_minute: 5}}}", line: 1,
            key: "limits.models.chta", says: "not a model"),
        BadFile(
            "an allowed URL", "outbound: {allow: [\"https://a\"]}", line: 1, key: "outbound.allow[0]", says: "no scheme"
        ),
    ]
}
