/// Plausible values by a JSON Schema: words and numbers of the question where they fit. It honours type, enum, const,
/// default, format, bounds of numbers and lengths, items, properties, anyOf, oneOf, allOf and local `$ref`; not pattern.
struct SchemaSample {
    private static let deepest = 16

    private let words: [String]
    private let number: Int?

    init(question: String) {
        let words = question.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
        // A capital inside the sentence is most likely the name that is asked about.
        let names = words.dropFirst().filter { $0.first?.isUppercase ?? false }
        self.words = names.isEmpty ? Array(words.suffix(1)) : Array(names)
        number = words.compactMap { Int($0) }.first
    }

    /// The arguments of a call: an object, whatever the schema says.
    func arguments(for schema: JSONTree) -> JSONTree {
        let value = value(for: schema)
        return value.members == nil ? [:] : value
    }

    func value(for schema: JSONTree) -> JSONTree {
        value(for: schema, root: schema, depth: 0)
    }

    private func value(for schema: JSONTree, root: JSONTree, depth: Int) -> JSONTree {
        guard depth < Self.deepest else { return .null }
        if let constant = schema["const"] { return constant }
        if let first = schema["enum"]?.elements?.first { return first }
        if let reference = schema["$ref"]?.text {
            return Self.resolve(reference, in: root).map { value(for: $0, root: root, depth: depth + 1) } ?? .null
        }
        for name in ["anyOf", "oneOf", "allOf"] {
            if let first = schema[name]?.elements?.first(where: { $0["type"] != "null" }) {
                return value(for: first, root: root, depth: depth + 1)
            }
        }
        switch Self.type(of: schema) {
        case "object": return object(for: schema, root: root, depth: depth)
        case "array":
            let item = value(for: schema["items"] ?? ["type": "string"], root: root, depth: depth + 1)
            let least = min(max(schema["minItems"]?.integer ?? 1, schema["maxItems"] == 0 ? 0 : 1), 64)
            return .array(Array(repeating: item, count: least))
        case "integer", "number": return numeric(for: schema)
        case "boolean": return true
        case "null": return .null
        default: return string(for: schema)
        }
    }

    private static func type(of schema: JSONTree) -> String {
        // Gemini's schemas write the types in capitals.
        if let type = schema["type"]?.text { return type.lowercased() }
        if let types = schema["type"]?.elements, let type = types.compactMap(\.text).first(where: { $0 != "null" }) {
            return type
        }
        if schema["properties"] != nil { return "object" }
        if schema["items"] != nil { return "array" }
        return schema.members?.isEmpty ?? true ? "object" : "string"
    }

    private static func resolve(_ reference: String, in root: JSONTree) -> JSONTree? {
        guard reference.hasPrefix("#") else { return nil }
        var node: JSONTree? = root
        for step in reference.dropFirst().split(separator: "/") { node = node?[String(step)] }
        return node
    }

    private func object(for schema: JSONTree, root: JSONTree, depth: Int) -> JSONTree {
        .object(
            (schema["properties"]?.members ?? []).map {
                JSONTree.Member($0.name, value(for: $0.value, root: root, depth: depth + 1))
            })
    }

    private func numeric(for schema: JSONTree) -> JSONTree {
        var sample = number ?? 1
        if let least = schema["minimum"]?.integer { sample = max(sample, least) }
        if let below = schema["exclusiveMinimum"]?.integer { sample = max(sample, below < Int.max ? below + 1 : below) }
        if let most = schema["maximum"]?.integer { sample = min(sample, most) }
        if let above = schema["exclusiveMaximum"]?.integer { sample = min(sample, above > Int.min ? above - 1 : above) }
        return .int(sample)
    }

    private func string(for schema: JSONTree) -> JSONTree {
        switch schema["format"] {
        case "date-time": return "2026-01-02T03:04:05Z"
        case "date": return "2026-01-02"
        case "time": return "03:04:05Z"
        case "email": return "someone@example.com"
        case "uri", "url": return "https://example.com/"
        case "uuid": return "00000000-0000-4000-8000-000000000000"
        default: break
        }
        var text = words.joined(separator: " ")
        if text.isEmpty { text = "example" }
        let least = min(max(schema["minLength"]?.integer ?? 0, 0), 4096)
        if text.count < least { text += String(repeating: "x", count: least - text.count) }
        if let most = schema["maxLength"]?.integer { text = String(text.prefix(max(0, most))) }
        return .string(text)
    }
}
