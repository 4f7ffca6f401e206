package import Metering
package import Pipeline
package import Routing

/// A model as the hot path needs it.
package final class ModelPlan: Sendable {
    /// As written in the configuration; a wildcard keeps its `*`.
    package let name: String
    /// What stands before the `*` of a wildcard; nil for a literal name.
    package let wildcardPrefix: String?
    package let pipeline: PromptPipeline
    package let candidates: [Candidate]
    package let chooser: WeightedTargets
    package let isSticky: Bool
    /// `strategy: prefix`: a call goes where its prompt is warm.
    package let prefersWarmth: Bool
    /// Models whose candidates are tried when this one's are out, in order; into `GatewaySnapshot.models`.
    package let fallbacks: [Int]
    package let degradeBody: String?
    package let twinPolicy: TwinPolicy

    init(
        name: String, wildcardPrefix: String?, pipeline: PromptPipeline, candidates: [Candidate],
        chooser: WeightedTargets, isSticky: Bool, prefersWarmth: Bool, fallbacks: [Int], degradeBody: String?,
        twinPolicy: TwinPolicy
    ) {
        self.name = name
        self.wildcardPrefix = wildcardPrefix
        self.pipeline = pipeline
        self.candidates = candidates
        self.chooser = chooser
        self.isSticky = isSticky
        self.prefersWarmth = prefersWarmth
        self.fallbacks = fallbacks
        self.degradeBody = degradeBody
        self.twinPolicy = twinPolicy
    }
}

/// Everything an exchange needs to know of the configuration and the prices, as one immutable value.
///
/// A reload or a price change builds a new one; an exchange keeps the one it began with.
package final class GatewaySnapshot: Sendable {
    package let providers: [ProviderPlan]
    package let models: [ModelPlan]
    /// Labels of metrics and answers, one per pair of model and provider that candidates name.
    package let labels: [CandidateLabel]
    package let prices: PriceBook
    package let limits: SnapshotLimits
    /// Texts that must never reach a client; upstream messages are searched for them.
    package let secrets: SecretMask
    private let literalModels: [String: Int]
    /// Longest prefix first.
    private let wildcardModels: [(prefix: String, model: Int)]

    package init(
        providers: [ProviderPlan], models: [ModelPlan], labels: [CandidateLabel], prices: PriceBook,
        limits: SnapshotLimits, secrets: SecretMask
    ) {
        self.providers = providers
        self.models = models
        self.labels = labels
        self.prices = prices
        self.limits = limits
        self.secrets = secrets
        var literal: [String: Int] = [:]
        var wildcards: [(prefix: String, model: Int)] = []
        for (index, model) in models.enumerated() {
            if let prefix = model.wildcardPrefix {
                wildcards.append((prefix, index))
            } else {
                literal[model.name] = index
            }
        }
        literalModels = literal
        wildcardModels = wildcards.sorted { $0.prefix.utf8.count > $1.prefix.utf8.count }
    }

    /// The model a client's name means: a literal name first, then the longest wildcard.
    ///
    /// `remainder` is what the wildcard's `*` stands for; nil for a literal name.
    package func resolve(model name: String) -> (model: Int, remainder: String?)? {
        if let literal = literalModels[name] { return (literal, nil) }
        for wildcard in wildcardModels where name.utf8.count > wildcard.prefix.utf8.count && name.hasPrefix(wildcard.prefix) {
            return (wildcard.model, String(name.dropFirst(wildcard.prefix.count)))
        }
        return nil
    }
}

/// The names that metrics and answers show for a pair of model and provider.
package struct CandidateLabel: Sendable, Hashable {
    package var model: String
    package var provider: String
}

/// The bounds of `server` and `billing` that exchanges keep to.
package struct SnapshotLimits: Sendable {
    package var maximumResponseBytes: Int
    package var requestTimeoutNanoseconds: Int64
    package var idleTimeoutNanoseconds: Int64
    package var refusesUnpriced: Bool
    package var isRateLimited: Bool
    /// One more attempt than this is never made for one exchange.
    package var maximumAttempts = 3
}
