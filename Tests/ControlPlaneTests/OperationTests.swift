import Synchronization
import Testing

@testable import ControlPlane

@Suite struct OperationTests {
    private let bench = Bench()

    @Test func providersShowHowTheyFare() async throws {
        let reply = try await bench.call("GET", "/admin/providers")
        let expected: [JSONValue] = [
            ["name": "openai", "kind": "openai", "breaker": "closed", "in_flight": 3, "draining": false],
            ["name": "spare", "kind": "simulator", "breaker": "open", "in_flight": 0, "draining": false],
        ]
        #expect(reply.json["data"]?.items == expected)
    }

    @Test func aProviderIsDrainedAndComesBack() async throws {
        #expect(try await bench.call("POST", "/admin/providers/spare/drain").json["draining"] == true)
        #expect(try await bench.call("GET", "/admin/providers").json["data"]?.items.last?["draining"] == true)
        let back = try await bench.call("POST", "/admin/providers/spare/drain", #"{"draining":false}"#)
        #expect(back.json["draining"] == false)
    }

    @Test(arguments: [
        (path: "/admin/providers/nobody/drain", body: "{}", status: 404),
        ("/admin/providers/spare/drain", #"{"draining":"yes"}"#, 400),
        ("/admin/providers/spare/drain", #"{"drain":true}"#, 400),
        ("/admin/providers/spare/drain", "yes", 400),
    ])
    func aBadDrainIsRefused(_ row: (path: String, body: String, status: Int)) async throws {
        #expect(try await bench.call("POST", row.path, row.body).status == row.status)
        #expect(bench.gateway.state.withLock { $0.providers.allSatisfy { !$0.isDraining } })
    }

    @Test func theConfigurationIsShownAsItIsMasked() async throws {
        let reply = try await bench.call("GET", "/admin/config")
        #expect(reply.text == #"{"providers":2}"#)
    }

    @Test func aReloadSaysWhatItWarnsOf() async throws {
        bench.gateway.state.withLock { $0.outcome = .reloaded(warnings: ["router.yaml:3: routes: not built yet"]) }
        let reply = try await bench.call("POST", "/admin/config/reload")
        #expect(reply.status == 200)
        #expect(reply.json == ["reloaded": true, "warnings": ["router.yaml:3: routes: not built yet"]])
        #expect(bench.gateway.takeTold() == ["reload"])
    }

    @Test func aRefusedReloadSaysEveryReason() async throws {
        bench.gateway.state.withLock { $0.outcome = .refused(reasons: ["router.yaml:3: a", "router.yaml:9: b"]) }
        let reply = try await bench.call("POST", "/admin/config/reload")
        #expect(reply.status == 422)
        #expect(reply.code == "invalid_configuration")
        #expect(reply.error["reasons"] == ["router.yaml:3: a", "router.yaml:9: b"])
    }
}
