import FoundationEssentials
import Identity
import Metering
import Settings
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct UserTests {
    private let bench = Bench()

    @Test func aUserIsMadeAndShown() async throws {
        let made = try await bench.call(
            "POST", "/admin/users", #"{"email":"ada@example.com","name":"Ada","plan":"free"}"#)
        #expect(made.status == 201)
        #expect(made.json.names == ["id", "email", "name", "plan", "created_at", "updated_at"])
        #expect(made.json["email"] == "ada@example.com")
        #expect(made.json["plan"] == "free")
        #expect(made.json["created_at"] == "2026-11-21T04:31:07.000Z")
        let id = try #require(made.json["id"]?.string)
        #expect(id == id.lowercased() && UUID(uuidString: id) != nil)
        #expect(bench.gateway.takeTold() == ["callers", "balance \(id)"])
        #expect(try await bench.call("GET", "/admin/users/\(id.uppercased())").json == made.json)
        #expect(bench.store.state.withLock { $0.balances.isEmpty })
    }

    @Test(arguments: [
        (credit: #""12.5""#, units: Int64(12_500_000_000)), ("12.5", 12_500_000_000), ("0", 0), ("0.000000001", 1),
        ("1e-9", 1), ("2.5E+2", 250_000_000_000), ("0.1", 100_000_000), ("1234567.123456789", 1_234_567_123_456_789),
        ("9007199254740993e-9", 9_007_199_254_740_993), ("9223372036.854775807", .max), ("null", -1),
    ])
    func creditIsExact(_ row: (credit: String, units: Int64)) async throws {
        let body = #"{"email":"a@b.c","name":"A","plan":"pro","credit_usd":\#(row.credit)}"#
        let id = try #require(try await bench.call("POST", "/admin/users", body).json["id"]?.string)
        let user = try #require(UUID(uuidString: id))
        let balance = bench.store.state.withLock { $0.balances[user] }
        #expect(balance == (row.units < 0 ? nil : NanoUSD(units: row.units)))
    }

    @Test(arguments: [
        (name: "no email", body: #"{"name":"A","plan":"pro"}"#, param: "email"),
        ("no name", #"{"email":"a@b","plan":"pro"}"#, "name"), ("no plan", #"{"email":"a@b","name":"A"}"#, "plan"),
        ("null email", #"{"email":null,"name":"A","plan":"pro"}"#, "email"),
        ("number for email", #"{"email":1,"name":"A","plan":"pro"}"#, "email"),
        ("no at", #"{"email":"ab","name":"A","plan":"pro"}"#, "email"),
        ("two ats", #"{"email":"a@b@c","name":"A","plan":"pro"}"#, "email"),
        ("nothing before", #"{"email":"@b","name":"A","plan":"pro"}"#, "email"),
        ("nothing behind", #"{"email":"a@","name":"A","plan":"pro"}"#, "email"),
        ("space in it", #"{"email":"a b@c","name":"A","plan":"pro"}"#, "email"),
        ("line feed in it", #"{"email":"a@b\n","name":"A","plan":"pro"}"#, "email"),
        ("dots", #"{"email":"a@b..c","name":"A","plan":"pro"}"#, "email"),
        ("empty name", #"{"email":"a@b","name":"","plan":"pro"}"#, "name"),
        ("blank name", #"{"email":"a@b","name":"  ","plan":"pro"}"#, "name"),
        ("long name", #"{"email":"a@b","name":"\#(String(repeating: "x", count: 201))","plan":"pro"}"#, "name"),
        ("array for name", #"{"email":"a@b","name":["A"],"plan":"pro"}"#, "name"),
        ("unknown plan", #"{"email":"a@b","name":"A","plan":"gold"}"#, "plan"),
        ("plan in another case", #"{"email":"a@b","name":"A","plan":"Pro"}"#, "plan"),
        ("unknown field", #"{"email":"a@b","name":"A","plan":"pro","role":"admin"}"#, "role"),
        ("negative credit", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":-1}"#, "credit_usd"),
        ("tiny negative credit", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":"-0.000000001"}"#, "credit_usd"),
        ("too precise", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":0.0000000001}"#, "credit_usd"),
        ("too precise by exponent", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":1e-10}"#, "credit_usd"),
        ("too much", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":9223372036.854775808}"#, "credit_usd"),
        ("far too much", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":1e400}"#, "credit_usd"),
        (
            "huge exponent", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":1e-99999999999999999999}"#,
            "credit_usd"
        ),
        ("credit as words", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":"ten"}"#, "credit_usd"),
        ("credit with a sign", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":"+1"}"#, "credit_usd"),
        (
            "credit with an exponent in text", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":"1e2"}"#,
            "credit_usd"
        ),
        ("credit as NaN", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":"NaN"}"#, "credit_usd"),
        ("credit as a list", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":[1]}"#, "credit_usd"),
        ("credit as true", #"{"email":"a@b","name":"A","plan":"pro","credit_usd":true}"#, "credit_usd"),
    ])
    func aBadUserIsRefusedByField(_ row: (name: String, body: String, param: String)) async throws {
        let reply = try await bench.call("POST", "/admin/users", row.body)
        #expect(reply.status == 400, "\(row.name)")
        #expect(reply.param == row.param, "\(row.name)")
        #expect(reply.message.contains(row.param), "\(row.name)")
        #expect(bench.store.state.withLock { $0.users.isEmpty })
        #expect(bench.gateway.takeTold().isEmpty)
    }

    @Test func plansComeFromTheConfiguration() async throws {
        bench.gateway.state.withLock { $0.configuration.limits.plans["gold"] = PlanSettings() }
        let reply = try await bench.call("POST", "/admin/users", #"{"email":"a@b","name":"A","plan":"gold"}"#)
        #expect(reply.status == 201)
        let unknown = try await bench.call("POST", "/admin/users", #"{"email":"b@b","name":"A","plan":"tin"}"#)
        #expect(unknown.message.contains("enterprise, free, gold, pro"))
    }

    @Test func aTakenEmailIsAConflict() async throws {
        _ = try await bench.makeUser()
        let reply = try await bench.call(
            "POST", "/admin/users", #"{"email":"ada@example.com","name":"B","plan":"pro"}"#)
        #expect(reply.status == 409)
        #expect(reply.code == "conflict")
        #expect(reply.param == "email")
    }

    @Test func listsArePagedToTheirEnd() async throws {
        var made: [String] = []
        for index in 0..<5 { made.append(try await bench.makeUser(email: "u\(index)@example.com")) }
        var seen: [String] = []
        var after = ""
        repeat {
            let page = try await bench.call("GET", "/admin/users?limit=2&after=\(after)")
            #expect(page.json.names == ["data", "next"])
            seen += (page.json["data"]?.items ?? []).compactMap { $0["id"]?.string }
            after = page.json["next"]?.string ?? ""
        } while !after.isEmpty && seen.count < 100
        #expect(seen == made)
        #expect(try await bench.call("GET", "/admin/users?limit=5").json["next"] == .null)
    }

    @Test(arguments: [
        (query: "limit=0", param: "limit"), ("limit=1001", "limit"), ("limit=-1", "limit"), ("limit=1.5", "limit"),
        ("limit=ten", "limit"), ("limit=%2B5", "limit"), ("limit=99999999999999999999", "limit"), ("after=x", "after"),
        ("page=2", "page"), ("limit=1&limit=2", "limit"),
    ])
    func aBadPageIsRefusedByParameter(_ row: (query: String, param: String)) async throws {
        for path in ["/admin/users", "/admin/keys"] {
            let reply = try await bench.call("GET", "\(path)?\(row.query)")
            #expect(reply.status == 400)
            #expect(reply.param == row.param)
        }
    }

    @Test func aUserIsChangedInPart() async throws {
        let id = try await bench.makeUser()
        let reply = try await bench.call("PATCH", "/admin/users/\(id)", #"{"plan":"free"}"#)
        #expect(reply.status == 200)
        #expect(reply.json["plan"] == "free")
        #expect(reply.json["email"] == "ada@example.com")
        #expect(bench.gateway.takeTold() == ["callers"])
    }

    @Test(
        arguments: [
            (body: "{}", param: nil), (#"{"plan":null}"#, nil), (#"{"plan":"gold"}"#, "plan"),
            (#"{"email":"x"}"#, "email"),
            (#"{"name":""}"#, "name"), (#"{"credit_usd":1}"#, "credit_usd"), (#"{"id":"x"}"#, "id"),
        ] as [(body: String, param: String?)])
    func aBadChangeIsRefused(_ row: (body: String, param: String?)) async throws {
        let id = try await bench.makeUser()
        let reply = try await bench.call("PATCH", "/admin/users/\(id)", row.body)
        #expect(reply.status == 400)
        #expect(reply.param == row.param)
        #expect(bench.gateway.takeTold().isEmpty)
    }

    @Test func anEmailCannotBeChangedToAnothers() async throws {
        _ = try await bench.makeUser(email: "a@example.com")
        let id = try await bench.makeUser(email: "b@example.com")
        #expect(try await bench.call("PATCH", "/admin/users/\(id)", #"{"email":"a@example.com"}"#).status == 409)
    }

    @Test func aDeletedUserIsGone() async throws {
        let id = try await bench.makeUser()
        let reply = try await bench.call("DELETE", "/admin/users/\(id)")
        #expect(reply.status == 200)
        #expect(reply.json == ["id": .string(id), "deleted": true])
        #expect(bench.gateway.takeTold() == ["callers", "balance \(id)"])
        #expect(try await bench.call("GET", "/admin/users/\(id)").status == 404)
        #expect(try await bench.call("DELETE", "/admin/users/\(id)").status == 404)
    }

    @Test(arguments: ["x", "00000000-0000-4000-8000-000000000000", "%20", "5c8f1b8e"])
    func anUnknownIdIs404(_ id: String) async throws {
        let calls = [
            ("GET", "/admin/users/\(id)", nil), ("PATCH", "/admin/users/\(id)", #"{"name":"B"}"#),
            ("DELETE", "/admin/users/\(id)", nil), ("POST", "/admin/users/\(id)/keys", #"{"name":"k"}"#),
            ("GET", "/admin/users/\(id)/balance", nil), ("DELETE", "/admin/keys/\(id)", nil),
            ("POST", "/admin/keys/\(id)/rotate", nil), ("GET", "/admin/requests/\(id)", nil),
        ]
        for (method, path, body) in calls {
            let reply = try await bench.call(method, path, body)
            #expect(reply.status == 404, "\(method) \(path)")
            #expect(reply.code == "not_found")
        }
        let headers = ["idempotency-key": "k"]
        let credit = try await bench.call("POST", "/admin/users/\(id)/credits", #"{"amount_usd":1}"#, headers: headers)
        #expect(credit.status == 404)
    }
}
