import HTTPTypes
import Hummingbird
import Testing

@testable import Simulator

/// What the real vendors refuse, and what they take, request by request.
struct VendorRulesTests {
    private static let tool = #"{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}"#
    private static let call =
        #"{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]}"#
    private static let user = #"{"role":"user","content":"x"}"#

    @Test(arguments: [
        ("gpt-6", #""messages":[\#(user)],"max_tokens":9"#, 400),
        ("gpt-5", #""messages":[\#(user)],"max_tokens":9"#, 400),
        ("o3-mini", #""messages":[\#(user)],"max_tokens":9"#, 400),
        ("gpt-4.1", #""messages":[\#(user)],"max_tokens":9"#, 200),
        ("gpt-6", #""messages":[\#(user)],"max_completion_tokens":9"#, 200),
        ("gpt-5.4-mini", #""messages":[\#(user)],"tools":[\#(tool)],"reasoning_effort":"low""#, 400),
        ("gpt-5.4-mini", #""messages":[\#(user)],"tools":[\#(tool)],"reasoning_effort":"none""#, 200),
        ("gpt-5.4-mini", #""messages":[\#(user)],"tools":[\#(tool)]"#, 200),
        ("gpt-5.3", #""messages":[\#(user)],"tools":[\#(tool)],"reasoning_effort":"low""#, 200),
        ("gpt-6-astra", #""messages":[\#(user)],"tools":[\#(tool)]"#, 400),
        ("gpt-6-astra", #""messages":[\#(user)],"reasoning_effort":"none""#, 400),
        ("m", #""messages":[\#(user),\#(call)]"#, 400), ("m", #""messages":[\#(user),\#(call),\#(user)]"#, 400),
        ("m", #""messages":[\#(user),\#(call),{"role":"tool","tool_call_id":"c1","content":"4"}]"#, 200),
        ("m", #""messages":[\#(user),\#(call),{"role":"tool","tool_call_id":"c2","content":"4"}]"#, 400),
        ("m", #""messages":[\#(user),{"role":"tool","tool_call_id":"c1","content":"4"}]"#, 400),
        ("m", #""messages":[{"role":"user","content":null}]"#, 400), ("m", #""messages":[{"role":"user"}]"#, 400),
        ("m", #""messages":[{"role":"user","content":[{"type":"input_text","text":"x"}]}]"#, 400),
        ("m", #""messages":[\#(user)],"tools":[{"type":"function","function":{"name":"a b"}}]"#, 400),
        ("gpt-4.1", #""messages":[\#(user)],"tools":[]"#, 400),
        ("gpt-4.1", #""messages":[\#(user)],"response_format":{"type":"json_object"}"#, 400),
        ("deepseek-chat", #""messages":[{"role":"developer","content":"x"},\#(user)]"#, 400),
        (
            "m", #""messages":[{"role":"user","content":[{"type":"image_url","image_url":"https://x/y.png"}]}]"#, 400
        ),
        (
            "m",
            #""messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]"#,
            200
        ),
        (
            "m",
            #""messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,?"}}]}]"#,
            400
        ),
        ("m", #""messages":[\#(user)],"reasoning_effort":"HIGH""#, 400),
        ("m", #""messages":[\#(user)],"response_format":{"type":"json_schema","json_schema":{"schema":{}}}"#, 400),
        (
            "deepseek-chat!thinking",
            #""messages":[\#(user),\#(call),{"role":"tool","tool_call_id":"c1","content":"4"}]"#, 400
        ),
    ])
    func openAIRefuses(model: String, members: String, status: Int) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.post("/v1/chat/completions", #"{"model":"\#(model)",\#(members)}"#)
            #expect(answer.status == status, "\(answer.text)")
            if status == 400 { #expect(try answer.tree().at("error.type") == "invalid_request_error") }
        }
    }

    private static let use = #"{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]}"#
    private static let result = #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"4"}]}"#

    private static func thought(_ text: String, signature: String) -> String {
        #"{"role":"assistant","content":[{"type":"thinking","thinking":"\#(text)","signature":"\#(signature)"},{"type":"tool_use","id":"t1","name":"f","input":{}}]}"#
    }

    @Test(arguments: [
        ("m", "2026-10-21", #""messages":[\#(user)]"#, nil),
        ("m", "2026-10-21", #""messages":[\#(user)],"temperature":1"#, "temperature"),
        ("m", "2023-06-01", #""messages":[\#(user)],"temperature":0.5"#, nil),
        ("claude-sonnet-5", "2023-06-01", #""messages":[\#(user)],"temperature":0.5"#, "temperature"),
        ("m", "2026-10-21", #""messages":[\#(user)],"n":1"#, "Extra inputs"),
        ("m", "2026-10-21", #""messages":[{"role":"user","content":""}]"#, "non-empty"),
        ("m", "2026-10-21", #""messages":[{"role":"user","content":[{"type":"text","text":""}]}]"#, "non-empty"),
        ("m", "2026-10-21", #""messages":[{"role":"user","content":[{"type":"text","text":" "}]}]"#, "non-whitespace"),
        ("m", "2026-10-21", #""messages":[\#(user)],"system":[{"type":"text","text":""}]"#, "non-empty"),
        ("m", "2026-10-21", #""messages":[{"role":"assistant","content":"x"},\#(user)]"#, "first message"),
        ("m", "2026-10-21", #""messages":[\#(user),\#(use),\#(result)]"#, nil),
        ("m", "2026-10-21", #""messages":[\#(user),\#(use),\#(user)]"#, "without `tool_result`"),
        ("m", "2026-10-21", #""messages":[\#(user),\#(use)]"#, "without `tool_result`"),
        ("m", "2026-10-21", #""messages":[\#(user),\#(use),\#(user),\#(result)]"#, "without `tool_result`"),
        ("m", "2026-10-21", #""messages":[\#(result)]"#, "unexpected `tool_use_id`"),
        ("claude-opus-5", "2026-10-21", #""messages":[\#(user),{"role":"assistant","content":"x"}]"#, "prefill"),
        ("claude-sonnet-4-5", "2026-10-21", #""messages":[\#(user),{"role":"assistant","content":"x"}]"#, nil),
        ("claude-sonnet-5", "2026-10-21", #""messages":[\#(user),{"role":"system","content":"x"}]"#, "system"),
        ("claude-opus-5", "2026-10-21", #""messages":[\#(user),{"role":"system","content":"x"}]"#, nil),
        ("m", "2026-10-21", #""messages":[\#(user)],"tool_choice":{"type":"auto"}"#, "tool_choice"),
        ("m", "2026-10-21", #""messages":[\#(user)],"tools":[{"name":"f"}]"#, "input_schema"),
        ("m", "2026-10-21", #""messages":[\#(user)],"tools":[\#(tool)]"#, "tools"),
        ("m", "2026-10-21", #""messages":[\#(user)],"thinking":{"type":"enabled","budget_tokens":2000}"#, "max_tokens"),
        ("claude-opus-5.5", "2026-10-21", #""messages":[\#(user)],"thinking":{"type":"disabled"}"#, "disabled"),
        (
            "m", "2026-10-21",
            #""messages":[\#(user),\#(thought("a", signature: Seal.anthropic.seal(of: "a"))),\#(result)],"thinking":{"type":"adaptive"}"#,
            nil
        ),
        (
            "m", "2026-10-21",
            #""messages":[\#(user),\#(thought("b", signature: Seal.anthropic.seal(of: "a"))),\#(result)],"thinking":{"type":"adaptive"}"#,
            "signature"
        ),
        (
            "m", "2026-10-21",
            #""messages":[\#(user),\#(thought("a", signature: "AAAA")),\#(result)],"thinking":{"type":"adaptive"}"#,
            "signature"
        ),
        (
            "m", "2026-10-21",
            #""messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/bmp","data":"AAAA"}}]}]"#,
            "source"
        ),
        ("m", "2026-10-21", #""messages":[\#(user)],"output_config":{"effort":"minimal"}"#, "effort"),
        ("m", "2024-01-01", #""messages":[\#(user)]"#, "anthropic-version"),
    ])
    func anthropicRefuses(model: String, version: String, members: String, word: String?) async throws {
        try await SimulatorClient.run { client in
            let name = try #require(HTTPField.Name.anthropicVersion)
            let answer = try await client.post(
                "/v1/messages", #"{"model":"\#(model)","max_tokens":1500,\#(members)}"#, headers: [name: version])
            #expect(answer.status == (word == nil ? 200 : 400), "\(answer.text)")
            guard let word else { return }
            #expect(try answer.tree().at("error.type") == "invalid_request_error")
            #expect(try answer.tree().at("error.message").text?.contains(word) == true, "\(answer.text)")
        }
    }

    @Test func thoughtsAreHiddenOrRedactedOnRequest() async throws {
        try await SimulatorClient.run { client in
            let omitted = #","thinking":{"type":"adaptive","display":"omitted"}"#
            let hidden = try await client.message("x", more: omitted).tree()
            #expect(hidden.at("content.0.thinking") == "")
            #expect(hidden.at("content.0.signature").text == Seal.anthropic.seal(of: ""))
            #expect((hidden.at("usage.output_tokens_details.thinking_tokens").integer ?? 0) > 0)
            let redacted = try await client.message("x", model: "m!redacted").tree()
            #expect(redacted.at("content.0.type") == "redacted_thinking")
            let events = try await client.message("x", model: "m!redacted", more: #","stream":true"#).events()
            let start = events.first { $0["type"] == "content_block_start" }
            #expect(start?["content_block"] == redacted.at("content.0"))
        }
    }

    @Test func theLogHasTheHeadersThatMatter() async throws {
        try await SimulatorClient.run { client in
            let names = ["anthropic-version", "anthropic-beta", "openai-beta", "x-goog-api-key"]
            var headers: HTTPFields = [:]
            for name in names { headers.name(HTTPField.Name(name), "2026-10-21") }
            _ = try await client.post("/v1/messages", "{}", headers: headers)
            let log = try await client.send(.get, "/_simulator/requests", key: nil).tree().at("requests.0.headers")
            #expect(log["anthropic-version"] == "2026-10-21")
            #expect(log["anthropic-beta"] == "2026-10-21")
            #expect(log["openai-beta"] == "2026-10-21")
            #expect(log["x-goog-api-key"] == "…0-21")
            #expect(log["authorization"] == "Bearer …6789")
        }
    }
}

struct ModelFamilyTests {
    @Test(arguments: [
        ("gpt-5.4", true), ("gpt-5.4-mini-2026-03-01", true), ("gpt-6", true), ("gpt-5.3", false), ("gpt-5", false),
        ("gpt-5-2025-08-07", false), ("gpt-4o", false), ("simulator-model", false), ("gpt-", false),
    ])
    func versionsAreRead(model: String, refuses: Bool) {
        #expect(ModelFamily(model).refusesToolsWithReasoningOnChat == refuses)
    }

    @Test(arguments: [
        ("claude-opus-4-7", true), ("claude-opus-4.6", false), ("claude-sonnet-5", true), ("claude-haiku-5.5", true),
        ("claude-sonnet-4-20250514", false), ("claude-opus-5-20261001", true),
    ])
    func datesAreNoVersions(model: String, refuses: Bool) {
        #expect(ModelFamily(model).refusesSampling == refuses)
    }

    @Test(arguments: [("gemini-3-pro", true), ("gemini-3.8-flash", true), ("gemini-2.5-pro", false), ("m", false)])
    func signaturesAreWanted(model: String, wants: Bool) {
        #expect(ModelFamily(model).wantsThoughtSignatures == wants)
    }
}

struct SealTests {
    @Test func aSealHoldsForItsContentAlone() {
        let seal = Seal.anthropic.seal(of: "thought")
        #expect(Seal.anthropic.isGenuine(seal))
        #expect(seal == Seal.anthropic.seal(of: "thought") && seal != Seal.anthropic.seal(of: "thoughts"))
        #expect(!Seal.gemini.isGenuine(seal) && !Seal.openAI.isGenuine(seal))
        for position in seal.indices.dropLast(2) {
            var altered = seal
            altered.replaceSubrange(position...position, with: seal[position] == "A" ? "B" : "A")
            #expect(!Seal.anthropic.isGenuine(altered))
        }
        #expect(!Seal.anthropic.isGenuine("") && !Seal.anthropic.isGenuine("skip_thought_signature_validator"))
    }
}
