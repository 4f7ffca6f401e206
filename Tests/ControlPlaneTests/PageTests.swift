import HTTPTypes
import Hummingbird
import Synchronization
import Telemetry
import Testing

@testable import ControlPlane

@Suite struct PageTests {
    private let bench = Bench()

    @Test func theMetricsPageIsTheRegistrys() async throws {
        bench.metrics.providerErrors(provider: "openai", errorType: "timeout")
        let reply = try await bench.call("GET", "/metrics", key: nil)
        #expect(reply.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(reply.text == bench.metrics.render())
        #expect(reply.text.contains(#"tokenrouter_provider_errors_total{provider="openai",error_type="timeout"} 1"#))
        #expect(reply.text.split(separator: "\n").filter { $0.hasPrefix("# TYPE tokenrouter_") }.count == 16)
    }

    @Test func healthSaysWhetherTheGatewayServes() async throws {
        #expect(try await bench.call("GET", "/health", key: nil).json == ["status": "ok", "ready": true])
        bench.gateway.state.withLock { $0.isReady = false }
        let reply = try await bench.call("GET", "/health", key: nil)
        #expect(reply.status == 200)
        #expect(reply.json["ready"] == false)
    }

    @Test func theFrontPageLeadsOn() async throws {
        let reply = try await bench.call("GET", "/", key: nil)
        #expect(reply.headers[.contentType] == "text/html; charset=utf-8")
        for link in [#"href="/metrics""#, #"href="/openapi.json""#, "curl"] { #expect(reply.text.contains(link)) }
        #expect(!reply.text.contains("<script"))
    }

    @Test func aHeadHasTheLengthAndNoBody() async throws {
        let get = try await bench.call("GET", "/", key: nil)
        let head = try await bench.call("HEAD", "/", key: nil)
        #expect(head.text.isEmpty)
        #expect(head.headers[.contentLength] == get.headers[.contentLength])
    }

    @Test func everyRouteIsDescribedAndEveryReferenceResolves() async throws {
        let reply = try await bench.call("GET", "/openapi.json", key: nil)
        let document = reply.json
        #expect(document["openapi"] == "3.1.0")
        let paths = try #require(document["paths"])
        for (method, path) in try routes() {
            let operation = paths[path]?[method]
            #expect(operation?["responses"]?.names.isEmpty == false, "\(method) \(path)")
            let placeholders = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            let described = (operation?["parameters"]?.items ?? []).filter { $0["in"] == "path" }
            #expect(described.compactMap { $0["name"]?.string } == placeholders, "\(method) \(path)")
        }
        let identifiers = paths.names.flatMap { path in
            (paths[path]?.names ?? []).compactMap { paths[path]?[$0]?["operationId"]?.string }
        }
        #expect(Set(identifiers).count == identifiers.count)
        let schemas = try #require(document["components"]?["schemas"]).names
        let references = reply.text.split(separator: "#/components/schemas/").dropFirst().map {
            $0.prefix { $0.isLetter }
        }
        #expect(!references.isEmpty)
        for reference in references { #expect(schemas.contains(String(reference)), "\(reference)") }
    }

    /// Every path of contract section 5 and of section 2.
    private func routes() throws -> [(method: String, path: String)] {
        [
            ("post", "/admin/users"), ("get", "/admin/users"), ("get", "/admin/users/{id}"),
            ("patch", "/admin/users/{id}"),
            ("delete", "/admin/users/{id}"), ("post", "/admin/users/{id}/keys"), ("post", "/admin/keys/{id}/subkeys"),
            ("get", "/admin/keys"), ("delete", "/admin/keys/{id}"), ("post", "/admin/keys/{id}/rotate"),
            ("post", "/admin/users/{id}/credits"), ("get", "/admin/users/{id}/balance"), ("get", "/admin/requests"),
            ("get", "/admin/requests/{id}"), ("get", "/admin/usage"), ("get", "/admin/prices/{model}"),
            ("put", "/admin/prices/{model}"), ("get", "/admin/prices"), ("get", "/admin/providers"),
            ("post", "/admin/providers/{name}/drain"), ("get", "/admin/config"), ("post", "/admin/config/reload"),
            ("put", "/admin/models/{name}"), ("put", "/admin/routes"), ("get", "/admin/audit"),
            ("post", "/auth/register"),
            ("post", "/auth/login"), ("post", "/auth/refresh"), ("post", "/auth/logout"), ("get", "/metrics"),
            ("get", "/health"), ("get", "/"), ("get", "/openapi.json"),
        ]
    }
}
