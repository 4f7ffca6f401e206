import Hummingbird
import Testing

@testable import Simulator

/// Answers of `/responses`, whole and streamed.
struct ResponsesAnswerTests {
    private static let tools = #"""
        ,"tools":[{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}},{"type":"web_search"}]
        """#
    private static let sealed =
        #","reasoning":{"effort":"low","summary":"auto"},"include":["reasoning.encrypted_content"]"#

    @Test func aWholeAnswerRepeatsTheRequestAndCounts() async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.response("Grüße", more: #","instructions":"Be brief.","store":false"#)
            let tree = try answer.tree()
            #expect(answer.status == 200)
            #expect(tree["object"] == "response")
            #expect(tree["status"] == "completed")
            #expect(tree["instructions"] == "Be brief.")
            #expect(tree["store"] == false)
            #expect(tree.at("output.0.content.0.text").text == "You said: Grüße\nThis is a simulated answer.")
            let input = 3 + SimulatedTokenizer.count("Be brief.") + 3 + SimulatedTokenizer.count("Grüße")
            #expect(tree.at("usage.input_tokens").integer == input)
            let output = tree.at("usage.output_tokens").integer ?? 0
            #expect(tree.at("usage.total_tokens").integer == input + output)
        }
    }

    @Test func theEventsOfATextComeInTheVendorsOrder() async throws {
        try await SimulatorClient.run { client in
            let whole = try await client.response("Hello").tree()
            let answer = try await client.response("Hello", more: #","stream":true"#)
            let events = try answer.events()
            let names = answer.text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map {
                String($0.dropFirst(7))
            }
            #expect(events.compactMap { $0["type"]?.text } == names)
            #expect(events.map { $0["sequence_number"]?.integer } == Array(events.indices))
            #expect(
                names.filter { !$0.hasSuffix(".delta") } == [
                    "response.created", "response.in_progress", "response.output_item.added",
                    "response.content_part.added", "response.output_text.done", "response.content_part.done",
                    "response.output_item.done", "response.completed",
                ])
            let text = events.filter { $0["type"] == "response.output_text.delta" }.compactMap { $0["delta"]?.text }
            #expect(text.joined() == whole.at("output.0.content.0.text").text)
            #expect(events[0].at("response.usage") == .null)
            #expect(events.last?.at("response.usage") == whole["usage"])
            #expect(events.last?.at("response.output.0.content") == whole.at("output.0.content"))
        }
    }

    @Test func parallelCallsAreItemsOfTheirOwn() async throws {
        try await SimulatorClient.run { client in
            let events = try await client.response(
                "get_weather Oslo", model: "gpt-6.1-terra!tools=2", more: Self.tools + #","stream":true"#
            ).events()
            for index in 0...1 {
                let own = events.filter { $0["output_index"] == .int(index) }
                let arguments = own.filter { $0["type"] == "response.function_call_arguments.delta" }
                #expect(arguments.compactMap { $0["delta"]?.text }.joined() == #"{"city":"Oslo"}"#)
                #expect(own.first?.at("item.arguments") == "")
                #expect(own.last?["type"] == "response.output_item.done")
                #expect(own.last?.at("item.arguments").text == #"{"city":"Oslo"}"#)
                #expect(own.last?.at("item.call_id").text?.hasPrefix("call_") == true)
            }
            #expect(events.last?.at("response.output").elements?.count == 2)
        }
    }

    @Test func thoughtsAreSummedUpAndSealedWhenAskedFor() async throws {
        try await SimulatorClient.run { client in
            let plain = try await client.response("Hello").tree()
            #expect(plain.at("output.0.type") == "message")
            let silent = try await client.response("Hello", more: #","reasoning":{"effort":"low"}"#).tree()
            #expect(silent.at("output.0.type") == "reasoning")
            #expect(silent.at("output.0.summary") == [])
            #expect(silent.at("output.0.encrypted_content") == .null)
            #expect((silent.at("usage.output_tokens_details.reasoning_tokens").integer ?? 0) > 0)
            let none = try await client.response("Hello", more: #","reasoning":{"effort":"none"}"#).tree()
            #expect(none.at("output.0.type") == "message")
            let sealed = try await client.response("Hello", more: Self.sealed).tree()
            #expect(sealed.at("output.0.summary.0.text").text?.isEmpty == false)
            #expect(Seal.openAI.isGenuine(sealed.at("output.0.encrypted_content").text ?? ""))
            let events = try await client.response("Hello", more: Self.sealed + #","stream":true"#).events()
            let done = try #require(events.first { $0["type"] == "response.output_item.done" })
            #expect(done["item"]?["encrypted_content"] == sealed.at("output.0.encrypted_content"))
            let summary = events.filter { $0["type"] == "response.reasoning_summary_text.delta" }
            #expect(
                summary.compactMap { $0["delta"]?.text }.joined() == sealed.at("output.0.summary.0.text").text)
        }
    }

    @Test func aRoundOfCallsAndSealedThoughtsIsTakenAndAnAlteredOneRefused() async throws {
        try await SimulatorClient.run { client in
            let more = Self.tools + Self.sealed + #","store":false"#
            let first = try await client.response("get_weather", more: more).tree()
            let call = try #require(first.at("output.1.call_id").text)
            let result: JSONTree = [
                "type": "function_call_output", "call_id": .string(call),
                "output": [["type": "input_text", "text": "4 degrees"]],
            ]
            func next(_ thought: JSONTree) -> String {
                let items: JSONTree = [
                    ["role": "user", "content": "get_weather"], thought, first.at("output.1"), result,
                ]
                return #"{"model":"gpt-6.1-terra","input":\#(items.compactText)\#(more)}"#
            }
            let body = next(first.at("output.0"))
            let second = try await client.post("/v1/responses", body).tree()
            #expect(second.at("output.1.content.0.text") == "The tool answered: 4 degrees")
            let altered: JSONTree = ["type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "AAAA"]
            let refused = try await client.post("/v1/responses", next(altered))
            #expect(refused.status == 400)
            #expect(try refused.tree().at("error.code") == "invalid_encrypted_content")
        }
    }

    @Test func refusalsAndLimits() async throws {
        try await SimulatorClient.run { client in
            let refused = try await client.response("x", model: "m!refusal").tree()
            #expect(refused.at("output.0.content.0.type") == "refusal")
            let events = try await client.response("x", model: "m!refusal", more: #","stream":true"#).events()
            let done = events.first { $0["type"] == "response.refusal.done" }
            #expect(done?["refusal"] == refused.at("output.0.content.0.refusal"))
            let cut = try await client.response("x", model: "m!tokens=40", more: #","max_output_tokens":16"#).tree()
            #expect(cut["status"] == "incomplete")
            #expect(cut.at("incomplete_details.reason") == "max_output_tokens")
            #expect(cut.at("usage.output_tokens") == 16)
        }
    }

    @Test(arguments: [
        (#"{"model":"m","messages":[{"role":"user","content":"x"}]}"#, "messages"),
        (#"{"model":"m","input":"x","max_tokens":50}"#, "max_tokens"),
        (#"{"model":"m","input":"x","response_format":{"type":"json_object"}}"#, "response_format"),
        (#"{"model":"m","input":"x","max_output_tokens":5}"#, "max_output_tokens"),
        (#"{"model":"m","input":"x","previous_response_id":"resp_1"}"#, "previous_response_id"),
        (#"{"model":"m","input":[]}"#, "input"),
        (#"{"model":"m","input":[{"type":"function_call_output","call_id":"c","output":"x"}]}"#, "input"),
        (#"{"model":"m","input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}"#, "input"),
        (
            #"{"model":"m","input":[{"role":"user","content":[{"type":"text","text":"x"}]}]}"#,
            "input[0].content[0].type"
        ),
        (#"{"model":"m","input":[{"type":"reasoning","id":"rs_1","summary":[]}]}"#, "input"),
        (#"{"model":"gpt-6.1-terra","input":"x","temperature":0.5}"#, "temperature"),
        (#"{"model":"gpt-6.1-sol","input":"x","reasoning":{"effort":"none"}}"#, "reasoning.effort"),
        (#"{"model":"m","input":"x","tools":[{"type":"function","function":{"name":"f"}}]}"#, "tools[0].function"),
    ])
    func badRequestsAreRefusedInTheVendorsForm(body: String, parameter: String) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.post("/v1/responses", body)
            #expect(answer.status == 400)
            #expect(try answer.tree().at("error.type") == "invalid_request_error")
            #expect(try answer.tree().at("error.param").text == parameter)
        }
    }
}
