extension Configuration {
    package func provider(named name: String) -> ProviderSettings? {
        providers.first { $0.name == name }
    }

    /// A model's targets that calls can be sent to, in their order; empty where every provider's kind is not built yet.
    package func usableTargets(of model: ModelSettings) -> [TargetSettings] {
        model.targets.filter { provider(named: $0.provider)?.kind.isBuilt ?? false }
    }
}
