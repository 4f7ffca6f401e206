import Hummingbird
import Testing

@testable import Simulator

/// Answers of `/messages`, whole and streamed.
struct AnthropicAnswerTests {
    private static let tools = #"""
        ,"tools":[{"name":"get_weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}}]
        """#

    @Test func aWholeAnswerHasEveryMember() async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.message("Hello")
            let tree = try answer.tree()
            #expect(answer.status == 200)
            #expect(
                tree.members?.map(\.name) == [
                    "id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details", "usage",
                ])
            #expect(tree["stop_reason"] == "end_turn")
            let text = try #require(tree.at("content.0.text").text)
            #expect(text.contains("Hello"))
            #expect(tree.at("usage.output_tokens").integer == SimulatedTokenizer.count(text))
            #expect(tree.at("usage.input_tokens").integer == 2 + SimulatedRequest.messageFraming)
            #expect(tree.at("usage.cache_creation.ephemeral_5m_input_tokens") == 0)
        }
    }

    @Test func aStreamGoesFromMessageStartToMessageStop() async throws {
        try await SimulatorClient.run { client in
            let whole = try await client.message("Hello").tree()
            let answer = try await client.message("Hello", more: #","stream":true"#)
            let events = try answer.events()
            let names = answer.text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
            #expect(events.map { $0["type"]?.text ?? "" } == names.map(String.init))
            let kinds = events.compactMap { $0["type"]?.text }.filter { $0 != "content_block_delta" }
            #expect(
                kinds == [
                    "message_start", "ping", "content_block_start", "content_block_stop", "message_delta",
                    "message_stop",
                ])
            let text = events.compactMap { $0.at("delta.text").text }.joined()
            #expect(text == whole.at("content.0.text").text)
            let delta = try #require(events.first { $0["type"] == "message_delta" })
            #expect(delta.at("delta.stop_reason") == "end_turn")
            #expect(delta.at("usage.output_tokens") == whole.at("usage.output_tokens"))
            #expect(events[0].at("message.usage.input_tokens") == whole.at("usage.input_tokens"))
        }
    }

    @Test func toolsAreCalledAndTheirResultsUsed() async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.message("get_weather in Oslo", more: Self.tools).tree()
            #expect(tree["stop_reason"] == "tool_use")
            #expect(tree.at("content.0.input") == ["city": "Oslo"])
            #expect(tree.at("content.0.id").text?.hasPrefix("toolu_") == true)
            let events = try await client.message("get_weather in Oslo", more: Self.tools + #","stream":true"#).events()
            #expect(events.compactMap { $0.at("delta.partial_json").text }.joined() == #"{"city":"Oslo"}"#)
            let after = try await client.post(
                "/messages",
                #"""
                {"model":"m","max_tokens":100,"messages":[{"role":"user","content":"get_weather"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"get_weather","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"4 degrees"}]}]}]\#(Self.tools)}
                """#
            ).tree()
            #expect(after.at("content.0.text").text?.contains("4 degrees") == true)
        }
    }

    @Test func stopsLimitsAndReasoning() async throws {
        try await SimulatorClient.run { client in
            let stopped = try await client.message("Hello", more: #","stop_sequences":["said"]"#).tree()
            #expect(stopped["stop_reason"] == "stop_sequence")
            #expect(stopped["stop_sequence"] == "said")
            let cut = try await client.message("Hello", model: "claude-sonnet-5!tokens=2000").tree()
            #expect(cut["stop_reason"] == "max_tokens")
            #expect(cut.at("usage.output_tokens") == 1000)
            let warm = try await client.message("Hello", more: #","max_tokens":0"#).tree()
            #expect(warm["stop_reason"] == "max_tokens")
            #expect(warm["content"] == [])
            let thought = try await client.message("Hello", model: "claude-sonnet-5!reasoning=5").tree()
            #expect(thought.at("content.0.type") == "thinking")
            #expect(SimulatedTokenizer.count(thought.at("content.0.thinking").text ?? "") == 5)
        }
    }

    @Test func countTokensAgreesWithTheBill() async throws {
        try await SimulatorClient.run { client in
            let body = #"""
                {"model":"claude-sonnet-5","max_tokens":9,"system":"Be brief, s'il vous plaît.","messages":[{"role":"user","content":[{"type":"text","text":"Hello 世界"},{"type":"image","source":{"type":"url","url":"https://example.com/x.png"}}]}]\#(Self.tools)}
                """#
            let counted = try await client.post("/v1/messages/count_tokens", body).tree()
            let billed = try await client.post("/v1/messages", body).tree()
            #expect(counted["input_tokens"] == billed.at("usage.input_tokens"))
            #expect((counted["input_tokens"]?.integer ?? 0) > SimulatedRequest.mediaTokens)
        }
    }

    @Test(arguments: [
        (#"{"model":"m","messages":[{"role":"user","content":"x"}]}"#, "max_tokens"),
        (#"{"model":"m","max_tokens":1,"messages":[]}"#, "messages"),
        (
            #"{"model":"m","max_tokens":1,"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[{"role":"user","content":"x"}]}"#,
            "1h"
        ),
        (
            #"{"model":"m","max_tokens":1,"cache_control":{"type":"ephemeral"},"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]}]}"#,
            "maximum of 4"
        ),
    ])
    func badRequestsAreRefusedInTheVendorsForm(body: String, word: String) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.post("/v1/messages", body)
            let tree = try answer.tree()
            #expect(answer.status == 400)
            #expect(tree["type"] == "error")
            #expect(tree.at("error.type") == "invalid_request_error")
            #expect(tree.at("error.message").text?.contains(word) == true)
            #expect(tree["request_id"]?.text?.hasPrefix("req_") == true)
        }
    }
}
