import Yams

/// Text to YAML nodes. Whatever is wrong with the text becomes a located issue.
///
/// The parser below stops at the first error and holds nesting under 1,000 levels. It hashes the keys of mappings, which
/// takes exponential time when keys are collections built of aliases; such texts are refused before it sees them.
enum DocumentParser {
    static func parse(_ text: String, file: String, log: IssueLog) -> Node? {
        let root = Place.root(of: file)
        if let line = AliasedKeys.firstSuspect(in: text) {
            var place = root
            place.line = line
            log.error(place, "a key that is a list or a mapping, in a file with many aliases")
            return nil
        }
        do {
            // No rules: text stays text, and its reader decides what it must be.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            guard let node = try parser.singleRoot() else {
                log.error(root, "the file is empty", fix: "write at least one section, such as `server:`")
                return nil
            }
            return node
        } catch let error as YamlError {
            report(error, text: text, root: root, log: log)
        } catch {
            log.error(root, "the YAML cannot be read")
        }
        return nil
    }

    /// Only the parser's own words are passed on: its errors carry the whole text, secrets and all.
    private static func report(_ error: YamlError, text: String, root: Place, log: IssueLog) {
        var place = root
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            place.line = mark.line
            log.error(
                place, "not YAML: \(problem), at column \(mark.column)", fix: hint(problem, mark: mark, text: text))
        case .composer(_, let problem, let mark, _):
            place.line = mark.line
            let isSecond = problem.contains("another document")
            log.error(place, "not one YAML document: \(problem)", fix: isSecond ? "remove what follows `---`" : nil)
        case .reader(let problem, let offset, _, _):
            place.line = offset.map { 1 + text.prefix($0).count(where: \.isNewline) }
            log.error(place, "not YAML: \(problem)", fix: "the file must be UTF-8 without control characters")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let name = Place.printable(duplicates.first ?? "")
            place.line = context.mark.line
            place.key = name
            log.error(place, "duplicate key: `\(name)` stands twice in the mapping that begins here", fix: "keep one")
        case .memory:
            log.error(root, "not enough memory to read the file")
        case .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            log.error(root, "the YAML cannot be read")
        }
    }

    private static func hint(_ problem: String, mark: Mark, text: String) -> String? {
        let lines = text.split(separator: "\n", maxSplits: max(0, mark.line), omittingEmptySubsequences: false)
        guard mark.line >= 1, mark.line <= lines.count else { return nil }
        let line = lines[mark.line - 1]
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") { return "indent with spaces, not tabs" }
        if problem.contains("alphabetic or numeric"), line.contains("*") { return "quote a name with a star: \"*\"" }
        if problem.contains("mapping values are not allowed") { return "quote text that holds `: `" }
        return nil
    }
}

/// Looks for what would make key hashing explode: many aliases, and keys that are collections.
///
/// Judges by bytes, so a comment or a text may be taken for a key; a file with few aliases is never suspect.
enum AliasedKeys {
    /// 16 aliases can stand for at most about 350 copies of what they name.
    static let aliasLimit = 16

    /// The line of the first key that looks like a collection; nil: none does, or the aliases are few.
    static func firstSuspect(in text: String) -> Int? {
        var aliases = 0
        var line = 1
        var suspect: Int?
        var previous = UInt8(ascii: "\n")
        // The last byte on this line that is no blank, and whether it ends a collection or an alias.
        var endsNode = false
        var isInAlias = false
        var isInVariable = false
        for byte in text.utf8 {
            let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
            if isOpener(previous) {
                if byte == UInt8(ascii: "*") {
                    aliases += 1
                    isInAlias = true
                }
            } else if previous == UInt8(ascii: "?"), isBlank || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            {
                suspect = suspect ?? line
            }
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                (endsNode, isInAlias, isInVariable) = (false, false, false)
            case UInt8(ascii: "{") where previous == UInt8(ascii: "$"):
                (endsNode, isInVariable) = (false, true)
            case UInt8(ascii: "]"):
                (endsNode, isInAlias) = (true, false)
            case UInt8(ascii: "}"):
                (endsNode, isInAlias, isInVariable) = (!isInVariable, false, false)
            case UInt8(ascii: ":"):
                if endsNode || isInAlias { suspect = suspect ?? line }
                (endsNode, isInAlias) = (false, false)
            default:
                if !isBlank { endsNode = false }
                if byte == UInt8(ascii: ",") { isInAlias = false }
            }
            previous = byte
        }
        return aliases > aliasLimit ? suspect : nil
    }

    private static func isOpener(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "["),
            UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
