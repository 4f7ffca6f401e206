/// Names that must be unique, and where each was first.
struct SeenNames {
    /// What is named, for the message: `provider`.
    let what: String
    let log: IssueLog
    private var firsts: [String: Place] = [:]

    init(what: String, log: IssueLog) {
        self.what = what
        self.log = log
    }

    mutating func note(_ name: String, place: Place) {
        guard let first = firsts[name] else {
            firsts[name] = place
            return
        }
        let line = first.line.map { " (line \($0))" } ?? ""
        log.error(place, "a duplicate: the \(what) `\(Place.printable(name))` is at \(first.key)\(line) already")
    }
}
