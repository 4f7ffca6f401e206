import FoundationEssentials
import Identity
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct KeyTests {
    private let bench = Bench()

    @Test func aKeysTextIsShownOnceAndStoredAsItsDigest() async throws {
        let user = try await bench.makeUser()
        let made = try await bench.call("POST", "/admin/users/\(user)/keys", #"{"name":"laptop"}"#)
        #expect(made.status == 201)
        #expect(made.json.names == ["id", "key", "key_prefix"])
        let text = try #require(made.json["key"]?.string)
        #expect(text.hasPrefix("sk-tr-"))
        #expect(made.json["key_prefix"]?.string == String(text.prefix(8)))
        #expect(bench.store.state.withLock { $0.keys.map(\.digest) } == [KeyDigest(ofKey: text.utf8)])
        #expect(bench.gateway.takeTold() == ["callers"])
        let list = try await bench.call("GET", "/admin/keys")
        #expect(!list.text.contains(text))
        #expect(!list.text.contains(KeyDigest(ofKey: text.utf8).hexadecimal))
    }

    @Test func everythingAKeyMayCarryIsKept() async throws {
        let user = try await bench.makeUser()
        let body = """
            {"name":"ci","models":["gpt-4o","openai/*"],"scopes":["chat"],"allow_ips":["10.0.0.0/8","::1"],
             "requests_per_minute":60,"tokens_per_minute":1000,"budget_usd":"5.25","expires_at":"2027-01-01T01:00:00+01:00"}
            """
        let id = try await bench.makeKey(user: user, body)
        let list = try await bench.call("GET", "/admin/keys?user=\(user)")
        let expected: JSONValue = [
            "id": .string(id), "user_id": .string(user), "name": "ci",
            "key_prefix": list.json["data"]?.items.first?["key_prefix"] ?? .null, "revoked": false,
            "models": ["gpt-4o", "openai/*"], "scopes": ["chat"], "allow_ips": ["10.0.0.0/8", "::1"],
            "requests_per_minute": 60, "tokens_per_minute": 1000, "budget_usd": "5.25",
            "expires_at": "2027-01-01T00:00:00.000Z", "created_at": "2026-11-21T04:31:07.000Z",
        ]
        #expect(list.json["data"]?.items == [expected])
    }

    @Test(arguments: [
        (name: "no name", body: "{}", param: "name"), ("empty name", #"{"name":""}"#, "name"),
        ("models as text", #"{"name":"k","models":"gpt-4o"}"#, "models"),
        ("no models", #"{"name":"k","models":[]}"#, "models"),
        ("a number in models", #"{"name":"k","models":["a",1]}"#, "models[1]"),
        ("an empty model", #"{"name":"k","models":[""]}"#, "models[0]"),
        ("scopes as object", #"{"name":"k","scopes":{}}"#, "scopes"),
        ("no addresses", #"{"name":"k","allow_ips":[]}"#, "allow_ips"),
        ("no address", #"{"name":"k","allow_ips":["localhost"]}"#, "allow_ips"),
        ("a range too long", #"{"name":"k","allow_ips":["10.0.0.0/33"]}"#, "allow_ips"),
        ("zero requests", #"{"name":"k","requests_per_minute":0}"#, "requests_per_minute"),
        ("negative tokens", #"{"name":"k","tokens_per_minute":-5}"#, "tokens_per_minute"),
        ("half a token", #"{"name":"k","tokens_per_minute":1.5}"#, "tokens_per_minute"),
        ("too many tokens", #"{"name":"k","tokens_per_minute":99999999999999999999}"#, "tokens_per_minute"),
        ("tokens as text", #"{"name":"k","tokens_per_minute":"5"}"#, "tokens_per_minute"),
        ("negative budget", #"{"name":"k","budget_usd":"-1"}"#, "budget_usd"),
        ("expiry passed", #"{"name":"k","expires_at":"2026-11-21T04:31:07Z"}"#, "expires_at"),
        ("expiry without a time", #"{"name":"k","expires_at":"2027-01-01"}"#, "expires_at"),
        ("expiry as number", #"{"name":"k","expires_at":1900000000}"#, "expires_at"),
        ("unknown field", #"{"name":"k","owner":"x"}"#, "owner"),
    ])
    func aBadKeyIsRefusedByField(_ row: (name: String, body: String, param: String)) async throws {
        let user = try await bench.makeUser()
        let reply = try await bench.call("POST", "/admin/users/\(user)/keys", row.body)
        #expect(reply.status == 400, "\(row.name)")
        #expect(reply.param == row.param, "\(row.name)")
        #expect(bench.store.state.withLock { $0.keys.isEmpty })
    }

    @Test func aRevokedKeyStaysRevoked() async throws {
        let key = try await bench.makeKey(user: bench.makeUser())
        let reply = try await bench.call("DELETE", "/admin/keys/\(key)")
        #expect(reply.status == 200)
        #expect(reply.json == ["id": .string(key), "revoked": true])
        #expect(bench.gateway.takeTold() == ["callers"])
        #expect(try await bench.call("GET", "/admin/keys").json["data"]?.items.first?["revoked"] == true)
        let rotated = try await bench.call("POST", "/admin/keys/\(key)/rotate")
        #expect(rotated.status == 409)
        #expect(bench.gateway.takeTold().isEmpty)
    }

    @Test func rotationPutsANewTextInThePlaceOfTheOld() async throws {
        let key = try await bench.makeKey(user: bench.makeUser())
        let before = bench.store.state.withLock { $0.keys[0].digest }
        let reply = try await bench.call("POST", "/admin/keys/\(key)/rotate", "{}")
        #expect(reply.status == 200)
        #expect(reply.json["id"]?.string == key)
        let text = try #require(reply.json["key"]?.string)
        let stored = bench.store.state.withLock { $0.keys[0] }
        #expect(stored.digest == KeyDigest(ofKey: text.utf8) && stored.digest != before)
        #expect(stored.prefix == reply.json["key_prefix"]?.string)
        #expect(bench.gateway.takeTold() == ["callers"])
    }

    @Test func keysAreListedByUserAndPaged() async throws {
        let ada = try await bench.makeUser(email: "a@example.com")
        let bob = try await bench.makeUser(email: "b@example.com")
        let first = try await bench.makeKey(user: ada)
        _ = try await bench.makeKey(user: bob)
        let second = try await bench.makeKey(user: ada)
        let page = try await bench.call("GET", "/admin/keys?user=\(ada)&limit=1")
        #expect(page.json["data"]?.items.compactMap { $0["id"]?.string } == [first])
        #expect(page.json["next"]?.string == first)
        let rest = try await bench.call("GET", "/admin/keys?user=\(ada)&limit=1&after=\(first)")
        #expect(rest.json["data"]?.items.compactMap { $0["id"]?.string } == [second])
        #expect(rest.json["next"] == .null)
        #expect(try await bench.call("GET", "/admin/keys").json["data"]?.items.count == 3)
    }
}
