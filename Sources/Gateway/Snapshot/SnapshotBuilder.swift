package import Metering
internal import Pipeline
internal import Routing
package import Settings

/// Turns a checked configuration and the prices into the snapshot that exchanges work with.
package struct SnapshotBuilder {
    private let configuration: Configuration
    private let prices: PriceBook
    private let health: HealthBook
    private var labels: [CandidateLabel] = []
    private var labelIndices: [CandidateLabel: Int] = [:]

    package init(configuration: Configuration, prices: PriceBook, health: HealthBook) {
        self.configuration = configuration
        self.prices = prices
        self.health = health
    }

    package mutating func build() -> GatewaySnapshot {
        let providers = configuration.providers.map(plan)
        let providerIndices = Dictionary(
            configuration.providers.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let modelIndices = Dictionary(
            configuration.models.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let models = configuration.models.map { model in
            plan(model, providers: providers, providerIndices: providerIndices, modelIndices: modelIndices)
        }
        return GatewaySnapshot(
            providers: providers, models: models, labels: labels, prices: prices, limits: limits,
            secrets: SecretMask(secrets: secrets))
    }

    private var limits: SnapshotLimits {
        SnapshotLimits(
            maximumResponseBytes: configuration.server.maxResponseBytes,
            requestTimeoutNanoseconds: configuration.server.requestTimeout.nanoseconds,
            idleTimeoutNanoseconds: configuration.server.idleTimeout.nanoseconds,
            refusesUnpriced: configuration.billing.unpricedModels == .reject,
            isRateLimited: configuration.limits.isEnabled)
    }

    private var secrets: [String] {
        var secrets = [configuration.auth.adminKey.revealed]
        for provider in configuration.providers {
            secrets += provider.keys.map(\.value.revealed) + provider.headers.map(\.value.revealed)
        }
        return secrets
    }

    private func plan(_ provider: ProviderSettings) -> ProviderPlan {
        let dialect = DialectRegistry.dialect(kind: provider.kind.rawValue)
        let endpoint = UpstreamEndpoint(
            provider, allowsPrivate: provider.allowPrivate || configuration.outbound.names(provider.baseURL))
        return ProviderPlan(
            settings: provider, endpoint: endpoint, dialect: dialect ?? .unbuilt,
            health: health.health(of: provider.name, breaker: CircuitBreakerParameters(provider.breaker)))
    }

    private mutating func plan(
        _ model: ModelSettings, providers: [ProviderPlan], providerIndices: [String: Int], modelIndices: [String: Int]
    ) -> ModelPlan {
        let isWildcard = model.name.hasSuffix("*")
        var candidates: [Candidate] = []
        var weights: [Int] = []
        var identities: [UInt64] = []
        for (targetIndex, target) in model.targets.enumerated() {
            guard let provider = providerIndices[target.provider], providers[provider].settings.kind.isBuilt else { continue }
            let keys = keys(of: providers[provider].settings)
            for key in keys {
                let chosen = candidate(
                    target, index: targetIndex, key: key, provider: providers[provider], modelName: model.name,
                    sharesTarget: keys.count > 1)
                candidates.append(chosen)
                weights.append(chosen.weight)
                identities.append(chosen.slot)
            }
        }
        var options = PipelineOptions()
        options.isStrict = model.strict
        options.arrange = PipelineOptions.Arrangement(model.pipeline.arrange)
        options.maxHistoryTokens = model.pipeline.maxHistoryTokens
        options.cache = PipelineOptions.CacheMarks(model.pipeline.cache)
        return ModelPlan(
            name: model.name, wildcardPrefix: isWildcard ? String(model.name.dropLast()) : nil,
            pipeline: PromptPipeline(options: options), candidates: candidates,
            chooser: WeightedTargets(weights: weights, identities: identities), isSticky: model.sticky == .user && model.targets.count > 1,
            prefersWarmth: model.strategy == .prefix,
            fallbacks: model.fallbacks.compactMap { modelIndices[$0] }, degradeBody: model.degradeBody,
            twinPolicy: TwinPolicy(model.pipeline))
    }

    /// A target's weight is shared out among its provider's keys by theirs; what a reload moves in the list stays put.
    private static func weight(of target: TargetSettings, _ key: ProviderKeySettings) -> Int {
        let (product, overflow) = target.weight.multipliedReportingOverflow(by: max(1, key.weight))
        return overflow ? .max : product
    }

    /// A provider that needs no key (a simulator, a local server) is one candidate with none.
    private func keys(of provider: ProviderSettings) -> [ProviderKeySettings] {
        provider.keys.isEmpty ? [ProviderKeySettings(id: "", value: Secret(""))] : provider.keys
    }

    private mutating func candidate(
        _ target: TargetSettings, index: Int, key: ProviderKeySettings, provider: ProviderPlan, modelName: String,
        sharesTarget: Bool
    ) -> Candidate {
        let providerName = provider.settings.name
        let upstreamModel = target.model == "*" ? nil : target.model
        return Candidate(
            provider: provider, upstreamModel: upstreamModel, keyID: key.id,
            price: upstreamModel.flatMap { prices.price(model: $0, provider: providerName) },
            requestHeaders: UpstreamRequestHead.headers(for: provider, key: key), target: index,
            label: label(CandidateLabel(model: modelName, provider: providerName)),
            slot: Routing.StableHash.of("\(target.provider)/\(target.model)/\(key.id)"),
            weight: Self.weight(of: target, key), keyWeight: max(1, key.weight), sharesTarget: sharesTarget,
            tenantSalt: Routing.StableHash.of("tenants/" + key.value.revealed))
    }

    private mutating func label(_ label: CandidateLabel) -> Int {
        if let known = labelIndices[label] { return known }
        labels.append(label)
        labelIndices[label] = labels.count - 1
        return labels.count - 1
    }
}

extension OutboundSettings {
    /// True where `outbound.allow` names the URL's host, with or without its port.
    fileprivate func names(_ url: UpstreamURL) -> Bool {
        allow.contains { $0.lowercased() == url.host || $0.lowercased() == "\(url.host):\(url.port)" }
    }
}

extension CircuitBreakerParameters {
    init(_ settings: BreakerSettings) {
        self.init(
            windowNanoseconds: settings.window.nanoseconds, buckets: settings.buckets,
            failureRatio: settings.failureRatio, minimumRequests: settings.minimumRequests,
            openNanoseconds: settings.openFor.nanoseconds, maximumOpenNanoseconds: settings.openForMax.nanoseconds,
            halfOpenSuccesses: settings.halfOpenSuccesses)
    }
}

extension PipelineOptions.CacheMarks {
    init(_ setting: PipelineSettings.Cache) {
        self =
            switch setting {
            case .auto: .auto
            case .off: .off
            case .client: .client
            }
    }
}

extension PipelineOptions.Arrangement {
    init(_ setting: PipelineSettings.Arrange) {
        self =
            switch setting {
            case .off: .off
            case .safe: .safe
            case .full: .full
            }
    }
}
