import Yams

/// One key of a mapping with its value; merge keys (`<<`) resolved.
struct MappingEntry {
    var name: String
    var line: Int?
    var value: Node

    /// In the order of the file, merged ones last; a key of the mapping's own wins over a merged one, an earlier merged
    /// one over a later.
    static func entries(of mapping: Node.Mapping, place: Place, log: IssueLog) -> [MappingEntry] {
        collect(mapping, place: place, log: log, depth: 0)
    }

    /// Merges inside merges.
    private static let depthLimit = 16

    private static func collect(_ mapping: Node.Mapping, place: Place, log: IssueLog, depth: Int) -> [MappingEntry] {
        var own: [MappingEntry] = []
        var merged: [MappingEntry] = []
        for (key, value) in mapping {
            guard log.visit(place) else { break }
            guard case .scalar(let scalar) = key else {
                var keyPlace = place
                keyPlace.line = key.mark?.line ?? place.line
                log.error(keyPlace, "a key must be a name, not a list or a mapping")
                continue
            }
            if scalar.string == "<<", scalar.style == .plain {
                merged += merge(value, place: place.key("<<", line: scalar.mark?.line), log: log, depth: depth)
            } else {
                own.append(MappingEntry(name: scalar.string, line: scalar.mark?.line, value: value))
            }
        }
        guard !merged.isEmpty else { return own }
        var seen = Set(own.map(\.name))
        return own + merged.filter { seen.insert($0.name).inserted }
    }

    private static func merge(_ value: Node, place: Place, log: IssueLog, depth: Int) -> [MappingEntry] {
        guard depth < depthLimit else {
            log.error(place, "merges \(depthLimit) deep")
            return []
        }
        switch value {
        case .mapping(let mapping):
            return collect(mapping, place: place, log: log, depth: depth + 1)
        case .sequence(let sequence):
            return sequence.flatMap { element -> [MappingEntry] in
                guard log.visit(place), case .mapping(let mapping) = element else {
                    log.error(place, "merges a mapping or a list of mappings")
                    return []
                }
                return collect(mapping, place: place, log: log, depth: depth + 1)
            }
        case .scalar, .alias:
            log.error(place, "merges a mapping or a list of mappings", fix: "write <<: *name")
            return []
        }
    }
}

extension Node {
    /// Written as nothing, `~` or `null`, without quotes.
    var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
