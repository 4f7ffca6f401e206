import Yams

extension UnbuiltFeatures {
    private static let rowsByPattern = Dictionary(grouping: rows, by: \.pattern)

    /// Tells of a value that asks for something not built yet.
    static func note(_ value: ValueNode, log: IssueLog) {
        guard let rows = rowsByPattern[value.place.pattern] else { return }
        switch value.node {
        case .scalar(let scalar):
            // A scalar that cannot be expanded is told of by its reader.
            guard let text = try? EnvironmentExpansion.expand(scalar.string, from: log.environment) else { return }
            note(text: text, rows: rows, place: value.place, log: log)
        case .mapping(let mapping):
            noteCollection(isEmpty: mapping.isEmpty, rows: rows, place: value.place, log: log)
        case .sequence(let sequence):
            noteCollection(isEmpty: sequence.isEmpty, rows: rows, place: value.place, log: log)
        case .alias:
            break
        }
    }

    /// Tells of a variable that asks for something not built yet.
    static func note(_ scalar: ScalarText, log: IssueLog) {
        note(text: scalar.text, rows: rowsByPattern[scalar.place.pattern] ?? [], place: scalar.place, log: log)
    }

    /// Tells of what only the section itself can judge.
    static func report(_ place: Place, log: IssueLog) {
        for row in rowsByPattern[place.pattern] ?? [] where row.isReported { tell(row, place: place, log: log) }
    }

    private static func note(text: String, rows: [Row], place: Place, log: IssueLog) {
        let text = text.lowercased()
        for row in rows where row.holds(text) { tell(row, place: place, log: log) }
    }

    private static func noteCollection(isEmpty: Bool, rows: [Row], place: Place, log: IssueLog) {
        guard !isEmpty else { return }
        for case let row in rows where row.isForAnyValue { tell(row, place: place, log: log) }
    }

    private static func tell(_ row: Row, place: Place, log: IssueLog) {
        switch row.severity {
        case .error: log.error(place, row.message, fix: row.fix)
        case .warning: log.warning(place, row.message, fix: row.fix)
        }
    }
}

extension UnbuiltFeatures.Row {
    fileprivate var isForAnyValue: Bool {
        if case .written = condition { true } else { false }
    }

    fileprivate var isReported: Bool {
        if case .reported = condition { true } else { false }
    }

    /// - Parameter text: in lower case.
    fileprivate func holds(_ text: String) -> Bool {
        switch condition {
        case .written: !text.isEmpty
        case .oneOf(let texts): texts.contains(text)
        case .beginsWith(let prefixes): prefixes.contains { text.hasPrefix($0) }
        case .positive: (Int(text.filter { $0 != "_" }) ?? 0) > 0
        case .reported: false
        }
    }
}
