import Yams

/// Reads the whole file. Values that are wrong keep their default: the result counts only where the log has no error.
enum ConfigurationReader {
    static func read(_ root: Node, file: String, log: IssueLog) -> Configuration {
        var configuration = Configuration()
        let value = ValueNode(node: root, place: Place.root(of: file))
        guard let reader = MappingReader(value, log: log) else { return configuration }
        reader.section("server") { ServerSection.read($0, into: &configuration.server) }
        reader.section("storage") { StorageSection.readStorage($0, into: &configuration.storage) }
        reader.section("shared_state") { StorageSection.readSharedState($0, into: &configuration.sharedState) }
        reader.section("messaging") { StorageSection.readMessaging($0, into: &configuration.messaging) }
        reader.section("auth") { AuthSection.read($0, into: &configuration.auth) }
        reader.section("outbound") { AuthSection.readOutbound($0, into: &configuration.outbound) }
        readProvidersAndModels(reader, into: &configuration)
        configuration.routes = reader.sections("routes", RemainingSections.route)
        reader.section("limits") { LimitsSection.read($0, into: &configuration.limits) }
        reader.section("billing") { RemainingSections.readBilling($0, into: &configuration.billing) }
        reader.section("telemetry") { RemainingSections.readTelemetry($0, into: &configuration.telemetry) }
        reader.section("alerts") { RemainingSections.readAlerts($0, into: &configuration.alerts) }
        reader.finish()
        configuration.usage.isAsync = configuration.billing.durability == .journal
        References.check(reader, configuration: configuration)
        return configuration
    }

    private static func readProvidersAndModels(_ reader: MappingReader, into configuration: inout Configuration) {
        let log = reader.log
        var providers = ProviderSection(log: log, outbound: configuration.outbound)
        var providerNames: [String] = []
        configuration.providers = reader.sections("providers") { section in
            if let name = section.scalar("name") { providerNames.append(name.text) }
            return providers.read(section)
        }
        var models = ModelSection(log: log, providerNames: providerNames)
        configuration.models = reader.sections("models") { models.read($0) }
    }
}
