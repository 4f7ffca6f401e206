internal import HTTPTypes
package import Hummingbird
internal import Identity
internal import Logging
internal import NIOCore

/// Answers every request of the control plane: the key first, then the path, then the method, then the body.
package struct ControlPlaneResponder: HTTPResponder {
    package typealias Context = BasicRequestContext

    /// The largest body, in bytes.
    private static let maximumBody = 1_048_576

    private let routes: [Route]
    private let adminKeyDigest: @Sendable () -> KeyDigest?

    init(routes: [Route], adminKeyDigest: @escaping @Sendable () -> KeyDigest?) {
        self.routes = routes
        self.adminKeyDigest = adminKeyDigest
    }

    package func respond(to request: Request, context: BasicRequestContext) async -> Response {
        do throws(APIError) {
            let response = try await answer(request).response()
            return request.method == .head ? response.createHeadResponse() : response
        } catch {
            if let detail = error.detail {
                context.logger.warning(
                    "An admin call failed", metadata: ["status": "\(error.status)", "reason": "\(detail)"])
            }
            let response = error.response()
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private func answer(_ request: Request) async throws(APIError) -> Answer {
        let target = RequestTarget(request.head.path ?? "/")
        if Route.needsKey(target.segments) { try checkKey(request.headers[.authorization]) }
        let (route, placeholders) = try route(request.method.rawValue, target.segments)
        guard let parameters = target.parameters else {
            throw .invalid("The query is not percent-encoded UTF-8.")
        }
        let call = Call(
            placeholders: placeholders, parameters: parameters,
            idempotencyKey: HTTPField.Name("Idempotency-Key").flatMap { request.headers[$0] },
            body: try await body(of: request))
        return try await route.handler(call)
    }

    /// Compares digests in constant time, so that how long it takes tells nothing about the key.
    private func checkKey(_ authorization: String?) throws(APIError) {
        guard let authorization else { throw .missingKey }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw .missingKey }
        guard let expected = adminKeyDigest(), KeyDigest(ofKey: parts[1].utf8) == expected else { throw .wrongKey }
    }

    private func route(
        _ method: String, _ path: [String]
    ) throws(APIError) -> (route: Route, placeholders: [String: String]) {
        var allowed: [String] = []
        for route in routes {
            guard let placeholders = route.placeholders(in: path) else { continue }
            if route.method.rawValue == method || (route.method == .get && method == "HEAD") {
                return (route, placeholders)
            }
            allowed.append(route.method.rawValue)
        }
        let call = "\(method.prefix(20)) /\(path.joined(separator: "/").prefix(200))"
        guard !allowed.isEmpty else { throw .notFound("There is no \(call). GET /openapi.json lists what there is.") }
        let list = allowed.joined(separator: ", ")
        throw APIError(
            status: 405, type: "invalid_request_error", code: "method_not_allowed",
            message: "There is no \(call); this path takes \(list).", allow: list)
    }

    private func body(of request: Request) async throws(APIError) -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: Self.maximumBody)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw .tooLarge
        } catch {
            throw .invalid("The body did not arrive whole.")
        }
    }
}
