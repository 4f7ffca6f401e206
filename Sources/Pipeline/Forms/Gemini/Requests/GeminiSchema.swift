import Wire

/// Schemas in the API's own dialect of OpenAPI, as JSON Schema: types in lower case, `nullable` as a type, no
/// `propertyOrdering` (package google-genai 3.4.0, types.Schema, read 2026-11).
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
                switch GeminiNames.camel(name) {
                case "type": writeType(value, isNullable: isNullable, to: &object)
                case "nullable", "propertyOrdering": break
                case "properties", "defs", "$defs":
                    object.key(name)
                    object.object { properties in
                        for (property, inner) in value.members {
                            properties.key(property)
                            write(inner, to: &properties, depth: depth + 1)
                        }
                    }
                case "items":
                    object.key("items")
                    write(value, to: &object, depth: depth + 1)
                case "anyOf":
                    object.array("anyOf") { list in
                        for inner in value.elements { write(inner, to: &list, depth: depth + 1) }
                    }
                default:
                    object.key(GeminiNames.camel(name))
                    object.fragment(value.fragment)
                }
            }
        }
    }

    private static func writeType(_ type: JSONView, isNullable: Bool, to object: inout JSONWriter) {
        guard let name = type.string else {
            object.member("type", type.fragment)
            return
        }
        guard isNullable else { return object.member("type", name.lowercased()) }
        object.array("type") { list in
            list.string(name.lowercased())
            list.string("null" as StaticString)
        }
    }
}
