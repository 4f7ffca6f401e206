/// Providers and models that must be refused. Lines count in `Minimal.file`: the provider's extra keys begin at 5, its
/// model's name stands two lines behind the last of them.
extension BadFile {
    private static func provider(_ name: String, _ extra: String, key: String, says: String) -> BadFile {
        BadFile(name, Minimal.file(provider: extra), line: 5, key: "providers[0].\(key)", says: says)
    }

    private static func host(_ name: String, _ url: String) -> BadFile {
        provider("host \(name)", "base_url: \"\(url)\"", key: "base_url", says: "allow_private")
    }

    private static func url(_ name: String, _ url: String, says: String) -> BadFile {
        provider("URL \(name)", "base_url: \"\(url)\"", key: "base_url", says: says)
    }

    static let providers =
        [
            provider("a port in words", "base_url: https://h:http/v1", key: "base_url", says: "port"),
            provider("a header's name", "headers: {\"x y\": a}", key: "headers.x y", says: "name"),
            provider("a header's line break", "headers: {x-a: \"a\\nb\"}", key: "headers.x-a", says: "control"),
            provider("a header's NUL", "headers: {x-a: \"a\\0b\"}", key: "headers.x-a", says: "control"),
            provider("a header twice", "headers: {X-A: a, x-a: b}", key: "headers.x-a", says: "duplicate"),
            provider("a framing header", "headers: {Content-Length: 5}", key: "headers.Content-Length", says: "itself"),
            provider("a second credential", "headers: {Authorization: a}", key: "headers.Authorization", says: "keys"),
            provider("a proxy by TLS", "proxy: https://p:1", key: "proxy", says: "http://"),
            provider("a proxy's user", "proxy: http://u:p@h:1", key: "proxy", says: "user"),
            provider("a share above 1", "breaker: {failure_ratio: 1.5}", key: "breaker.failure_ratio", says: "range"),
            provider(
                "a share that is none", "breaker: {failure_ratio: nan}", key: "breaker.failure_ratio", says: "number"),
            provider(
                "opens backwards", "breaker: {open_for: 9s, open_for_max: 2s}", key: "breaker.open_for_max",
                says: "shorter"),
            provider("an unknown key", "base_ulr: a", key: "base_ulr", says: "`base_url`"),
            provider("a null", "base_url:", key: "base_url", says: "no value"),
            provider("health without a path", "health: {interval: 1s}", key: "health", says: "`path`"),
            url("of files", "file:///etc/passwd", says: "http://"),
            url("with a user", "https://u:p@h/v1", says: "user"),
            url("with a query", "https://h/v1?x=1", says: "query"),
            url("without a host", "https:///v1", says: "host"),
            url("with a blank", "https://h /v1", says: "blanks"),
            url("with letters outside ASCII", "https://hé/v1", says: "ASCII"),
            url("with dots", "https://h/a/../v1", says: "path"),
            url("with port 0", "https://h:0/v1", says: "port"),
            url("with a backslash", "https://h\\\\@x/v1", says: "path"),
            host("loopback", "http://127.0.0.1:80/v1"), host("loopback 2", "http://127.9.9.9/v1"),
            host("private", "http://10.0.0.1/v1"), host("private 2", "http://192.168.1.1/v1"),
            host("metadata", "http://169.254.169.254/v1"), host("zero", "http://0.0.0.0/v1"),
            host("decimal", "http://2130706433/v1"), host("hexadecimal", "http://0x7f000001/v1"),
            host("octal", "http://0177.0.0.1/v1"), host("short", "http://127.1/v1"),
            host("localhost", "http://localhost:8000/v1"), host("below localhost", "http://a.localhost/v1"),
            host("IPv6 loopback", "http://[::1]/v1"), host("IPv6 mapped", "http://[::ffff:10.0.0.1]/v1"),
            host("IPv6 local", "http://[fd00::1]/v1"), host("IPv6 link", "http://[fe80::1]/v1"),
            BadFile("no keys", "providers: [{name: p, kind: openai}]", line: 1, key: "providers[0]", says: "`keys`"),
            BadFile(
                "empty keys", "providers: [{name: p, kind: openai, keys: []}]", line: 1, key: "providers[0].keys",
                says: "at least one"),
            BadFile(
                "an empty key", "providers: [{name: p, kind: openai, keys: [{value: \"\"}]}]", line: 1,
                key: "providers[0].keys[0].value", says: "empty"),
            BadFile(
                "a key with a break", "providers: [{name: p, kind: openai, keys: [{value: \"a\\n\"}]}]", line: 1,
                key: "providers[0].keys[0].value", says: "line break"),
            BadFile(
                "a key's id twice",
                "providers: [{name: p, kind: openai, keys: [{id: a, value: b}, {id: a, value: c}]}]", line: 1,
                key: "providers[0].keys[1].id", says: "duplicate"),
            BadFile("no name", "providers: [{kind: simulator}]", line: 1, key: "providers[0]", says: "`name`"),
            BadFile("no kind", "providers: [{name: p}]", line: 1, key: "providers[0]", says: "`kind`"),
            BadFile(
                "a slip in the kind", "providers: [{name: p, kind: opnai}]", line: 1, key: "providers[0].kind",
                says: "`openai`"),
            BadFile(
                "no address", "providers: [{name: p, kind: openai-compatible, keys: [{value: a}]}]", line: 1,
                key: "providers[0]", says: "base_url"),
            BadFile(
                "a name twice", "providers:\n- {name: p, kind: simulator}\n- {name: p, kind: simulator}", line: 3,
                key: "providers[1].name", says: "duplicate"),
        ]

    static let models = [
        BadFile(
            "an unknown provider", Minimal.file(rest: "  - {name: n, targets: [{provider: q, model: x}]}"), line: 10,
            key: "models[1].targets[0].provider", says: "not a provider"),
        BadFile(
            "an unknown fallback", Minimal.file(model: "fallbacks: [mm]"), line: 9, key: "models[0].fallbacks[0]",
            says: "`m`"),
        BadFile(
            "its own fallback", Minimal.file(model: "fallbacks: [m]"), line: 9, key: "models[0].fallbacks[0]",
            says: "its own"),
        BadFile(
            "a star in a fallback", Minimal.file(model: "fallbacks: [\"a/*\"]"), line: 9, key: "models[0].fallbacks[0]",
            says: "star"),
        BadFile(
            "a star within", "models: [{name: \"a*b\", targets: []}]", line: 1, key: "models[0].name", says: "star"),
        BadFile("two stars", "models: [{name: \"a**\", targets: []}]", line: 1, key: "models[0].name", says: "star"),
        BadFile(
            "a star for a plain model", Minimal.file(rest: "  - {name: n, targets: [{provider: p, model: \"*\"}]}"),
            line: 10, key: "models[1].targets[0].model", says: "star"),
        BadFile(
            "a model twice", Minimal.file(rest: "  - {name: m, targets: [{provider: p, model: y}]}"), line: 10,
            key: "models[1].name", says: "duplicate"),
        BadFile("no targets", "models: [{name: m}]", line: 1, key: "models[0]", says: "`targets`"),
        BadFile(
            "empty targets", "models: [{name: m, targets: []}]", line: 1, key: "models[0].targets", says: "at least one"
        ),
        BadFile(
            "a negative weight", Minimal.file(target: ", weight: -1"), line: 8, key: "models[0].targets[0].weight",
            says: "range"),
        BadFile(
            "an unknown strategy", Minimal.file(model: "strategy: wieghted"), line: 9, key: "models[0].strategy",
            says: "`weighted`"),
        BadFile(
            "shares of nothing", Minimal.file(model: "balance: {cost: 0, performance: 0, quality: 0}"), line: 9,
            key: "models[0].balance", says: "zero"),
        BadFile(
            "degrades to nothing", Minimal.file(model: "degrade: {}"), line: 9, key: "models[0].degrade", says: "`body`"
        ),
        BadFile(
            "an unquoted star", "models: [{name: m, targets: [{provider: p, model: *}]}]", line: 1, key: "",
            says: "quote"),
        BadFile(
            "a route to nowhere", Minimal.file(rest: "routes: [{path: /a, model: q}]"), line: 10,
            key: "routes[0].model", says: "not a model"),
    ]

    /// Ignoring these would open something or store data elsewhere than asked.
    static let unsafe = [
        BadFile(
            "client certificates", "server: {tls: {certificate: a, key: b, client_ca: c}}", line: 1,
            key: "server.tls.client_ca", says: "anybody"),
        BadFile(
            "an issuer with a secret", "auth: {jwt: {issuers: [{issuer: a, secret: b}]}}", line: 1,
            key: "auth.jwt.issuers[0]", says: "not checked yet"),
        BadFile(
            "an issuer with keys", "auth: {jwt: {issuers: [{issuer: a, jwks_url: \"https://h/k\"}]}}", line: 1,
            key: "auth.jwt.issuers[0]", says: "not checked yet"),
        BadFile(
            "an issuer without either", "auth: {jwt: {issuers: [{issuer: a}]}}", line: 1, key: "auth.jwt.issuers[0]",
            says: "needs"),
        BadFile(
            "PostgreSQL", "storage: {url: \"postgres://u:p@h:5432/db\"}", line: 1, key: "storage.url",
            says: "sqlite:PATH"),
    ]
}
