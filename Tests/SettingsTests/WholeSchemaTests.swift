import Settings
import Testing

/// The schema of the contract, key by key.
@Suite struct WholeSchemaTests {
    private let outcome = Outcome(WholeSchema.text, environment: WholeSchema.environment)

    @Test func everyKeyIsKnown() {
        #expect(outcome.errors.map(\.description) == [])
    }

    @Test func exactlyTheUnbuiltKeysAreWarnedOf() {
        let warned = Set(outcome.issues.map(\.key))
        #expect(warned.subtracting(WholeSchema.warnedKeys) == [])
        #expect(WholeSchema.warnedKeys.subtracting(warned) == [])
        #expect(outcome.issues.count == warned.count)
        #expect(outcome.issues.allSatisfy { $0.line != nil })
    }

    @Test func everyRowOfTheTableCanBeReached() throws {
        var files = [WholeSchema.text]
        files.append(
            WholeSchema.text
                .replacing("response_cache: off", with: "response_cache: on")
                .replacing("max_history_tokens: 0", with: "max_history_tokens: 10")
                .replacing("log_bodies: false", with: "log_bodies: true")
                .replacing("strategy: weighted", with: "strategy: cost")
                .replacing("sticky: user", with: "sticky: session")
                .replacing("kind: azure-openai", with: "kind: photoroom")
                .replacing("key: key.pem", with: "key: key.pem, client_ca: ca.pem")
                .replacing("sqlite:./data/tokenrouter.db", with: "postgres://u:p@h/db")
                .replacing("redis://host", with: "rediss://host")
                .replacing("${OTEL_EXPORTER_OTLP_ENDPOINT:-}", with: "http://collector:4317")
                .replacing("${TOKENROUTER_JWT_SECRET:-}", with: "secret"))
        let told = Set(files.flatMap { Outcome($0, environment: WholeSchema.environment).issues.map(\.message) })
        for row in UnbuiltFeatureRows.messages {
            #expect(told.contains(row))
        }
    }

    @Test func valuesArriveWhereTheyBelong() throws {
        let configuration = try #require(outcome.configuration)
        let deepseek = try #require(configuration.provider(named: "deepseek"))
        #expect(deepseek.keys.first?.value.revealed == "sk-deepseek")
        #expect(deepseek.keys.first?.scene == "chat")
        #expect(deepseek.proxy == nil)
        #expect(deepseek.limits?.tokensPerDay == 100_000_000)
        #expect(deepseek.health?.timeout == .milliseconds(500))
        let chat = try #require(configuration.models.first)
        #expect(chat.targets.map(\.weight) == [95, 5])
        #expect(chat.targets.map(\.version) == ["3.2.0", "2024.7.18"])
        #expect(chat.fallbacks == ["cheap-chat"])
        #expect(
            chat.degradeBody
                == #"{"choices":[{"message":{"content":"later","n":1.50,"ok":true,"none":null}}]}"#)
        #expect(chat.pipeline == PipelineSettings())
        #expect(configuration.models.last?.targets.first?.model == "*")
        #expect(configuration.storage.journalPath == "./data/journal")
        #expect(configuration.storage.sqlitePath == "./data/tokenrouter.db")
        #expect(configuration.auth.jwtIssuers.first?.secret == nil)
        #expect(configuration.routes.map(\.path).count == 2)
        #expect(configuration.providers.last?.apiVersion == "2024-10-21")
    }
}

/// What the table of unbuilt features may say.
enum UnbuiltFeatureRows {
    static let messages = [
        "client certificates are not checked yet, so anybody would come in",
        "tokens are not checked yet, so this issuer's users would stay outside or its rules unkept",
        "PostgreSQL is not built yet",
        "TLS to Redis is not built yet",
        "NATS is not built yet: other instances are not told of changes",
        "this kind is not built yet: targets of this provider are left out",
        "this strategy is not built yet: treated as weighted",
        "sessions are not built yet: every call is drawn anew",
        "the response cache is not built yet: treated as off",
        "bodies are not logged yet",
        "has no effect: not built yet",
    ]
}
