import FoundationEssentials
import Settings

/// Where the configuration comes from: a file, or, without one, the environment alone.
struct ConfigurationSource: Sendable {
    /// nil: no file.
    let path: String?
    let environment: [String: String]
    /// Applied to what was read: how `--demo` adds its provider.
    let adjust: @Sendable (inout Configuration) -> Void

    init(
        path: String?, environment: [String: String],
        adjust: @escaping @Sendable (inout Configuration) -> Void = { _ in }
    ) {
        self.path = path
        self.environment = environment
        self.adjust = adjust
    }

    func load() throws(ConfigurationErrors) -> LoadedConfiguration {
        var loaded =
            if let path {
                try ConfigurationLoader.load(path: path, environment: environment)
            } else {
                try ConfigurationLoader.withoutFile(environment: environment)
            }
        adjust(&loaded.configuration)
        return loaded
    }
}
