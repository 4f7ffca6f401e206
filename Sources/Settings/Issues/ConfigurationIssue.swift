/// One thing that is wrong, or not built yet, in a configuration: where it stands and what to do about it.
///
/// Never quotes a value that came from the environment or stands where a secret may.
package struct ConfigurationIssue: Sendable, Equatable, CustomStringConvertible {
    package enum Severity: String, Sendable {
        case error, warning
    }

    package var severity: Severity
    /// The path the text was read from, or `environment`.
    package var file: String
    /// From 1; nil where no line of the file is meant.
    package var line: Int?
    /// Dotted path (`providers[0].base_url`) or a variable's name; empty: the file as a whole.
    package var key: String
    package var message: String
    /// What to write instead; nil where the message says it.
    package var fix: String?

    package init(
        severity: Severity, file: String, line: Int? = nil, key: String, message: String, fix: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.key = key
        self.message = message
        self.fix = fix
    }

    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        let subject = key.isEmpty ? message : "\(key): \(message)"
        return "\(place): \(subject)" + (fix.map { " (\($0))" } ?? "")
    }
}

/// Why a configuration was refused.
package struct ConfigurationErrors: Error, Equatable, CustomStringConvertible {
    /// At least one error; errors first, then warnings, each by line.
    package var issues: [ConfigurationIssue]

    package init(issues: [ConfigurationIssue]) {
        self.issues = issues
    }

    package var errors: [ConfigurationIssue] { issues.filter { $0.severity == .error } }

    /// One issue a line.
    package var description: String { issues.map(\.description).joined(separator: "\n") }
}

/// A configuration that may be used, and what to tell its author.
package struct LoadedConfiguration: Sendable, Equatable {
    package var configuration: Configuration
    /// By line; keys whose feature is not built yet.
    package var warnings: [ConfigurationIssue]

    package init(configuration: Configuration, warnings: [ConfigurationIssue] = []) {
        self.configuration = configuration
        self.warnings = warnings
    }
}
