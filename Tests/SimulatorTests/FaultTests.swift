import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import Simulator

/// Faults, keys, the log and the counts, over a real connection.
struct FaultTests {
    @Test(arguments: [429, 500, 503])
    func anErrorHasTheVendorsFormAndHeaders(status: Int) async throws {
        try await SimulatorClient.run { client in
            for more in ["", #","stream":true"#] {
                let openAI = try await client.chat("x", model: "m!error=\(status)", more: more)
                #expect(openAI.status == status)
                #expect(try openAI.tree().at("error.message").text != nil)
                #expect(openAI.headers[.retryAfter] == (status == 429 ? "1" : nil))
                let anthropic = try await client.message("x", model: "claude-sonnet-5!error=\(status)", more: more)
                #expect(anthropic.status == status)
                #expect(try anthropic.tree()["type"] == "error")
                #expect(anthropic.headers[.retryAfter] == (status == 429 ? "1" : nil))
            }
        }
    }

    @Test func rulesAreDrawnAndSeeded() async throws {
        func statuses(seed: UInt64) async throws -> [Int] {
            try await SimulatorClient.run({
                $0.faults = try FaultRules(parsing: "500:0.3,429:0.3")
                $0.seed = seed
            }) { client in
                var statuses: [Int] = []
                for _ in 0..<30 { statuses.append(try await client.chat("x").status) }
                #expect(try await client.chat("x", model: "m!ok").status == 200)
                return statuses
            }
        }
        let first = try await statuses(seed: 3)
        #expect(Set(first) == [200, 429, 500])
        #expect(try await statuses(seed: 3) == first)
        #expect(try await statuses(seed: 4) != first)
    }

    @Test func garbageIsNoJSON() async throws {
        try await SimulatorClient.run { client in
            let whole = try await client.chat("x", model: "m!garbage")
            #expect(whole.status == 200)
            #expect(throws: JSONTreeError.self) { try whole.tree() }
            let stream = try await client.chat("x", model: "m!garbage", more: #","stream":true"#)
            #expect(throws: JSONTreeError.self) { try stream.events() }
            #expect(stream.payloads.last == "[DONE]")
        }
    }

    @Test func usageCanBeMissing() async throws {
        try await SimulatorClient.run { client in
            #expect(try await client.chat("x", model: "m!no-usage").tree()["usage"] == nil)
            let more = #","stream":true,"stream_options":{"include_usage":true}"#
            let events = try await client.chat("x", model: "m!no-usage", more: more).events()
            #expect(events.allSatisfy { $0["usage"] ?? .null == .null })
            #expect(try await client.message("x", model: "m!no-usage").tree()["usage"] == nil)
        }
    }

    @Test func tokensReasoningAndHeaderDirect() async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.chat("x", model: "m!tokens=200!reasoning=20").tree()
            #expect(tree.at("usage.completion_tokens") == 220)
            #expect(tree.at("usage.completion_tokens_details.reasoning_tokens") == 20)
            #expect(SimulatedTokenizer.count(tree.at("choices.0.message.reasoning_content").text ?? "") == 20)
            let name = try #require(HTTPField.Name("x-simulate"))
            let body = #"{"model":"m","messages":[{"role":"user","content":"x"}]}"#
            #expect(try await client.post("/v1/chat/completions", body, headers: [name: "error=503"]).status == 503)
        }
    }

    @Test func paceIsKept() async throws {
        try await SimulatorClient.run({ $0.pace.tokenInterval = .milliseconds(5) }) { client in
            let start = ContinuousClock.now
            _ = try await client.chat("x", model: "m!latency=100ms!tokens=21", more: #","stream":true"#)
            #expect(start.duration(to: .now) >= .milliseconds(200))
            let whole = ContinuousClock.now
            _ = try await client.chat("x", model: "m!latency=100ms!tokens=21")
            #expect(whole.duration(to: .now) >= .milliseconds(200))
        }
    }

    @Test func keysAreWanted() async throws {
        try await SimulatorClient.run({ $0.acceptedKeys = ["good"] }) { client in
            let body = #"{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}]}"#
            for key in [nil, "bad"] {
                let openAI = try await client.post("/v1/chat/completions", body, key: key)
                #expect(openAI.status == 401)
                #expect(try openAI.tree()["error"] != nil)
                let anthropic = try await client.post("/v1/messages", body, key: key)
                #expect(anthropic.status == 401)
                #expect(try anthropic.tree().at("error.type") == "authentication_error")
                #expect(try await client.send(.get, "/v1/models", key: key).status == 401)
                #expect(try await client.post("/v1/embeddings", body, key: key).status == 401)
            }
            #expect(try await client.post("/v1/chat/completions", body, key: "good").status == 200)
            let name = try #require(HTTPField.Name("x-api-key"))
            #expect(try await client.post("/v1/messages", body, key: nil, headers: [name: "good"]).status == 200)
            #expect(try await client.send(.get, "/health", key: nil).status == 200)
        }
    }

    @Test func theLogShowsRequestsWithoutSecrets() async throws {
        try await SimulatorClient.run { client in
            _ = try await client.chat("first")
            let log = try await client.send(.get, "/_simulator/requests", key: nil)
            let entry = try log.tree().at("requests.0")
            #expect(entry["method"] == "POST")
            #expect(entry["path"] == "/v1/chat/completions")
            #expect(entry.at("headers.authorization") == "Bearer …6789")
            #expect(entry["body"] == #"{"model":"simulator-model","messages":[{"role":"user","content":"first"}]}"#)
            #expect(!log.text.contains(SimulatorClient.key))
            for _ in 0..<120 { _ = try await client.chat("more") }
            let full = try await client.send(.get, "/_simulator/requests", key: nil).tree()["requests"]?.elements
            #expect(full?.count == 100)
            #expect(full?.last?["number"] == 121)
            #expect(try await client.send(.delete, "/_simulator/requests", key: nil).status == 204)
            #expect(try await client.send(.get, "/_simulator/requests", key: nil).tree()["requests"] == [])
        }
    }

    @Test func modelsAndEmbeddings() async throws {
        try await SimulatorClient.run { client in
            let models = try await client.send(.get, "/v1/models").tree()
            #expect(models.at("data.0.id") == "simulator-model")
            let body = #"{"model":"e","input":["a","b","a"]}"#
            let tree = try await client.post("/v1/embeddings", body).tree()
            let vectors = (tree["data"]?.elements ?? []).compactMap { $0["embedding"]?.elements }
            #expect(vectors.map(\.count) == [16, 16, 16])
            #expect(vectors[0] == vectors[2] && vectors[0] != vectors[1])
            #expect(tree.at("usage.prompt_tokens") == 3)
            let coded = try await client.post(
                "/embeddings", #"{"model":"e","input":"a","encoding_format":"base64","dimensions":3}"#
            ).tree()
            #expect(coded.at("data.0.embedding").text?.utf8.count == 16)
            #expect(try await client.post("/v1/embeddings", #"{"model":"e"}"#).status == 400)
        }
    }
}
