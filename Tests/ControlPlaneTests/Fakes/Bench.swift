import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identity
import Metering
import NIOCore
import Settings
import Synchronization
import Telemetry
import Testing

@testable import ControlPlane

/// A control plane over fakes, called without a socket.
struct Bench: Sendable {
    static let adminKey = "tr-admin-correct-horse-battery-staple"
    /// 2026-11-21T04:31:07Z, and 250 ms.
    static let now: Int64 = 1_795_235_467_250_000

    let store = FakeStore()
    let gateway = FakeGateway()
    let metrics = MetricsRegistry()
    let server: ControlPlaneServer

    init(adminKey: String? = Bench.adminKey) {
        let digest = adminKey.map { KeyDigest(ofKey: $0.utf8) }
        server = ControlPlaneServer(
            ports: ControlPlanePorts(
                users: store, keys: store, accounts: store, prices: store, requests: store, operations: gateway,
                metrics: metrics, adminKeyDigest: { digest },
                maskedConfiguration: { #"{"providers":\#($0.providers.count)}"# },
                now: { Bench.now }))
    }

    /// What came back.
    struct Reply: Sendable {
        var status: Int
        var headers: HTTPFields
        var text: String
        /// null where the text is no JSON.
        var json: JSONValue

        var error: JSONValue { json["error"] ?? .null }
        var param: String? { error["param"]?.string }
        var code: String? { error["code"]?.string }
        var message: String { error["message"]?.string ?? "" }
    }

    func call(
        _ method: String, _ path: String, _ body: String? = nil, key: String? = Bench.adminKey,
        headers: [String: String] = [:]
    ) async throws -> Reply {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        if let key { fields[.authorization] = "Bearer \(key)" }
        let application = Application(responder: server.responder)
        return try await application.test(.router) { [fields] client in
            let method = try #require(HTTPRequest.Method(method))
            let body = body.map { ByteBuffer(string: $0) }
            let reply = try await client.executeRequest(uri: path, method: method, headers: fields, body: body)
            let bytes = Array(reply.body.readableBytesView)
            return Reply(
                status: reply.status.code, headers: reply.headers, text: String(decoding: bytes, as: UTF8.self),
                json: (try? JSONReader.read(bytes)) ?? .null)
        }
    }

    /// A user in the store, by their id.
    func makeUser(email: String = "ada@example.com", credit: String? = nil) async throws -> String {
        let credit = credit.map { #","credit_usd":"\#($0)""# } ?? ""
        let reply = try await call(
            "POST", "/admin/users", #"{"email":"\#(email)","name":"Ada","plan":"pro"\#(credit)}"#)
        #expect(reply.status == 201)
        _ = gateway.takeTold()
        return try #require(reply.json["id"]?.string)
    }

    /// A key in the store, by its id.
    func makeKey(user: String, _ body: String = #"{"name":"laptop"}"#) async throws -> String {
        let reply = try await call("POST", "/admin/users/\(user)/keys", body)
        #expect(reply.status == 201)
        _ = gateway.takeTold()
        return try #require(reply.json["id"]?.string)
    }
}

extension JSONValue {
    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var items: [JSONValue] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    var names: [String] {
        guard case .object(let members) = self else { return [] }
        return members.map(\.name)
    }
}
