internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What a route answers with.
struct Answer: Sendable {
    var status = 200
    var contentType: String
    var text: String
    /// A page for people may style itself; nothing else may load or run anything.
    var isPage = false

    static func json(_ value: JSONValue, status: Int = 200) -> Answer {
        Answer(status: status, contentType: "application/json; charset=utf-8", text: value.jsonText)
    }

    /// A list and where its next page begins; nil: this is the last.
    static func list(_ items: [JSONValue], next: String? = nil) -> Answer {
        .json(["data": .array(items), "next": .text(next)])
    }
}

extension Answer {
    /// Headers that keep a browser from doing more with an answer than showing it.
    func response() -> Response {
        var headers: HTTPFields = [
            .contentType: contentType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        let policy = isPage ? "default-src 'none'; style-src 'unsafe-inline'" : "default-src 'none'"
        headers[.contentSecurityPolicy] = policy + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        Self.add("referrer-policy", "no-referrer", to: &headers)
        Self.add("x-frame-options", "DENY", to: &headers)
        return Response(
            status: HTTPResponse.Status(code: status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func add(_ name: String, _ value: String, to headers: inout HTTPFields) {
        if let name = HTTPField.Name(name) { headers[name] = value }
    }
}

extension APIError {
    func response() -> Response {
        var response = Answer.json(body, status: status).response()
        if status == 401 { response.headers[.wwwAuthenticate] = "Bearer realm=\"tokenrouter admin\"" }
        if status == 503 { response.headers[.retryAfter] = "1" }
        if let allow { response.headers[.allow] = allow }
        return response
    }
}
