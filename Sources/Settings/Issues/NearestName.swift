/// Finds what somebody may have meant to write.
enum NearestName {
    /// The candidate that takes the fewest slips (a letter more, less, other, or two swapped) to get to; nil when none
    /// is near. Of equals the first.
    static func suggestion(for name: String, among candidates: some Sequence<String>) -> String? {
        let written = Array(name.lowercased().unicodeScalars.prefix(64))
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != name {
            let distance = distance(written, Array(candidate.lowercased().unicodeScalars.prefix(64)))
            guard distance <= max(1, min(3, candidate.unicodeScalars.count / 3)) else { continue }
            if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
        }
        return best?.name
    }

    /// "did you mean `x`?", or the list when it is short, or nil.
    static func fix(for name: String, among candidates: [String]) -> String? {
        if let meant = suggestion(for: name, among: candidates) { return "did you mean `\(meant)`?" }
        guard !candidates.isEmpty, candidates.count <= 16 else { return nil }
        return "one of: \(candidates.joined(separator: ", "))"
    }

    /// Restricted Damerau-Levenshtein distance, three rows at a time.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var twoBack = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var cost = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, twoBack[column - 1] + 1)
                }
                current.append(cost)
            }
            (twoBack, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
