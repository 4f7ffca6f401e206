import FoundationEssentials
import HTTPTypes
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct GuardTests {
    private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"]
    private static let paths = [
        "/admin", "/admin/", "//admin/users", "/admin//users", "/%61dmin/users", "/admin/users", "/admin/users/x",
        "/admin/users/x/keys", "/admin/keys", "/admin/keys/x/rotate", "/admin/requests", "/admin/usage",
        "/admin/prices",
        "/admin/prices/a%2Fb", "/admin/providers", "/admin/providers/x/drain", "/admin/config", "/admin/config/reload",
        "/admin/models/x", "/admin/routes", "/admin/audit", "/admin/keys/x/subkeys", "/admin/nothing/here",
        "/admin/../metrics", "/admin/%zz", "/admin?x=1", "/admin/users?limit=%zz", "/auth/login", "/auth/nothing",
    ]

    @Test(arguments: paths)
    func withoutTheKeyEveryAdminPathIs401BeforeAnythingElse(_ path: String) async throws {
        let bench = Bench()
        for method in Self.methods {
            for authorization in [
                nil, "Bearer wrong", "Bearer", "Basic \(Bench.adminKey)", "Bearer \(Bench.adminKey)x",
            ] {
                let headers = authorization.map { ["authorization": $0] } ?? [:]
                let reply = try await bench.call(method, path, "not json", key: nil, headers: headers)
                #expect(reply.status == 401, "\(method) \(path) \(authorization ?? "-")")
                #expect(reply.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
                if method != "HEAD" { #expect(reply.code == "invalid_api_key") }
            }
        }
        #expect(bench.gateway.takeTold().isEmpty)
    }

    @Test func withoutAnAdminKeySetNoKeyOpens() async throws {
        let bench = Bench(adminKey: nil)
        for key in ["", Bench.adminKey] {
            let reply = try await bench.call(
                "GET", "/admin/users", key: nil, headers: ["authorization": "Bearer \(key)"])
            #expect(reply.status == 401)
        }
    }

    @Test func theSchemesNameIsReadInAnyCase() async throws {
        let headers = ["authorization": "bearer \(Bench.adminKey)"]
        #expect(try await Bench().call("GET", "/admin/users", key: nil, headers: headers).status == 200)
    }

    @Test(arguments: [
        (method: "GET", path: "/metrics"), ("GET", "/health"), ("GET", "/openapi.json"), ("GET", "/"), ("HEAD", "/"),
    ])
    func pagesNeedNoKey(_ call: (method: String, path: String)) async throws {
        #expect(try await Bench().call(call.method, call.path, key: nil).status == 200)
    }

    @Test(arguments: ["/nothing", "/adminx", "/Admin/users", "/metrics/x", "/v1/chat/completions"])
    func otherPathsAre404(_ path: String) async throws {
        let reply = try await Bench().call("GET", path, key: nil)
        #expect(reply.status == 404)
        #expect(reply.code == "not_found")
    }

    @Test(arguments: ["/admin/nothing", "/admin", "/admin/users/x/y/z", "/auth/nothing"])
    func unknownAdminPathsAre404WithTheKey(_ path: String) async throws {
        for method in ["GET", "POST", "DELETE"] {
            #expect(try await Bench().call(method, path).status == 404)
        }
    }

    @Test(arguments: [
        (method: "DELETE", path: "/admin/users", allow: "POST, GET"),
        ("POST", "/admin/users/5", "GET, PATCH, DELETE"), ("GET", "/admin/config/reload", "POST"),
        ("DELETE", "/admin/prices/m", "GET, PUT"), ("POST", "/metrics", "GET"), ("PUT", "/", "GET"),
    ])
    func otherMethodsAre405AndSayWhichThereAre(_ row: (method: String, path: String, allow: String)) async throws {
        let reply = try await Bench().call(row.method, row.path)
        #expect(reply.status == 405)
        #expect(reply.code == "method_not_allowed")
        #expect(reply.headers[.allow] == row.allow)
    }

    @Test(arguments: [
        (method: "PUT", path: "/admin/models/chat"), ("PUT", "/admin/routes"), ("GET", "/admin/audit"),
        ("POST", "/admin/keys/5/subkeys"), ("POST", "/auth/register"), ("POST", "/auth/login"),
        ("POST", "/auth/refresh"),
        ("POST", "/auth/logout"),
    ])
    func whatIsNotBuiltSaysSo(_ call: (method: String, path: String)) async throws {
        let reply = try await Bench().call(call.method, call.path, "{}")
        #expect(reply.status == 501)
        #expect(reply.error["type"] == "not_implemented")
        #expect(reply.message.contains("is not built yet"))
    }

    @Test func errorsHaveOpenAIsShape() async throws {
        let reply = try await Bench().call("POST", "/admin/users", "{}")
        #expect(reply.error.names == ["message", "type", "param", "code"])
        #expect(reply.headers[.contentType] == "application/json; charset=utf-8")
    }

    @Test(arguments: ["/", "/admin/users", "/nothing"])
    func everyAnswerTellsBrowsersToBeCareful(_ path: String) async throws {
        let headers = try await Bench().call("GET", path).headers
        #expect(headers[.xContentTypeOptions] == "nosniff")
        #expect(headers[.cacheControl] == "no-store")
        #expect(headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true)
        #expect(headers[try #require(HTTPField.Name("x-frame-options"))] == "DENY")
    }

    @Test(arguments: [
        (name: "empty", body: ""), ("text", "hello"), ("cut", #"{"email":"#), ("array", "[]"), ("null", "null"),
        ("twice", #"{"name":"a","name":"b"}"#), ("not UTF-8", "{\"name\":\"\u{FFFD}"), ("trailing", "{} {}"),
        ("deep", String(repeating: "[", count: 100_000)),
    ])
    func whatIsNoJSONObjectIsRefused(_ row: (name: String, body: String)) async throws {
        for (method, path) in [("POST", "/admin/users"), ("PUT", "/admin/prices/m")] {
            let reply = try await Bench().call(method, path, row.body)
            #expect(reply.status == 400, "\(row.name)")
            #expect(reply.code == "invalid_request_error")
        }
    }

    @Test func aBodyPast1MiBIsTooLarge() async throws {
        let padding = String(repeating: " ", count: 1_048_576)
        let fits = try await Bench().call("POST", "/admin/users", "{}" + padding.dropLast(2))
        #expect(fits.status == 400)
        let reply = try await Bench().call("POST", "/admin/users", "{}" + padding)
        #expect(reply.status == 413)
        #expect(reply.code == "request_too_large")
    }

    @Test(
        arguments: [
            (method: "GET", path: "/admin/users", body: nil),
            ("POST", "/admin/users", #"{"email":"a@b","name":"A","plan":"pro"}"#),
            ("GET", "/admin/users/5C8F1B8E-0000-4000-8000-000000000000", nil), ("GET", "/admin/keys", nil),
            ("GET", "/admin/requests", nil), ("GET", "/admin/usage", nil), ("GET", "/admin/prices", nil),
            ("PUT", "/admin/prices/m", #"{"prompt":1,"completion":2}"#),
            ("GET", "/admin/users/5C8F1B8E-0000-4000-8000-000000000000/balance", nil),
            ("POST", "/admin/keys/5C8F1B8E-0000-4000-8000-000000000000/rotate", nil),
        ] as [(method: String, path: String, body: String?)])
    func aStoreThatIsDownIs503AndNotItsWords(_ row: (method: String, path: String, body: String?)) async throws {
        let bench = Bench()
        bench.store.state.withLock { $0.isDown = true }
        let reply = try await bench.call(row.method, row.path, row.body)
        #expect(reply.status == 503)
        #expect(reply.code == "overloaded")
        #expect(reply.headers[.retryAfter] == "1")
        #expect(!reply.text.contains("fire"))
    }
}
