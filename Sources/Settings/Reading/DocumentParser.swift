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
        var scan = Scan()
        for byte in text.utf8 { scan.take(byte) }
        return scan.aliases > aliasLimit ? scan.suspect : nil
    }

    /// A key that is no explicit one (`?`) stands on one line, so nothing but counts outlives a line.
    private struct Scan {
        var aliases = 0
        var suspect: Int?
        private var line = 1
        private var previous = UInt8(ascii: "\n")
        /// How many aliases there were when the line began, and at each bracket that is open on it.
        private var aliasesAtLineStart = 0
        private var aliasesAtOpeners: [Int] = []
        /// The last thing on the line, blanks aside, is a collection with an alias in it, or an alias.
        private var endsAliased = false
        private var isInAlias = false
        private var isInComment = false
        private var hasQuote = false
        /// A question mark where an explicit key may begin was the byte before.
        private var isBehindQuestion = false

        mutating func take(_ byte: UInt8) {
            defer { previous = byte }
            guard !isInComment || byte == UInt8(ascii: "\n") else { return }
            let mayBegin = AliasedKeys.mayBegin(after: previous)
            if isBehindQuestion, AliasedKeys.isBlank(byte) { suspect = suspect ?? line }
            isBehindQuestion = mayBegin && byte == UInt8(ascii: "?")
            if mayBegin, byte == UInt8(ascii: "*") {
                aliases += 1
                isInAlias = true
            }
            switch byte {
            case UInt8(ascii: "\n"): endLine()
            case UInt8(ascii: "["), UInt8(ascii: "{"): open()
            case UInt8(ascii: "]"), UInt8(ascii: "}"): close()
            case UInt8(ascii: ":"): endKey()
            case UInt8(ascii: ","): (endsAliased, isInAlias) = (false, false)
            // A hash after a quote may stand in a text.
            case UInt8(ascii: "#"): isInComment = AliasedKeys.isBlank(previous) && !hasQuote
            case UInt8(ascii: "\""), UInt8(ascii: "'"): (hasQuote, endsAliased) = (true, false)
            case _ where AliasedKeys.isBlank(byte): break
            default: endsAliased = false
            }
        }

        private mutating func endLine() {
            line += 1
            aliasesAtLineStart = aliases
            aliasesAtOpeners.removeAll(keepingCapacity: true)
            (endsAliased, isInAlias, isInComment, hasQuote) = (false, false, false, false)
        }

        private mutating func open() {
            aliasesAtOpeners.append(aliases)
            (endsAliased, isInAlias) = (false, false)
        }

        private mutating func close() {
            endsAliased = aliases > (aliasesAtOpeners.popLast() ?? aliasesAtLineStart)
            isInAlias = false
        }

        private mutating func endKey() {
            if endsAliased || isInAlias { suspect = suspect ?? line }
            (endsAliased, isInAlias) = (false, false)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        default: false
        }
    }

    private static func mayBegin(after byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: ":"): true
        default: isBlank(byte)
        }
    }
}
