import NIOCore
import Wire

/// Schemas in the API's own dialect of OpenAPI, as JSON Schema (package google-genai 3.4.0, types.Schema, read 2026-11).
///
/// Types are said in lower case, `nullable` is a type of its own, `propertyOrdering` is the order of the properties, and
/// counts may stand in strings, as 64-bit numbers do in Google's JSON.
enum GeminiSchema {
    /// How deep a schema is followed; what is deeper is left as it came.
    private static let maximumDepth = 64

    static func jsonSchema(of schema: JSONView) -> JSONFragment {
        JSONFragment(kind: schema.kind) { write(schema, to: &$0, depth: 0) }
    }

    private static func write(_ schema: JSONView, to writer: inout JSONWriter, depth: Int) {
        guard schema.isObject, depth < maximumDepth else { return writer.fragment(schema.fragment) }
        let isNullable = schema["nullable"]?.bool == true
        writer.object { object in
            for (name, value) in schema.members {
                write(GeminiNames.camel(name), value, of: schema, isNullable: isNullable, to: &object, depth: depth)
            }
        }
    }

    private static func write(
        _ name: String, _ value: JSONView, of schema: JSONView, isNullable: Bool, to object: inout JSONWriter,
        depth: Int
    ) {
        switch name {
        case "type": writeType(value, isNullable: isNullable, to: &object)
        case "nullable", "propertyOrdering": break
        case "properties", "defs", "$defs":
            object.key(name == "defs" ? "$defs" : name)
            let order = name == "properties" ? schema["propertyOrdering", "property_ordering"] : nil
            object.object { members in
                for (property, inner) in ordered(value, by: order) {
                    members.key(property)
                    write(inner, to: &members, depth: depth + 1)
                }
            }
        case "ref": object.member("$ref", value.fragment)
        case "items":
            object.key("items")
            write(value, to: &object, depth: depth + 1)
        case "anyOf":
            object.array("anyOf") { list in
                for inner in value.elements { write(inner, to: &list, depth: depth + 1) }
                if isNullable, schema["type"] == nil { list.object { $0.member("type", raw: #""null""#) } }
            }
        case "example": object.array("examples") { $0.fragment(value.fragment) }
        case "format" where value.means("enum"): break
        case "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties":
            object.key(name)
            let count = value.string.flatMap { Int64($0) }
            object.fragment(count.map(JSONFragment.integer) ?? value.fragment)
        default:
            object.key(name)
            object.fragment(value.fragment)
        }
    }

    private static func writeType(_ type: JSONView, isNullable: Bool, to object: inout JSONWriter) {
        guard let name = type.string?.lowercased() else { return object.member("type", type.fragment) }
        guard name != "type_unspecified" else { return }
        guard isNullable, name != "null" else { return object.member("type", name) }
        object.array("type") { list in
            list.string(name)
            list.string("null" as StaticString)
        }
    }

    /// The members that `order` names, as it does, and then the rest.
    private static func ordered(_ object: JSONView, by order: JSONView?) -> [(name: String, value: JSONView)] {
        let members = object.members
        let names = order?.elements.compactMap(\.string) ?? []
        guard !names.isEmpty else { return members }
        var ranks: [String: Int] = [:]
        for (rank, name) in names.enumerated() where ranks[name] == nil { ranks[name] = rank }
        return members.enumerated().sorted { left, right in
            (ranks[left.element.name] ?? Int.max, left.offset) < (ranks[right.element.name] ?? Int.max, right.offset)
        }.map(\.element)
    }
}
