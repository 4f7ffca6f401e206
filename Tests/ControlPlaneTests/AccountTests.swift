import Metering
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct AccountTests {
    private let bench = Bench()

    private func credit(_ user: String, _ body: String, key: String? = "k1") async throws -> Bench.Reply {
        try await bench.call(
            "POST", "/admin/users/\(user)/credits", body, headers: key.map { ["Idempotency-Key": $0] } ?? [:])
    }

    @Test func creditAddsUpExactly() async throws {
        let user = try await bench.makeUser(credit: "0.1")
        let reply = try await credit(user, #"{"amount_usd":"0.200000001","note":"welcome"}"#)
        #expect(reply.status == 200)
        #expect(reply.json == ["balance_usd": "0.300000001", "reserved_usd": "0"])
        #expect(bench.gateway.takeTold() == ["flush", "balance \(user)"])
    }

    @Test func theSameKeyCreditsOnce() async throws {
        let user = try await bench.makeUser()
        for _ in 0..<3 { #expect(try await credit(user, #"{"amount_usd":5}"#).json["balance_usd"] == "5") }
        let other = try await credit(user, #"{"amount_usd":6}"#)
        #expect(other.status == 422)
        #expect(other.code == "idempotency_key_reused")
        #expect(try await credit(user, #"{"amount_usd":6}"#, key: "k2").json["balance_usd"] == "11")
    }

    @Test func withoutAnIdempotencyKeyNothingIsCredited() async throws {
        let user = try await bench.makeUser()
        for key in [nil, "", String(repeating: "k", count: 256)] {
            let reply = try await credit(user, #"{"amount_usd":5}"#, key: key)
            #expect(reply.status == 400)
            #expect(reply.param == "Idempotency-Key")
        }
        #expect(bench.store.state.withLock { $0.balances.isEmpty })
    }

    @Test(arguments: [
        (name: "no amount", body: #"{"note":"x"}"#, param: "amount_usd"), ("zero", #"{"amount_usd":0}"#, "amount_usd"),
        ("negative", #"{"amount_usd":"-5"}"#, "amount_usd"),
        ("too precise", #"{"amount_usd":0.0000000001}"#, "amount_usd"),
        ("words", #"{"amount_usd":"five"}"#, "amount_usd"), ("a comma", #"{"amount_usd":"1,5"}"#, "amount_usd"),
        ("note as number", #"{"amount_usd":1,"note":1}"#, "note"),
        ("unknown", #"{"amount_usd":1,"currency":"EUR"}"#, "currency"),
    ])
    func aBadCreditIsRefusedByField(_ row: (name: String, body: String, param: String)) async throws {
        let user = try await bench.makeUser()
        let reply = try await credit(user, row.body)
        #expect(reply.status == 400, "\(row.name)")
        #expect(reply.param == row.param, "\(row.name)")
        #expect(bench.store.state.withLock { $0.credits.isEmpty })
    }

    @Test func theBalanceShowsWhatIsHeldBack() async throws {
        let user = try await bench.makeUser(credit: "2")
        bench.gateway.state.withLock { $0.reserved = NanoUSD(units: 127_000) }
        let reply = try await bench.call("GET", "/admin/users/\(user)/balance")
        #expect(reply.json == ["balance_usd": "2", "reserved_usd": "0.000127"])
        #expect(bench.gateway.takeTold() == ["flush"])
    }

    @Test func aUserWithoutALimitHasNoBalance() async throws {
        let user = try await bench.makeUser()
        #expect(try await bench.call("GET", "/admin/users/\(user)/balance").json["balance_usd"] == .null)
    }

    @Test func aDebtIsShownAsOne() async throws {
        let user = try await bench.makeUser(credit: "1")
        bench.store.state.withLock { state in
            for id in state.balances.keys { state.balances[id] = NanoUSD(units: -500_000_000) }
        }
        #expect(try await bench.call("GET", "/admin/users/\(user)/balance").json["balance_usd"] == "-0.5")
    }
}
