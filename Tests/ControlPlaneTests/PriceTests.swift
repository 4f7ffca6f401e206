import Metering
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct PriceTests {
    private let bench = Bench()

    @Test func aPriceIsSetAndShownExactly() async throws {
        let body =
            #"{"prompt":0.15,"completion":"0.6","cache_read":7.5e-2,"cache_write":"0.1875","cache_write_1h":0.3}"#
        let put = try await bench.call("PUT", "/admin/prices/gpt-4o-mini", body)
        #expect(put.status == 200)
        let expected: JSONValue = [
            "model": "gpt-4o-mini", "provider": nil, "prompt": "0.15", "completion": "0.6", "cache_read": "0.075",
            "cache_write": "0.1875", "cache_write_1h": "0.3", "effective_from": "2026-11-21T04:31:07.000Z",
        ]
        #expect(put.json == expected)
        #expect(bench.gateway.takeTold() == ["prices"])
        #expect(try await bench.call("GET", "/admin/prices/gpt-4o-mini").json == expected)
        #expect(try await bench.call("GET", "/admin/prices").json["data"]?.items == [expected])
        let stored = Price(
            promptPicoUSD: 150_000, completionPicoUSD: 600_000, cacheReadPicoUSD: 75_000, cacheWritePicoUSD: 187_500,
            cacheWrite1hPicoUSD: 300_000)
        #expect(bench.store.state.withLock { $0.prices.map(\.price) } == [stored])
    }

    @Test func cachePricesLeftOutAreThePromptsPrice() async throws {
        let put = try await bench.call("PUT", "/admin/prices/m", #"{"prompt":2,"completion":8}"#)
        #expect(put.json["cache_read"] == "2")
        #expect(put.json["cache_write"] == "2")
        #expect(put.json["cache_write_1h"] == "2")
    }

    @Test(
        arguments: [
            (path: "gpt-4o", provider: nil, model: "gpt-4o"), ("openai%2Fgpt-4o", "openai", "gpt-4o"),
            ("openai/gpt-4o", "openai", "gpt-4o"), ("acme%2Fllama", nil, "acme/llama"),
            ("acme/llama", nil, "acme/llama"),
            ("spare%2Facme%2Fllama", "spare", "acme/llama"), ("openai", nil, "openai"), ("a%20b%3F", nil, "a b?"),
            ("%E6%A8%A1%E5%9E%8B", nil, "模型"), ("models%252Fx", nil, "models%2Fx"),
        ] as [(path: String, provider: String?, model: String)])
    func thePathTellsWhosePriceItIs(_ row: (path: String, provider: String?, model: String)) async throws {
        let put = try await bench.call("PUT", "/admin/prices/\(row.path)", #"{"prompt":1,"completion":2}"#)
        #expect(put.json["model"]?.string == row.model)
        #expect(put.json["provider"]?.string == row.provider)
        #expect(try await bench.call("GET", "/admin/prices/\(row.path)").json == put.json)
    }

    @Test func anOverrideIsNotTheModelsPrice() async throws {
        _ = try await bench.call("PUT", "/admin/prices/openai%2Fgpt-4o", #"{"prompt":1,"completion":2}"#)
        let reply = try await bench.call("GET", "/admin/prices/gpt-4o")
        #expect(reply.status == 404)
        #expect(reply.code == "not_found")
        #expect(try await bench.call("GET", "/admin/prices/spare%2Fgpt-4o").status == 404)
    }

    @Test(arguments: [
        (name: "no prompt", body: #"{"completion":1}"#, param: "prompt"),
        ("no completion", #"{"prompt":1}"#, "completion"),
        ("negative", #"{"prompt":-1,"completion":1}"#, "prompt"),
        ("too precise", #"{"prompt":0.0000001,"completion":1}"#, "prompt"),
        ("too much", #"{"prompt":1,"completion":1e30}"#, "completion"),
        ("words", #"{"prompt":1,"completion":"free"}"#, "completion"),
        ("true", #"{"prompt":true,"completion":1}"#, "prompt"),
        ("bad cache", #"{"prompt":1,"completion":1,"cache_read":"-0.1"}"#, "cache_read"),
        ("unknown", #"{"prompt":1,"completion":1,"input":1}"#, "input"),
    ])
    func aBadPriceIsRefusedByField(_ row: (name: String, body: String, param: String)) async throws {
        let reply = try await bench.call("PUT", "/admin/prices/m", row.body)
        #expect(reply.status == 400, "\(row.name)")
        #expect(reply.param == row.param, "\(row.name)")
        #expect(bench.store.state.withLock { $0.prices.isEmpty })
        #expect(bench.gateway.takeTold().isEmpty)
    }

    @Test(arguments: [String(repeating: "m", count: 201), "a%0Ab", "openai%2F"])
    func aBadModelNameIsRefused(_ name: String) async throws {
        let reply = try await bench.call("PUT", "/admin/prices/\(name)", #"{"prompt":1,"completion":2}"#)
        #expect(reply.status == 400)
        #expect(reply.param == "model")
    }
}
