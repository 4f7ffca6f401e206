/// The OpenAPI 3.1 description of the route table (https://spec.openapis.org/oas/v3.1.0).
enum OpenAPIDescription {
    /// `GET /openapi.json`, which describes the given routes and itself.
    static func route(describing routes: [Route]) -> Route {
        let description = RouteDescription(summary: "This description", answer: "Object")
        let own = Route(.get, "/openapi.json", description) { (_) throws(APIError) in throw .notFound("") }
        let text = document(routes + [own]).jsonText
        return Route(.get, own.path, description) { (_) throws(APIError) in
            Answer(contentType: "application/json; charset=utf-8", text: text)
        }
    }

    static func document(_ routes: [Route]) -> JSONValue {
        var paths: [JSONMember] = []
        for path in orderedPaths(routes) {
            let operations = routes.filter { $0.openAPIPath == path }.map { route in
                JSONMember(name: route.method.rawValue.lowercased(), value: operation(route))
            }
            paths.append(JSONMember(name: path, value: .object(operations)))
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "TokenRouter admin API", "version": "1.0.0",
                "description":
                    "Money is decimal text in USD, ids are lower-case UUIDs, moments are RFC 3339 in UTC. A list's 'next' is the 'after' of its next page.",
            ],
            "paths": .object(paths),
            "components": [
                "securitySchemes": ["adminKey": ["type": "http", "scheme": "bearer"]],
                "schemas": .object(OpenAPISchemas.all),
            ],
        ]
    }

    private static func orderedPaths(_ routes: [Route]) -> [String] {
        var paths: [String] = []
        for route in routes where !paths.contains(route.openAPIPath) { paths.append(route.openAPIPath) }
        return paths
    }

    private static func operation(_ route: Route) -> JSONValue {
        let description = route.description
        var members = [
            JSONMember(name: "operationId", value: .string(identifier(route))),
            JSONMember(name: "summary", value: .string(description.summary)),
            JSONMember(name: "parameters", value: .array(parameters(route))),
        ]
        if let body = description.body {
            members.append(
                JSONMember(
                    name: "requestBody",
                    value: ["required": .bool(body != "Drain"), "content": content(reference(body))]))
        }
        members.append(JSONMember(name: "responses", value: responses(route)))
        members.append(JSONMember(name: "security", value: route.needsKey ? [["adminKey": []]] : []))
        return .object(members)
    }

    /// `get_admin_users_id`
    private static func identifier(_ route: Route) -> String {
        let words = route.openAPIPath.split { !$0.isLetter }.map(String.init)
        return ([route.method.rawValue.lowercased()] + (words.isEmpty ? ["home"] : words)).joined(separator: "_")
    }

    private static func parameters(_ route: Route) -> [JSONValue] {
        let placeholders = route.openAPIPath.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            segment -> JSONValue in
            [
                "name": .string(String(segment.dropFirst().dropLast())), "in": "path", "required": true,
                "schema": ["type": "string"],
            ]
        }
        let query = route.description.parameters.map { parameter -> JSONValue in
            [
                "name": .string(parameter.name), "in": "query", "description": .string(parameter.text),
                "schema": parameter.schema,
            ]
        }
        let header: [JSONValue] =
            route.description.needsIdempotencyKey
            ? [
                [
                    "name": "Idempotency-Key", "in": "header", "required": true,
                    "schema": ["type": "string", "maxLength": 255],
                ]
            ]
            : []
        return placeholders + query + header
    }

    private static func responses(_ route: Route) -> JSONValue {
        let description = route.description
        var answers: [JSONMember] = []
        func add(_ status: Int, _ text: String, _ schema: JSONValue?) {
            var members = [JSONMember(name: "description", value: .string(text))]
            if let schema { members.append(JSONMember(name: "content", value: content(schema))) }
            answers.append(JSONMember(name: "\(status)", value: .object(members)))
        }
        if description.status < 400 {
            let answer = description.answer.map { description.isList ? page(of: reference($0)) : reference($0) }
            add(description.status, description.summary, answer)
        }
        let error = reference("Error")
        if route.needsKey { add(401, "No admin key, or another one", error) }
        if description.status == 501 {
            add(501, "Not built yet", error)
        } else if route.needsKey {
            add(400, "A field, parameter or header is wrong; 'param' names it", error)
            add(503, "The store does not answer", error)
        }
        if route.path.contains("{"), description.status != 501 { add(404, "There is no such thing", error) }
        return .object(answers)
    }

    private static func content(_ schema: JSONValue) -> JSONValue { ["application/json": ["schema": schema]] }

    private static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    private static func page(of item: JSONValue) -> JSONValue {
        [
            "type": "object", "required": ["data", "next"],
            "properties": ["data": ["type": "array", "items": item], "next": ["type": ["string", "null"]]],
        ]
    }
}
