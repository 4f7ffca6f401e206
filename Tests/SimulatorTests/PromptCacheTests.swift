import HTTPTypes
import Testing

@testable import Simulator

/// What of a prompt comes back as cached, asked over HTTP.
struct PromptCacheTests {
    private static let long = String(repeating: "word", count: 1500)

    private static func openAI(_ model: String, tools: String, question: String, more: String = "") -> String {
        #"{"model":"\#(model)"\#(more),"tools":\#(tools),"messages":[{"role":"system","content":"\#(long)"},{"role":"user","content":"\#(question)"}]}"#
    }

    private static let tool =
        #"[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}}}]"#
    /// The same tool with two members of its schema in the other order.
    private static let turnedTool =
        #"[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"}}}}}]"#

    private static func cached(_ client: SimulatorClient, _ body: String, key: String = SimulatorClient.key)
        async throws -> Int?
    {
        try await client.post("/v1/chat/completions", body, key: key).tree()
            .at("usage.prompt_tokens_details.cached_tokens").integer
    }

    @Test func aSeenPrefixComesBackInSteps() async throws {
        try await SimulatorClient.run { client in
            let first = try await Self.cached(client, Self.openAI("gpt-5", tools: Self.tool, question: "one"))
            let second = try await Self.cached(client, Self.openAI("gpt-5", tools: Self.tool, question: "two"))
            #expect(first == 0)
            #expect(second == 1536)
        }
    }

    @Test func whiteSpaceAndStreamingDoNotMatterButOrderDoes() async throws {
        try await SimulatorClient.run { client in
            let body = Self.openAI("gpt-5", tools: Self.tool, question: "one")
            _ = try await Self.cached(client, body)
            let spaced = try await Self.cached(
                client, Self.openAI("gpt-5", tools: Self.tool.replacing(":", with: " : "), question: "one"))
            #expect(spaced == 1536)
            let turned = try await Self.cached(client, Self.openAI("gpt-5", tools: Self.turnedTool, question: "one"))
            #expect(turned == 0)
            let effort = try await Self.cached(
                client, Self.openAI("gpt-5", tools: Self.tool, question: "one", more: #","reasoning_effort":"low""#))
            #expect(effort == 0)
            let keyed = try await Self.cached(
                client, Self.openAI("gpt-5", tools: Self.tool, question: "one", more: #","prompt_cache_key":"k""#))
            #expect(keyed == 0)
        }
    }

    @Test func keysAndModelsHaveTheirOwnCaches() async throws {
        try await SimulatorClient.run { client in
            _ = try await Self.cached(client, Self.openAI("gpt-5", tools: Self.tool, question: "one"))
            let otherKey = try await Self.cached(
                client, Self.openAI("gpt-5", tools: Self.tool, question: "one"), key: "sk-another-key")
            let otherModel = try await Self.cached(client, Self.openAI("gpt-6", tools: Self.tool, question: "one"))
            let directed = try await Self.cached(
                client, Self.openAI("gpt-5!tokens=5", tools: Self.tool, question: "one"))
            #expect((otherKey, otherModel, directed) == (0, 0, 1536))
        }
    }

    @Test func anAccountsBooksAddUpWhatItsAnswersSaid() async throws {
        try await SimulatorClient.run { client in
            var (input, read, output) = (0, 0, 0)
            for question in ["one", "two", "three"] {
                let usage = try await client.post(
                    "/v1/chat/completions", Self.openAI("gpt-5", tools: Self.tool, question: question)
                ).tree().at("usage")
                input += try #require(usage["prompt_tokens"]?.integer)
                output += try #require(usage["completion_tokens"]?.integer)
                read += try #require(usage.at("prompt_tokens_details.cached_tokens").integer)
            }
            _ = try await Self.cached(
                client, Self.openAI("gpt-5", tools: Self.tool, question: "one"), key: "sk-another-key")
            let books = try await client.send(.get, "/_simulator/books").tree().at("models.gpt-5")
            let totals: JSONTree = [
                "requests": 3, "input_tokens": .int(input), "cache_read_tokens": .int(read), "cache_write_tokens": 0,
                "cache_write_1h_tokens": 0, "output_tokens": .int(output),
            ]
            #expect(read > 0)
            #expect(books == totals)
        }
    }

    @Test func deepSeekSaysHitAndMiss() async throws {
        try await SimulatorClient.run { client in
            let body = Self.openAI("deepseek-chat", tools: Self.tool, question: "one")
            _ = try await client.post("/v1/chat/completions", body)
            let usage = try await client.post("/v1/chat/completions", body).tree().at("usage")
            let hit = try #require(usage["prompt_cache_hit_tokens"]?.integer)
            let miss = try #require(usage["prompt_cache_miss_tokens"]?.integer)
            #expect(hit > 1500 && hit.isMultiple(of: 64))
            #expect(hit + miss == usage["prompt_tokens"]?.integer)
        }
    }

    @Test func newerDeepSeekReadsAConversationThatOnlyGrows() async throws {
        try await SimulatorClient.run { client in
            func ask(_ turns: [JSONTree]) async throws -> JSONTree {
                let body: JSONTree = ["model": "deepseek-v4-pro", "messages": .array(turns)]
                return try await client.post("/v1/chat/completions", body.compactText).tree()
            }
            let question: JSONTree = ["role": "user", "content": "Hello"]
            let first = try await ask([question])
            let answer = try #require(first.at("choices.0.message.content").text)
            let second = try await ask([question, ["role": "assistant", "content": .string(answer)], question])
            let turn = first.at("usage.total_tokens").integer.map { $0 + SimulatedRequest.messageFraming }
            #expect(second.at("usage.prompt_cache_hit_tokens").integer == turn)
        }
    }

    @Test func theVendorOptionOverridesTheName() async throws {
        try await SimulatorClient.run({ $0.vendor = SimulatedVendor.none }) { client in
            for _ in 0...1 {
                let body = Self.openAI("gpt-5", tools: Self.tool, question: "one")
                let cached = try await Self.cached(client, body)
                #expect(cached == 0)
            }
        }
    }

    @Test func anthropicWritesThenReadsAtMarkersWhereverTheyMove() async throws {
        func body(_ messages: String, system: String = "1h") -> String {
            #"{"model":"claude-sonnet-5","max_tokens":50,"system":[{"type":"text","text":"\#(Self.long)","cache_control":{"type":"ephemeral","ttl":"\#(system)"}}],"messages":[\#(messages)]}"#
        }
        let marked = #""cache_control":{"type":"ephemeral"}"#
        let first = #"{"role":"user","content":[{"type":"text","text":"aaaa",\#(marked)}]}"#
        let later = #"""
            {"role":"user","content":"aaaa"},{"role":"assistant","content":"bbbb"},{"role":"user","content":[{"type":"text","text":"cccc",\#(marked)}]}
            """#
        let (one, two) = (body(first), body(later))
        try await SimulatorClient.run { client in
            let written = try await client.post("/v1/messages", one).tree().at("usage")
            #expect(written["cache_creation_input_tokens"] == 1504)
            #expect(written.at("cache_creation.ephemeral_1h_input_tokens") == 1500)
            #expect(written.at("cache_creation.ephemeral_5m_input_tokens") == 4)
            #expect(written["input_tokens"] == 0)
            let read = try await client.post("/v1/messages", two).tree().at("usage")
            #expect(read["cache_read_input_tokens"] == 1504)
            #expect(read["cache_creation_input_tokens"] == 8)
        }
    }

    @Test func toolChoiceLosesOnlyTheMessages() async throws {
        let tool = #"{"name":"f","input_schema":{"type":"object"}}"#
        func body(_ choice: String) -> String {
            #"{"model":"claude-sonnet-5","max_tokens":50,"tools":[\#(tool)],"tool_choice":{"type":"\#(choice)"},"cache_control":{"type":"ephemeral"},"system":[{"type":"text","text":"\#(Self.long)","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"\#(Self.long)"}]}"#
        }
        let (auto, none) = (body("auto"), body("none"))
        try await SimulatorClient.run { client in
            _ = try await client.post("/v1/messages", auto)
            let usage = try await client.post("/v1/messages", none).tree().at("usage")
            #expect(usage["cache_read_input_tokens"]?.integer == 1500 + SimulatedTokenizer.count(tool))
            #expect(usage["cache_creation_input_tokens"] == 1503)
        }
    }
}
