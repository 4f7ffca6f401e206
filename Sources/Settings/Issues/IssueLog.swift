/// Where something stands: for people, and as a pattern for tables.
struct Place: Sendable {
    var file: String
    /// `providers[0].base_url`
    var key: String
    /// `providers[].base_url`; names chosen by the file's author are `*`.
    var pattern: String
    var line: Int?

    static func root(of file: String) -> Place { Place(file: file, key: "", pattern: "", line: 1) }

    /// A variable of the environment that stands in for the key of `pattern`.
    static func variable(_ name: String, for pattern: String) -> Place {
        Place(file: "environment", key: name, pattern: pattern, line: nil)
    }

    func key(_ name: String, line: Int?) -> Place { child(name, as: name, line: line) }

    /// A key that the file's author made up, such as a plan's name.
    func entry(_ name: String, line: Int?) -> Place { child(name, as: "*", line: line) }

    func item(_ index: Int, line: Int?) -> Place {
        Place(file: file, key: "\(key)[\(index)]", pattern: "\(pattern)[]", line: line ?? self.line)
    }

    private func child(_ name: String, as patternName: String, line: Int?) -> Place {
        let shown = Self.printable(name)
        return Place(
            file: file, key: key.isEmpty ? shown : "\(key).\(shown)",
            pattern: pattern.isEmpty ? patternName : "\(pattern).\(patternName)", line: line ?? self.line)
    }

    /// Short and without control characters, for messages of one line.
    static func printable(_ text: String) -> String {
        let safe = text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "?" : String($0) }
        return safe.count <= 80 ? safe.joined() : safe.prefix(77).joined() + "..."
    }
}

/// Collects the issues of one load; with it the environment and a budget, so that a small file cannot make a long walk.
final class IssueLog {
    let environment: [String: String]
    private(set) var issues: [ConfigurationIssue] = []
    private var nodesLeft = IssueLog.nodeLimit

    /// Nodes a walk may visit, aliases counted each time they are followed.
    static let nodeLimit = 200_000
    /// More issues than this help nobody. Counted for each severity, so that warnings never crowd out an error.
    static let issueLimit = 500

    init(environment: [String: String]) {
        self.environment = environment
    }

    func error(_ place: Place, _ message: String, fix: String? = nil) {
        add(.error, place, message, fix: fix)
    }

    func warning(_ place: Place, _ message: String, fix: String? = nil) {
        add(.warning, place, message, fix: fix)
    }

    private func add(_ severity: ConfigurationIssue.Severity, _ place: Place, _ message: String, fix: String?) {
        guard issues.count(where: { $0.severity == severity }) < Self.issueLimit else { return }
        let issue = ConfigurationIssue(
            severity: severity, file: place.file, line: place.line, key: place.key, message: message, fix: fix)
        // What an alias repeats is wrong once.
        if !issues.contains(issue) { issues.append(issue) }
    }

    /// False once the walk is over its budget; the first time it says so.
    func visit(_ place: Place) -> Bool {
        guard nodesLeft > 0 else { return false }
        nodesLeft -= 1
        if nodesLeft == 0 {
            error(place, "the file grows past \(Self.nodeLimit) values when its aliases are followed")
        }
        return nodesLeft > 0
    }

    var hasErrors: Bool { issues.contains { $0.severity == .error } }

    /// Errors first, then warnings; each by line, those without a line first, otherwise in the order they were found.
    var sorted: [ConfigurationIssue] {
        issues.enumerated().sorted { left, right in
            let (first, second) = (rank(left.element), rank(right.element))
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    private func rank(_ issue: ConfigurationIssue) -> (Int, Int) {
        (issue.severity == .error ? 0 : 1, issue.line ?? 0)
    }
}
