/// How a limit counts.
package enum LimitAlgorithm: String, Sendable, CaseIterable {
    case slidingWindow = "sliding_window"
    case tokenBucket = "token_bucket"
    case leakyBucket = "leaky_bucket"
}

/// The limits of one level; nil: no limit.
package struct RateLimitSettings: Sendable, Equatable {
    package var requestsPerSecond: Int?
    package var requestsPerMinute: Int?
    package var tokensPerMinute: Int?
    package var algorithm = LimitAlgorithm.slidingWindow
    /// Only with `token_bucket`.
    package var burst: Int?

    package init() {}
}

/// What users of one plan may use, and what they pay.
package struct PlanSettings: Sendable, Equatable {
    package var rates = RateLimitSettings()
    package var tokensPerMonth: Int?
    /// In millionths: 0.8 is 800,000. Exact, for money must not meet a float.
    package var priceMultiplierMillionths: Int64 = 1_000_000

    package init() {}
}

/// Every level that is set applies; the tightest answers.
package struct LimitsSettings: Sendable, Equatable {
    package var global = RateLimitSettings()
    /// By plan name. `free`, `pro` and `enterprise` are always here.
    package var plans: [String: PlanSettings] = LimitsSettings.builtInPlans
    package var models: [String: RateLimitSettings] = [:]
    package var perIP = RateLimitSettings()
    /// `RATE_LIMIT_ENABLED`
    package var isEnabled = true

    package init() {}

    /// The plans that exist without being written (contract, section 3).
    package static let builtInPlans: [String: PlanSettings] = {
        var free = PlanSettings()
        free.rates.requestsPerMinute = 20
        free.rates.tokensPerMinute = 40_000
        free.tokensPerMonth = 1_000_000
        var pro = PlanSettings()
        pro.rates.requestsPerMinute = 120
        pro.rates.tokensPerMinute = 400_000
        pro.tokensPerMonth = 50_000_000
        pro.priceMultiplierMillionths = 800_000
        return ["free": free, "pro": pro, "enterprise": PlanSettings()]
    }()
}

package struct BillingSettings: Sendable, Equatable {
    package enum Durability: String, Sendable, CaseIterable { case journal, sync }
    package enum UnpricedModels: String, Sendable, CaseIterable { case reject, free }

    package var durability = Durability.journal
    package var unpricedModels = UnpricedModels.reject

    package init() {}
}

/// How usage rows reach the main store.
package struct UsageSettings: Sendable, Equatable {
    /// Rows a transaction (`USAGE_BATCH_SIZE`).
    package var batchSize = 2_000
    /// `USAGE_FLUSH_INTERVAL`
    package var flushInterval = Duration.milliseconds(500)
    /// `USAGE_ASYNC_ENABLED`; false is `billing.durability: sync`.
    package var isAsync = true

    package init() {}
}

package struct TelemetrySettings: Sendable, Equatable {
    /// An OTLP endpoint; nil: none.
    package var otlp: String?
    package var logBodies = false

    package init() {}
}

package struct LoggingSettings: Sendable, Equatable {
    /// `LOG_LEVEL`: trace, debug, info, notice, warning, error, critical.
    package var level = "info"
    /// `LOG_JSON_FORMAT`
    package var isJSON = true

    package init() {}
}

package struct AlertSettings: Sendable, Equatable {
    package var webhooks: [AlertWebhook] = []

    package init() {}
}

package struct AlertWebhook: Sendable, Equatable {
    package var kind: String
    package var url: String
    package var secret: Secret?

    package init(kind: String, url: String, secret: Secret? = nil) {
        self.kind = kind
        self.url = url
        self.secret = secret
    }
}
