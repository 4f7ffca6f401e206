import Settings

/// What a load came to: the values or the issues.
enum Outcome {
    case loaded(LoadedConfiguration)
    case refused([ConfigurationIssue])

    init(_ text: String, environment: [String: String] = [:]) {
        do throws(ConfigurationErrors) {
            self = .loaded(try ConfigurationLoader.load(text: text, file: "gateway.yaml", environment: environment))
        } catch {
            self = .refused(error.issues)
        }
    }

    init(environment: [String: String]) {
        do throws(ConfigurationErrors) {
            self = .loaded(try ConfigurationLoader.withoutFile(environment: environment))
        } catch {
            self = .refused(error.issues)
        }
    }

    /// Errors and warnings.
    var issues: [ConfigurationIssue] {
        switch self {
        case .loaded(let loaded): loaded.warnings
        case .refused(let issues): issues
        }
    }

    var errors: [ConfigurationIssue] { issues.filter { $0.severity == .error } }

    var configuration: Configuration? {
        if case .loaded(let loaded) = self { loaded.configuration } else { nil }
    }
}

/// A provider and a model around which a case says what it is about.
enum Minimal {
    static func file(provider: String = "", target: String = "", model: String = "", rest: String = "") -> String {
        """
        providers:
          - name: p
            kind: openai
            keys: [{id: main, value: k}]
        \(indented(provider, by: 4))
        models:
          - name: m
            targets: [{provider: p, model: x\(target)}]
        \(indented(model, by: 4))
        \(rest)
        """
    }

    private static func indented(_ text: String, by blanks: Int) -> String {
        text.split(separator: "\n").map { String(repeating: " ", count: blanks) + $0 }.joined(separator: "\n")
    }
}
