extension MaskedConfiguration {
    static func model(_ model: ModelSettings) -> JSONValue {
        .object([
            .init("name", .string(model.name)),
            .init("strategy", .string(model.strategy.rawValue)),
            .init(
                "balance",
                .object([
                    .init("cost", .fraction(model.balance.cost)),
                    .init("performance", .fraction(model.balance.performance)),
                    .init("quality", .fraction(model.balance.quality)),
                ])),
            .init("sticky", .string(model.sticky.rawValue)),
            .init("targets", .array(model.targets.map(target))),
            .init("fallbacks", .strings(model.fallbacks)),
            .init("strict", .bool(model.strict)),
            .init("pipeline", pipeline(model.pipeline)),
            // The body is JSON already and as public as the answers it stands in for.
            .init("degrade", model.degradeBody.map { .object([.init("body", .json($0))]) } ?? .null),
        ])
    }

    private static func target(_ target: TargetSettings) -> JSONValue {
        .object([
            .init("provider", .string(target.provider)),
            .init("model", .string(target.model)),
            .init("version", .optional(target.version)),
            .init("weight", .integer(target.weight)),
            .init("tags", .strings(target.tags)),
            .init("quality", target.quality.map(JSONValue.fraction) ?? .null),
        ])
    }

    private static func pipeline(_ pipeline: PipelineSettings) -> JSONValue {
        .object([
            .init("arrange", .string(pipeline.arrange.rawValue)),
            .init("cache", .string(pipeline.cache.rawValue)),
            .init("max_history_tokens", .integer(pipeline.maxHistoryTokens)),
            .init("dedup", .string(pipeline.dedup.rawValue)),
            .init("dedup_wait", .duration(pipeline.dedupWait)),
            .init("dedup_price", .string(pipeline.dedupPrice.rawValue)),
            .init("response_cache", .bool(pipeline.responseCache)),
        ])
    }

    /// Plans and models by name.
    static func limits(_ limits: LimitsSettings) -> JSONValue {
        let plans = limits.plans.sorted { $0.key < $1.key }.map { name, plan in
            JSONValue.Member(
                name,
                .object(
                    rates(plan.rates) + [
                        .init("tokens_per_month", .optional(plan.tokensPerMonth)),
                        .init("price_multiplier", .string(Millionths.write(plan.priceMultiplierMillionths))),
                    ]))
        }
        let models = limits.models.sorted { $0.key < $1.key }.map { JSONValue.Member($0, .object(rates($1))) }
        return .object([
            .init("global", .object(rates(limits.global))),
            .init("plans", .object(plans)),
            .init("models", .object(models)),
            .init("per_ip", .object(rates(limits.perIP))),
            .init("enabled", .bool(limits.isEnabled)),
        ])
    }

    private static func rates(_ rates: RateLimitSettings) -> [JSONValue.Member] {
        [
            .init("requests_per_second", .optional(rates.requestsPerSecond)),
            .init("requests_per_minute", .optional(rates.requestsPerMinute)),
            .init("tokens_per_minute", .optional(rates.tokensPerMinute)),
            .init("algorithm", .string(rates.algorithm.rawValue)),
            .init("burst", .optional(rates.burst)),
        ]
    }
}
