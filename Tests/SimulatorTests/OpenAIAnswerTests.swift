import Hummingbird
import Testing

@testable import Simulator

/// Answers of `/chat/completions`, whole and streamed.
struct OpenAIAnswerTests {
    private static let tools = #"""
        ,"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","maximum":7}},"required":["city"]}}},{"type":"function","function":{"name":"get_time","parameters":{"type":"object","properties":{"zone":{"enum":["UTC","CET"]}}}}}]
        """#

    @Test func aWholeAnswerHasEveryMember() async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.chat("Grüße, 世界 😀")
            let tree = try answer.tree()
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/json")
            #expect(
                tree.members?.map(\.name) == [
                    "id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint",
                ])
            #expect(tree["id"]?.text?.hasPrefix("chatcmpl-") == true)
            #expect(tree["object"] == "chat.completion")
            #expect(tree.at("choices.0.message.role") == "assistant")
            #expect(tree.at("choices.0.finish_reason") == "stop")
            let text = try #require(tree.at("choices.0.message.content").text)
            #expect(text.contains("You said: Grüße, 世界 😀"))
            #expect(tree.at("usage.completion_tokens").integer == SimulatedTokenizer.count(text))
            let prompt = SimulatedTokenizer.count("Grüße, 世界 😀") + SimulatedRequest.messageFraming
            #expect(tree.at("usage.prompt_tokens").integer == prompt)
            #expect(tree.at("usage.prompt_tokens_details.cached_tokens") == 0)
            #expect(tree.at("usage.completion_tokens_details.reasoning_tokens") == 0)
        }
    }

    @Test(arguments: ["", #","stream_options":{"include_usage":true}"#])
    func aStreamIsRoleDeltasFinishUsageDone(options: String) async throws {
        try await SimulatorClient.run { client in
            let whole = try await client.chat("Grüße, 世界 😀").tree()
            let answer = try await client.chat("Grüße, 世界 😀", more: #","stream":true"# + options)
            let events = try answer.events()
            #expect(answer.headers[.contentType] == "text/event-stream")
            #expect(answer.payloads.last == "[DONE]")
            #expect(events[0].at("choices.0.delta.role") == "assistant")
            let text = events.compactMap { $0.at("choices.0.delta.content").text }.joined()
            #expect(text == whole.at("choices.0.message.content").text)
            #expect(!text.contains("\u{FFFD}"))
            #expect(Set(events.compactMap { $0["id"]?.text }).count == 1)
            let finishes = events.map { $0.at("choices.0.finish_reason") }.filter { !$0.isNull }
            #expect(finishes == ["stop"])
            if options.isEmpty {
                #expect(events.allSatisfy { $0["usage"] == nil })
            } else {
                #expect(events.dropLast().allSatisfy { $0["usage"] == .null })
                #expect(events.last?["choices"] == [])
                #expect(events.last?["usage"] == whole["usage"])
            }
        }
    }

    @Test func aMentionedToolIsCalledWithArgumentsOfItsSchema() async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.chat("Use get_weather for Oslo, 30 days", more: Self.tools).tree()
            #expect(tree.at("choices.0.finish_reason") == "tool_calls")
            #expect(tree.at("choices.0.message.content") == .null)
            let calls = try #require(tree.at("choices.0.message.tool_calls").elements)
            #expect(calls.count == 1)
            #expect(calls[0]["id"]?.text?.hasPrefix("call_") == true)
            #expect(calls[0].at("function.name") == "get_weather")
            #expect(calls[0].at("function.arguments") == #"{"city":"Oslo","days":7}"#)
        }
    }

    @Test(arguments: [
        ("Hello", "", []), ("Hello", #","tool_choice":"required""#, ["get_weather"]),
        ("get weather and GET_TIME please", "", ["get_weather", "get_time"]),
        ("get weather and get_time", #","parallel_tool_calls":false"#, ["get_weather"]),
        ("get_weather", #","tool_choice":"none""#, []),
        ("Hello", #","tool_choice":{"type":"function","function":{"name":"get_time"}}"#, ["get_time"]),
        (
            "get_weather get_time",
            #","tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"get_time"}}]}}"#,
            ["get_time"]
        ),
    ])
    func toolsAreCalledAsAskedFor(question: String, more: String, names: [String]) async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.chat(question, more: Self.tools + more).tree()
            let calls = tree.at("choices.0.message.tool_calls").elements ?? []
            #expect(calls.compactMap { $0.at("function.name").text } == names)
        }
    }

    @Test func callsAreStreamedInFragments() async throws {
        try await SimulatorClient.run { client in
            let events = try await client.chat(
                "get_weather in Oslo and get_time", more: Self.tools + #","stream":true"#
            ).events()
            let pieces = events.flatMap { $0.at("choices.0.delta.tool_calls").elements ?? [] }
            for (index, expected) in [(0, #"{"city":"Oslo","days":1}"#), (1, #"{"zone":"UTC"}"#)] {
                let own = pieces.filter { $0["index"] == .int(index) }
                #expect(own.first?["id"]?.text?.hasPrefix("call_") == true)
                #expect(own.first?.at("function.arguments") == "")
                #expect(own.dropFirst().allSatisfy { $0["id"] == nil && $0["function"]?["name"] == nil })
                #expect(own.count > 3)
                #expect(own.compactMap { $0.at("function.arguments").text }.joined() == expected)
            }
            #expect(Set(pieces.compactMap { $0["id"]?.text }).count == 2)
            #expect(events.last?.at("choices.0.finish_reason") == "tool_calls")
        }
    }

    @Test func aToolsResultIsUsed() async throws {
        try await SimulatorClient.run { client in
            let body = #"""
                {"model":"m","messages":[{"role":"user","content":"get_weather Oslo"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"4 degrees"}]\#(Self.tools)}
                """#
            let tree = try await client.post("/chat/completions", body).tree()
            #expect(tree.at("choices.0.message.content").text?.contains("4 degrees") == true)
            #expect(tree.at("choices.0.finish_reason") == "stop")
        }
    }

    @Test(arguments: [
        (#","max_tokens":3"#, "You said: he", "length"), (#","max_completion_tokens":1"#, "You ", "length"),
        (#","stop":"said""#, "You ", "stop"), (#","stop":["hello","said:"]"#, "You ", "stop"),
    ])
    func textIsCutByLimitsAndStops(more: String, text: String, finish: String) async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.chat("hello", more: more).tree()
            #expect(tree.at("choices.0.message.content").text == text)
            #expect(tree.at("choices.0.finish_reason").text == finish)
        }
    }

    @Test func severalChoicesAreGivenAndBilledTogether() async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.chat("hello", more: #","n":3"#).tree()
            let texts = (tree["choices"]?.elements ?? []).compactMap { $0.at("message.content").text }
            #expect(Set(texts).count == 3)
            let tokens = texts.reduce(0) { $0 + SimulatedTokenizer.count($1) }
            #expect(tree.at("usage.completion_tokens").integer == tokens)
            let events = try await client.chat("hello", more: #","n":3,"stream":true"#).events()
            let streamed = (0..<3).map { index in
                events.flatMap { $0["choices"]?.elements ?? [] }.filter { $0["index"] == .int(index) }
                    .compactMap { $0.at("delta.content").text }.joined()
            }
            #expect(streamed == texts)
        }
    }

    @Test func aSchemaIsFilled() async throws {
        try await SimulatorClient.run { client in
            let schema = #"""
                {"type":"object","properties":{"name":{"type":"string"},"age":{"type":["null","integer"],"minimum":18},"ok":{"type":"boolean"},"tags":{"type":"array","items":{"$ref":"#/$defs/tag"},"minItems":2},"at":{"type":"string","format":"date"}},"$defs":{"tag":{"anyOf":[{"type":"null"},{"const":"t"}]}}}
                """#
            let more = #","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":\#(schema)}}"#
            let text = try await client.chat("Who is Ada?", more: more).tree().at("choices.0.message.content").text
            #expect(text == #"{"name":"Ada","age":18,"ok":true,"tags":["t","t"],"at":"2026-01-02"}"#)
            let object = try await client.chat("hi", more: #","response_format":{"type":"json_object"}"#).tree()
            let content = try #require(object.at("choices.0.message.content").text)
            #expect(try JSONTreeReader.read(content.utf8)["answer"] != nil)
        }
    }

    @Test func aSchemaThatRefersToItselfEnds() {
        let schema: JSONTree = ["type": "object", "properties": ["next": ["$ref": "#"]]]
        #expect(SchemaSample(question: "").value(for: schema).members?.count == 1)
    }

    @Test func sameRequestsGetTheSameText() async throws {
        let texts = try await SimulatorClient.run { client in
            [try await client.chat("hello"), try await client.chat("hello")].map { try? $0.tree() }
        }
        #expect(texts[0]?["choices"] == texts[1]?["choices"])
        #expect(texts[0]?["id"] != texts[1]?["id"])
    }

    @Test(arguments: [
        ("[1.5", 400), ("[]", 400), ("{}", 400), (#"{"model":"m"}"#, 400), (#"{"model":"m","messages":[]}"#, 400),
        (#"{"model":"m","messages":[{"role":"boss"}]}"#, 400),
        (#"{"model":"m!boom","messages":[{"role":"user","content":"x"}]}"#, 400),
        (#"{"model":"m","stream":"yes","messages":[{"role":"user","content":"x"}]}"#, 400),
        (#"{"model":"m","max_tokens":0,"messages":[{"role":"user","content":"x"}]}"#, 400),
    ])
    func badRequestsAreRefusedInTheVendorsForm(body: String, status: Int) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.post("/v1/chat/completions", body)
            #expect(answer.status == status)
            #expect(try answer.tree().at("error.type") == "invalid_request_error")
        }
    }
}
