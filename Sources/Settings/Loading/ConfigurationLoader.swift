/// Makes configurations out of files and environments; reads all of it before it refuses any of it.
package enum ConfigurationLoader {
    /// A file past it is refused unread.
    package static let fileByteLimit = 4 << 20

    /// - Parameters:
    ///   - text: one YAML document
    ///   - file: the name issues carry
    /// - Throws: every error at once, in `ConfigurationErrors`
    package static func load(
        text: String, file: String, environment: [String: String]
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        let log = IssueLog(environment: environment)
        guard text.utf8.count <= fileByteLimit else {
            log.error(Place.root(of: file), "the file is larger than 4 MiB")
            throw ConfigurationErrors(issues: log.sorted)
        }
        guard let root = DocumentParser.parse(text, file: file, log: log) else {
            throw ConfigurationErrors(issues: log.sorted)
        }
        var configuration = ConfigurationReader.read(root, file: file, log: log)
        EnvironmentOverrides.apply(to: &configuration, log: log)
        return try finished(configuration, file: file, log: log)
    }

    /// Reads the file, then as above. A file that cannot be read, is not UTF-8 or is too large is an issue too.
    package static func load(
        path: String, environment: [String: String]
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        let text: String
        do throws(FileReading.Failure) {
            text = try FileReading.text(ofFileAt: path, byteLimit: fileByteLimit)
        } catch {
            let issue = ConfigurationIssue(
                severity: .error, file: path, line: error.line, key: "", message: error.message, fix: nil)
            throw ConfigurationErrors(issues: [issue])
        }
        return try load(text: text, file: path, environment: environment)
    }

    /// Defaults, with a provider and its well-known models for every vendor whose key is in the environment.
    package static func withoutFile(
        environment: [String: String]
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        let log = IssueLog(environment: environment)
        var configuration = Configuration()
        WellKnownVendors.add(to: &configuration, log: log)
        EnvironmentOverrides.apply(to: &configuration, log: log)
        return try finished(configuration, file: "environment", log: log)
    }

    private static func finished(
        _ configuration: Configuration, file: String, log: IssueLog
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        let server = configuration.server
        if server.listen == server.control, server.listen.port != 0 {
            var place = Place.root(of: file)
            place.line = nil
            place.key = "server.control"
            log.error(place, "is the same address as `server.listen`", fix: "give it another port")
        }
        guard !log.hasErrors else { throw ConfigurationErrors(issues: log.sorted) }
        return LoadedConfiguration(configuration: configuration, warnings: log.sorted)
    }
}
