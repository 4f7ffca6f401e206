/// How a model's targets are chosen.
package enum RoutingStrategy: String, Sendable, CaseIterable {
    case weighted, cost, latency, quality, balanced, prefix
    case leastBusy = "least_busy"
}

/// What canary and A/B shares keep to.
package enum Stickiness: String, Sendable, CaseIterable {
    case user, key, session, none
}

/// What a client may put in `model`, and where it is sent.
package struct ModelSettings: Sendable, Equatable {
    /// A literal name, or a prefix followed by `*`.
    package var name: String
    package var strategy = RoutingStrategy.weighted
    package var balance = BalanceSettings()
    package var sticky = Stickiness.user
    /// Never empty.
    package var targets: [TargetSettings]
    /// Names of other models, tried in order when every target is out.
    package var fallbacks: [String] = []
    /// Refuse (400) what the target cannot carry instead of reporting it dropped.
    package var strict = false
    package var pipeline = PipelineSettings()
    /// JSON text answered when every target is out; nil: none.
    package var degradeBody: String?

    package init(name: String, targets: [TargetSettings]) {
        self.name = name
        self.targets = targets
    }
}

package struct BalanceSettings: Sendable, Equatable {
    package var cost = 0.4
    package var performance = 0.3
    package var quality = 0.3

    package init() {}
}

/// One place a model's calls can go to.
package struct TargetSettings: Sendable, Equatable {
    /// Names an entry of `providers`.
    package var provider: String
    /// What the vendor is asked for; `*` takes the rest of a wildcard model's name.
    package var model: String
    package var version: String?
    /// 0 and up; a target of weight 0 is used only when no other is left.
    package var weight = 1
    package var tags: [String] = []
    package var quality: Double?

    package init(provider: String, model: String) {
        self.provider = provider
        self.model = model
    }
}

package struct PipelineSettings: Sendable, Equatable {
    package enum Arrange: String, Sendable, CaseIterable { case off, safe, full }
    package enum Cache: String, Sendable, CaseIterable { case auto, off, client }
    package enum Dedup: String, Sendable, CaseIterable { case off, deterministic, all }
    package enum DedupPrice: String, Sendable, CaseIterable { case full, shared }

    package var arrange = Arrange.safe
    package var cache = Cache.auto
    /// 0: never cut.
    package var maxHistoryTokens = 0
    package var dedup = Dedup.deterministic
    package var dedupWait = Duration.seconds(60)
    package var dedupPrice = DedupPrice.full
    package var responseCache = false

    package init() {}
}

/// A dynamic route; not built yet, so its constraint is kept as text.
package struct RouteSettings: Sendable, Equatable {
    package var path: String
    package var when: [String: String] = [:]
    package var model: String?
    package var version: String?
    package var tags: [String] = []

    package init(path: String) {
        self.path = path
    }
}
