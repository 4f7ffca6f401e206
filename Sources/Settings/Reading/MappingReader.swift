import Yams

/// A value of the file with its place.
struct ValueNode {
    var node: Node
    var place: Place
}

/// Reads one mapping of the file, key by key, and in the end says which keys nobody asked for.
///
/// A key asked for is also looked up among the unbuilt features, so no section need know them.
final class MappingReader {
    let place: Place
    let log: IssueLog
    private let entries: [MappingEntry]
    private var asked: [String] = []

    /// - Returns: nil after saying so when the node is no mapping.
    init?(_ value: ValueNode, log: IssueLog) {
        guard case .mapping(let mapping) = value.node else {
            log.error(value.place, "must be a mapping, `key: value`")
            return nil
        }
        place = value.place
        self.log = log
        entries = MappingEntry.entries(of: mapping, place: value.place, log: log)
    }

    /// Names in the order of the file, for mappings whose keys their author made up.
    var names: [String] { entries.map(\.name) }

    func has(_ name: String) -> Bool { entries.contains { $0.name == name } }

    /// The place of a key, written or not.
    func place(of name: String) -> Place {
        place.key(name, line: entries.first { $0.name == name }?.line)
    }

    /// The value of a key; nil when it is not there, or after saying that it is null.
    func value(_ name: String) -> ValueNode? {
        asked.append(name)
        guard let entry = entries.first(where: { $0.name == name }) else { return nil }
        return checked(ValueNode(node: entry.value, place: place.key(name, line: entry.line)))
    }

    /// All entries of a mapping whose keys their author made up.
    func allEntries() -> [(name: String, value: ValueNode)] {
        asked += names
        return entries.compactMap { entry in
            let value = ValueNode(node: entry.value, place: place.entry(entry.name, line: entry.line))
            return checked(value).map { (entry.name, $0) }
        }
    }

    private func checked(_ value: ValueNode) -> ValueNode? {
        guard log.visit(value.place) else { return nil }
        guard !value.node.isNull else {
            log.error(value.place, "has no value", fix: "write one, or remove the key")
            return nil
        }
        UnbuiltFeatures.note(value, log: log)
        return value
    }

    /// Says that a key must be there.
    func missing(_ name: String, fix: String? = nil) {
        guard !has(name) else { return }
        log.error(place, "`\(name)` is missing", fix: fix)
    }

    /// Says which keys are not known.
    func finish() {
        let known = Set(asked)
        for entry in entries where !known.contains(entry.name) {
            log.error(
                place.key(entry.name, line: entry.line), "unknown key",
                fix: NearestName.fix(for: entry.name, among: asked))
        }
    }
}

extension MappingReader {
    func scalar(_ name: String) -> ScalarText? {
        value(name).flatMap { log.scalar($0) }
    }

    /// Reads a key into a member that has its default.
    func read<Value>(_ name: String, into member: inout Value, _ parse: (ScalarText) -> Value?) {
        if let scalar = scalar(name), let value = parse(scalar) { member = value }
    }

    /// Reads a key into a member that may be none.
    func read<Value>(_ name: String, into member: inout Value?, _ parse: (ScalarText) -> Value?) {
        if let scalar = scalar(name), let value = parse(scalar) { member = value }
    }

    /// A text; nil when the key is not there, or its text is empty once variables are put in.
    func text(_ name: String) -> ScalarText? {
        guard let scalar = scalar(name), !scalar.text.isEmpty else { return nil }
        return scalar
    }

    /// A text that must be there and hold something.
    func requiredText(_ name: String, fix: String? = nil) -> ScalarText? {
        missing(name, fix: fix)
        guard let scalar = scalar(name) else { return nil }
        guard !scalar.text.isEmpty else {
            log.error(scalar.place, "is empty", fix: fix)
            return nil
        }
        return scalar
    }

    /// Reads a mapping under a key; what is not asked for inside it is unknown.
    func section(_ name: String, _ read: (MappingReader) -> Void) {
        guard let value = value(name), let reader = MappingReader(value, log: log) else { return }
        read(reader)
        reader.finish()
    }

    /// The elements of a list; empty when the key is not there.
    func items(_ name: String) -> [ValueNode] {
        guard let value = value(name) else { return [] }
        guard case .sequence(let sequence) = value.node else {
            log.error(value.place, "must be a list", fix: "write [a, b], or lines that begin with `- `")
            return []
        }
        return sequence.enumerated().compactMap { index, node in
            let item = ValueNode(node: node, place: value.place.item(index, line: node.mark?.line))
            guard log.visit(item.place) else { return nil }
            guard !node.isNull else {
                log.error(item.place, "has no value", fix: "write one, or remove the line")
                return nil
            }
            return item
        }
    }

    /// A list of mappings.
    func sections<Value>(_ name: String, _ read: (MappingReader) -> Value?) -> [Value] {
        items(name).compactMap { item in
            guard let reader = MappingReader(item, log: log) else { return nil }
            defer { reader.finish() }
            return read(reader)
        }
    }

    /// A list of texts that each hold something.
    func texts(_ name: String) -> [ScalarText] {
        items(name).compactMap { item in
            guard let scalar = log.scalar(item) else { return nil }
            guard !scalar.text.isEmpty else {
                log.error(scalar.place, "is empty")
                return nil
            }
            return scalar
        }
    }
}

extension IssueLog {
    /// A node's text with the environment's variables put in; nil after saying what is wrong.
    func scalar(_ value: ValueNode) -> ScalarText? {
        guard case .scalar(let scalar) = value.node else {
            error(value.place, "must be a single value, not a list or a mapping")
            return nil
        }
        let tag = scalar.tag.description
        guard tag.isEmpty || tag == "!" || tag.hasPrefix("tag:yaml.org,2002:") else {
            error(value.place, "has a tag that means nothing here", fix: "remove `\(Place.printable(tag))`")
            return nil
        }
        do throws(EnvironmentExpansion.Failure) {
            let text = try EnvironmentExpansion.expand(scalar.string, from: environment)
            return ScalarText(text: text, shown: scalar.string, place: value.place)
        } catch {
            switch error {
            case .unset(let name):
                self.error(
                    value.place, "the environment variable \(Place.printable(name)) is not set",
                    fix: "set it, or give a default: ${\(Place.printable(name)):-…}")
            case .malformed:
                self.error(value.place, "a `${` that is no variable", fix: "write ${NAME} or ${NAME:-default}")
            }
            return nil
        }
    }
}
