/// Keys of the file whose feature is not built yet. Whoever builds a feature deletes its row here, and nothing else.
///
/// Where a row's condition holds for what the file (or a variable) says, the author is told: by a warning, or by an error
/// where going on would open something or store data elsewhere than asked. Defaults nobody wrote are never told of.
enum UnbuiltFeatures {
    /// Provider kinds with an adapter.
    static let builtKinds: Set<ProviderKind> = [
        .openai, .anthropic, .gemini, .deepseek, .qwen, .doubao, .azureOpenAI, .openAICompatible, .simulator,
    ]

    struct Row: Sendable {
        /// As in `Place.pattern`.
        var pattern: String
        var condition: Condition
        var severity = ConfigurationIssue.Severity.warning
        /// What happens instead, or why not.
        var message: String
        var fix: String?
    }

    enum Condition: Sendable {
        /// Any value but an empty one.
        case written
        /// One of these texts, in lower case.
        case oneOf([String])
        /// A text that begins so, in lower case.
        case beginsWith([String])
        /// A number above zero.
        case positive
        /// Only on the section's own word; see `note(pattern:place:log:)`.
        case reported
    }

    private static let on = ["true", "on", "yes", "1"]

    static let rows: [Row] = [
        Row(
            pattern: "server.tls.client_ca", condition: .written, severity: .error,
            message: "client certificates are not checked yet, so anybody would come in", fix: "remove it"),
        Row(
            pattern: "auth.jwt.issuers[]", condition: .reported, severity: .error,
            message: "tokens are not checked yet, so this issuer's users would stay outside or its rules unkept",
            fix: "remove the issuer"),
        Row(
            pattern: "storage.url", condition: .beginsWith(["postgres:", "postgresql:"]), severity: .error,
            message: "PostgreSQL is not built yet", fix: "write sqlite:PATH"),
        Row(
            pattern: "shared_state.url", condition: .beginsWith(["rediss:"]), severity: .error,
            message: "TLS to Redis is not built yet", fix: "write redis://, in a network that you trust"),
        Row(
            pattern: "messaging.url", condition: .beginsWith(["nats:", "tls:"]),
            message: "NATS is not built yet: other instances are not told of changes"),
        Row(
            pattern: "providers[].kind", condition: .oneOf(unbuiltKinds),
            message: "this kind is not built yet: targets of this provider are left out"),
        Row(pattern: "providers[].region", condition: .written, message: noEffect),
        Row(pattern: "providers[].keys[].tier", condition: .written, message: noEffect),
        Row(pattern: "providers[].keys[].scene", condition: .written, message: noEffect),
        Row(pattern: "providers[].limits", condition: .written, message: noEffect),
        Row(pattern: "providers[].health", condition: .written, message: noEffect),
        Row(
            pattern: "models[].strategy",
            condition: .oneOf(RoutingStrategy.allCases.map(\.rawValue).filter { !["weighted", "prefix"].contains($0) }),
            message: "this strategy is not built yet: treated as weighted"),
        Row(pattern: "models[].balance", condition: .written, message: noEffect),
        Row(
            pattern: "models[].sticky", condition: .oneOf(["session"]),
            message: "sessions are not built yet: every call is drawn anew"),
        Row(pattern: "models[].targets[].version", condition: .written, message: noEffect),
        Row(pattern: "models[].targets[].tags", condition: .written, message: noEffect),
        Row(pattern: "models[].targets[].quality", condition: .written, message: noEffect),
        Row(
            pattern: "models[].pipeline.response_cache", condition: .oneOf(on),
            message: "the response cache is not built yet: treated as off"),
        Row(pattern: "routes", condition: .written, message: noEffect),
        Row(pattern: "limits.global", condition: .written, message: noEffect),
        Row(pattern: "limits.models", condition: .written, message: noEffect),
        Row(pattern: "limits.per_ip", condition: .written, message: noEffect),
        Row(pattern: "limits.plans.*.tokens_per_minute", condition: .written, message: noEffect),
        Row(pattern: "limits.plans.*.tokens_per_month", condition: .written, message: noEffect),
        Row(pattern: "telemetry.otlp", condition: .written, message: noEffect),
        Row(pattern: "telemetry.log_bodies", condition: .oneOf(on), message: "bodies are not logged yet"),
        Row(pattern: "alerts.webhooks", condition: .written, message: noEffect),
    ]

    private static let unbuiltKinds = ProviderKind.allCases.filter { !builtKinds.contains($0) }.map(\.rawValue)

    private static let noEffect = "has no effect: not built yet"
}

extension ProviderKind {
    /// Whether calls can be sent to this kind of vendor; targets of other kinds are left out.
    package var isBuilt: Bool { UnbuiltFeatures.builtKinds.contains(self) }
}
