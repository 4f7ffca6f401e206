/// One line of the control plane's table: which call it is, how it is described, and what answers it.
///
/// The table is the only place that knows what exists: dispatch, the need for a key, 405 and the OpenAPI description
/// are all read from it, so they cannot part.
struct Route: Sendable {
    typealias Handler = @Sendable (Call) async throws(APIError) -> Answer

    var method: Verb
    /// As OpenAPI writes paths: `/admin/users/{id}`. A last `{name...}` takes all that is left, slashes included.
    var path: String
    var description: RouteDescription
    var handler: Handler
    private let segments: [String]

    init(_ method: Verb, _ path: String, _ description: RouteDescription, handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.description = description
        self.handler = handler
        segments = path.split(separator: "/").map(String.init)
    }

    /// What the placeholders stand for; nil: the path is another's.
    func placeholders(in path: [String]) -> [String: String]? {
        var found: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            guard index < path.count else { return nil }
            guard segment.hasPrefix("{") else {
                guard segment == path[index] else { return nil }
                continue
            }
            let name = String(segment.dropFirst().dropLast())
            if name.hasSuffix("...") {
                found[String(name.dropLast(3))] = path[index...].joined(separator: "/")
                return found
            }
            found[name] = path[index]
        }
        return path.count == segments.count ? found : nil
    }

    /// Whether a path is behind the admin key, whether or not anything stands there.
    static func needsKey(_ path: [String]) -> Bool { path.first == "admin" || path.first == "auth" }

    /// The same for the route's own path.
    var needsKey: Bool { Self.needsKey(segments) }

    /// The path without the dots of a rest placeholder, as OpenAPI has it.
    var openAPIPath: String { path.split(separator: "...", omittingEmptySubsequences: false).joined() }
}

/// The methods that routes have.
enum Verb: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// How a route stands in the OpenAPI description.
struct RouteDescription: Sendable {
    struct Parameter: Sendable {
        var name: String
        var text: String
        /// A JSON schema.
        var schema: JSONValue = ["type": "string"]
    }

    var summary: String
    var parameters: [Parameter] = []
    /// The name of the body's schema.
    var body: String?
    /// The name of the answer's schema; nil: the answer is not JSON.
    var answer: String?
    var status = 200
    /// The answer is a page of the schema in `answer`.
    var isList = false
    /// The call wants an `Idempotency-Key`.
    var needsIdempotencyKey = false
}
