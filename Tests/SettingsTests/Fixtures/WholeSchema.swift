/// A file that uses every key of the schema.
enum WholeSchema {
    static let environment = [
        "DEEPSEEK_API_KEY": "sk-deepseek", "OPENAI_API_KEY": "sk-openai",
    ]

    static let text = """
        server:
          listen: 127.0.0.1:8080
          control: 127.0.0.1:8081
          max_request_bytes: 33554432
          max_response_bytes: 67108864
          max_concurrency: 20000
          request_timeout: 10m
          idle_timeout: 120s
          drain_timeout: 30s
          trusted_proxies: []
          tls: {certificate: cert.pem, key: key.pem}
        storage:
          url: sqlite:./data/tokenrouter.db
          journal: ./data/journal
        shared_state:
          url: redis://host:6379/0
        messaging:
          url: nats://host:4222
        auth:
          admin_key: ${TOKENROUTER_ADMIN_KEY:-}
          cache_ttl: 5s
          jwt:
            issuers:
              - {issuer: local, secret: "${TOKENROUTER_JWT_SECRET:-}", algorithms: [HS256], audience: tokenrouter, required_scope: "ai:inference", claims: {tenant: tid, tenant_type: ttype, roles: roles, scopes: scp}}
        outbound:
          allow: [id.example.com]
        providers:
          - name: deepseek
            kind: deepseek
            base_url: https://api.deepseek.com/v1
            region: cn
            keys:
              - {id: main, value: "${DEEPSEEK_API_KEY}", weight: 1, tier: normal, scene: chat}
            timeouts: {connect: 5s, first_byte: 120s}
            pool: {max_connections: 0, idle_timeout: 90s}
            headers: {}
            proxy: ${HTTPS_PROXY:-}
            limits: {requests_per_second: 3000, tokens_per_day: 100000000, concurrency: 500}
            breaker: {window: 10s, buckets: 10, failure_ratio: 0.5, minimum_requests: 20, open_for: 1s, open_for_max: 30s, half_open_successes: 3}
            health: {path: /models, interval: 10s, timeout: 500ms}
            allow_private: false
          - {name: openai, kind: openai, keys: [{id: main, value: "${OPENAI_API_KEY}"}]}
          - {name: azure, kind: azure-openai, base_url: "https://x.openai.azure.com", api_version: 2024-10-21, ca_file: roots.pem, keys: [{id: a, value: b}]}
        models:
          - name: chat
            strategy: weighted
            balance: {cost: 0.4, performance: 0.3, quality: 0.3}
            sticky: user
            targets:
              - {provider: deepseek, model: deepseek-chat, version: 3.2.0, weight: 95, tags: [prod], quality: 0.8}
              - {provider: openai, model: gpt-4o-mini, version: 2024.7.18, weight: 5, tags: [gray]}
            fallbacks: [cheap-chat]
            strict: false
            pipeline: {arrange: safe, cache: auto, max_history_tokens: 0, dedup: deterministic, dedup_wait: 60s, dedup_price: full, response_cache: off}
            degrade: {body: {choices: [{message: {content: "later", n: 1.50, ok: true, none: null}}]}}
          - {name: cheap-chat, targets: [{provider: openai, model: gpt-4o-mini}]}
          - {name: "openai/*", targets: [{provider: openai, model: "*"}]}
        routes:
          - {path: /v1/chat/completions, when: {header.x-gray: "1"}, tags: [gray]}
          - {path: /team/:team/v1/chat/completions, model: chat, version: ">=3.2.0 <3.3.0"}
        limits:
          global: {requests_per_second: 10000}
          plans:
            free: {requests_per_minute: 20, tokens_per_minute: 40000, tokens_per_month: 1000000, price_multiplier: 1.0}
            pro: {requests_per_minute: 120, tokens_per_minute: 400000, tokens_per_month: 50000000, price_multiplier: 0.8}
            enterprise: {price_multiplier: 1.0}
          models: {chat: {requests_per_minute: 100000}}
          per_ip: {requests_per_minute: 6000}
        billing:
          durability: journal
          unpriced_models: reject
        telemetry:
          otlp: ${OTEL_EXPORTER_OTLP_ENDPOINT:-}
          log_bodies: false
        alerts: {webhooks: [{kind: dingtalk, url: "https://oapi.dingtalk.com/robot/send?access_token=x", secret: "s"}]}
        """

    /// The keys whose feature is not built yet, as the file above asks for them.
    static let warnedKeys: Set<String> = [
        "messaging.url",
        "providers[0].region", "providers[0].keys[0].tier", "providers[0].keys[0].scene", "providers[0].limits",
        "providers[0].health",
        "models[0].balance",
        "models[0].targets[0].version", "models[0].targets[0].tags", "models[0].targets[0].quality",
        "models[0].targets[1].version", "models[0].targets[1].tags",
        "routes", "limits.global", "limits.models", "limits.per_ip",
        "limits.plans.free.tokens_per_minute", "limits.plans.free.tokens_per_month",
        "limits.plans.pro.tokens_per_minute", "limits.plans.pro.tokens_per_month",
        "alerts.webhooks",
    ]
}
