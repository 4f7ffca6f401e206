internal import FoundationEssentials

/// One call of a route: what its path, query, headers and body say.
struct Call: Sendable {
    /// What the path's placeholders stand for, by their names.
    var placeholders: [String: String]
    var parameters: [RequestTarget.Parameter]
    var idempotencyKey: String?
    /// Empty where no body came.
    var body: [UInt8]

    /// A placeholder's text; empty when the route has none of that name.
    func placeholder(_ name: String) -> String { placeholders[name] ?? "" }

    /// A placeholder that is an id; what is no id names nothing, so it is a 404.
    func id(of what: String) throws(APIError) -> UUID {
        let text = placeholder("id")
        guard let id = UUID(uuidString: text) else { throw .notFound("There is no \(what) \(text.prefix(64)).") }
        return id
    }

    /// The body's members; no body at all counts as an empty object when `isOptional`.
    func fields(isOptional: Bool = false) throws(APIError) -> Fields {
        if body.isEmpty, isOptional { return Fields([]) }
        let value: JSONValue
        do {
            value = try JSONReader.read(body)
        } catch {
            throw .invalid("The body is not JSON: \(error.reason), at byte \(error.offset).")
        }
        guard case .object(let members) = value else {
            throw .invalid("The body must be a JSON object, not \(value.kind).")
        }
        return Fields(members)
    }

    /// The query's parameters.
    func query() throws(APIError) -> Query { try Query(parameters) }
}

extension UUID {
    /// As ids are written everywhere.
    var text: String { uuidString.lowercased() }
}
