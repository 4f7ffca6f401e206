import Hummingbird
import Testing

@testable import Simulator

/// The same question asked in each form.
struct FormsAgreeTests {
    enum Form: String, CaseIterable, Sendable {
        case chat, responses, messages, gemini

        private static let schema =
            #"{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}"#

        var tools: String {
            let schema = Self.schema
            return switch self {
            case .chat: #","tools":[{"type":"function","function":{"name":"get_weather","parameters":\#(schema)}}]"#
            case .responses: #","tools":[{"type":"function","name":"get_weather","parameters":\#(schema)}]"#
            case .messages: #","tools":[{"name":"get_weather","input_schema":\#(schema)}]"#
            case .gemini:
                #","tools":[{"functionDeclarations":[{"name":"get_weather","parametersJsonSchema":\#(schema)}]}]"#
            }
        }

        func ask(
            _ client: SimulatorClient, _ question: String, words: String = "", streams: Bool = false, more: String = ""
        ) async throws -> SimulatorClient.Answer {
            let stream = streams ? #","stream":true,"stream_options":{"include_usage":true}"# : ""
            let plain = streams ? #","stream":true"# : ""
            return switch self {
            case .chat: try await client.chat(question, model: "m\(words)", more: more + stream)
            case .responses: try await client.response(question, model: "m\(words)", more: more + plain)
            case .messages: try await client.message(question, model: "m\(words)", more: more + plain)
            case .gemini:
                try await client.gemini(
                    question, model: "m\(words)",
                    method: streams ? "streamGenerateContent?alt=sse" : "generateContent", more: more)
            }
        }

        /// The text of a whole answer.
        func text(_ tree: JSONTree) -> String {
            switch self {
            case .chat: tree.at("choices.0.message.content").text ?? ""
            case .responses:
                (tree["output"]?.elements ?? []).compactMap { $0.at("content.0.text").text }.joined()
            case .messages: (tree["content"]?.elements ?? []).compactMap { $0["text"]?.text }.joined()
            case .gemini:
                (tree.at("candidates.0.content.parts").elements ?? []).filter { $0["thought"] == nil }
                    .compactMap { $0["text"]?.text }.joined()
            }
        }

        /// The thoughts of a whole answer, and their seal.
        func thought(_ tree: JSONTree) -> (text: String?, seal: String?) {
            switch self {
            case .chat: (tree.at("choices.0.message.reasoning_content").text, nil)
            case .responses: (tree.at("output.0.summary.0.text").text, tree.at("output.0.encrypted_content").text)
            case .messages: (tree.at("content.0.thinking").text, tree.at("content.0.signature").text)
            case .gemini:
                (
                    tree.at("candidates.0.content.parts.0.text").text,
                    tree.at("candidates.0.content.parts.1.thoughtSignature").text
                )
            }
        }

        func calls(_ tree: JSONTree) throws -> [JSONTree] {
            switch self {
            case .chat:
                try (tree.at("choices.0.message.tool_calls").elements ?? []).map {
                    try JSONTreeReader.read(($0.at("function.arguments").text ?? "").utf8)
                }
            case .responses:
                try (tree["output"]?.elements ?? []).compactMap { $0["arguments"]?.text }
                    .map { try JSONTreeReader.read($0.utf8) }
            case .messages: (tree["content"]?.elements ?? []).compactMap { $0["input"] }
            case .gemini:
                (tree.at("candidates.0.content.parts").elements ?? []).compactMap { $0["functionCall"]?["args"] }
            }
        }

        /// Input, output with thoughts, thoughts.
        func usage(_ tree: JSONTree) -> [Int?] {
            let paths =
                switch self {
                case .chat: ["prompt_tokens", "completion_tokens", "completion_tokens_details.reasoning_tokens"]
                case .responses: ["input_tokens", "output_tokens", "output_tokens_details.reasoning_tokens"]
                case .messages: ["input_tokens", "output_tokens", "output_tokens_details.thinking_tokens"]
                case .gemini: ["promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount"]
                }
            var counts = paths.map { tree.at("usage\(self == .gemini ? "Metadata" : "").\($0)").integer }
            if self == .gemini { counts[1] = (counts[1] ?? 0) + (counts[2] ?? 0) }
            return counts
        }

        /// The words streamed.
        func streamed(_ events: [JSONTree]) -> String {
            switch self {
            case .chat: events.compactMap { $0.at("choices.0.delta.content").text }.joined()
            case .responses:
                events.filter { $0["type"] == "response.output_text.delta" }.compactMap { $0["delta"]?.text }.joined()
            case .messages: events.compactMap { $0.at("delta.text").text }.joined()
            case .gemini: events.map(text).joined()
            }
        }
    }

    @Test(arguments: Form.allCases)
    func theTextIsTheSameWholeAndStreamed(form: Form) async throws {
        try await SimulatorClient.run { client in
            let expected = "You said: Grüße, 世界 😀\nThis is a simulated answer."
            let whole = try await form.ask(client, "Grüße, 世界 😀").tree()
            #expect(form.text(whole) == expected)
            let events = try await form.ask(client, "Grüße, 世界 😀", streams: true).events()
            #expect(form.streamed(events) == expected)
            #expect(form.usage(whole)[0] == 8)
            #expect(form.usage(whole)[1] == SimulatedTokenizer.count(expected))
        }
    }

    @Test(arguments: Form.allCases)
    func callsAreTheSame(form: Form) async throws {
        try await SimulatorClient.run { client in
            let question = "get_weather for Oslo, 3 days"
            let one = try await form.ask(client, question, more: form.tools).tree()
            #expect(try form.calls(one) == [["city": "Oslo", "days": 3]])
            let two = try await form.ask(client, "Hello", words: "!tools=2", more: form.tools).tree()
            #expect(try form.calls(two).count == 2)
            let none = try await form.ask(client, "Hello", more: form.tools).tree()
            #expect(try form.calls(none) == [])
        }
    }

    @Test(arguments: Form.allCases)
    func thoughtsAreTheSameBilledAndSealed(form: Form) async throws {
        try await SimulatorClient.run { client in
            let include = form == .responses ? #","include":["reasoning.encrypted_content"]"# : ""
            let tree = try await form.ask(client, "Hello", words: "!thinking", more: include).tree()
            let (text, seal) = form.thought(tree)
            #expect(text == "Let me think about what was asked and what would help.")
            let makers: [Form: Seal] = [.responses: .openAI, .messages: .anthropic, .gemini: .gemini]
            #expect(makers[form]?.isGenuine(seal ?? "") ?? true)
            #expect(form.text(tree) == "You said: Hello\nThis is a simulated answer.")
            #expect(form.usage(tree)[2] == SimulatedTokenizer.count(text ?? ""))
            let output = SimulatedTokenizer.count((text ?? "")) + SimulatedTokenizer.count(form.text(tree))
            #expect(form.usage(tree)[1] == output)
        }
    }

    @Test(arguments: Form.allCases, [false, true])
    func faultsWorkInEachForm(form: Form, streams: Bool) async throws {
        try await SimulatorClient.run { client in
            for status in [429, 500, 503] {
                let answer = try await form.ask(client, "x", words: "!error=\(status)", streams: streams)
                #expect(answer.status == status)
                let error = try answer.tree()["error"]
                #expect(error?["message"]?.text != nil)
                #expect((error?["code"]?.integer == status) == (form == .gemini))
            }
            let bare = try await form.ask(client, "x", words: "!no-usage", streams: streams)
            #expect(!bare.text.contains("okenCount"))
            // A stream of messages has said its input before.
            #expect(!bare.text.contains("\"output_tokens\":") || form == .messages && streams)
            let unknown = try await form.ask(client, "x", words: "!boom", streams: streams)
            #expect(unknown.status == 400)
            let garbage = try await form.ask(client, "x", words: "!garbage", streams: streams)
            #expect(throws: JSONTreeError.self) { streams ? try garbage.events() : [try garbage.tree()] }
            let start = ContinuousClock.now
            _ = try await form.ask(client, "x", words: "!latency=30ms", streams: streams)
            #expect(start.duration(to: .now) >= .milliseconds(30))
        }
    }

    @Test(arguments: Form.allCases)
    func refusalsHaveNoText(form: Form) async throws {
        try await SimulatorClient.run { client in
            let tree = try await form.ask(client, "x", words: "!refusal").tree()
            #expect(form.text(tree) == "")
            #expect(tree.compactText.contains("I cannot help with that"))
        }
    }

    @Test func everyVendorKeepsItsOwnCache() async throws {
        try await SimulatorClient.run { client in
            let long = String(repeating: "word", count: 5000)
            for _ in 0...1 {
                _ = try await client.response(long, model: "gpt-5.5")
                _ = try await client.gemini(long, model: "gemini-3.8-flash")
            }
            let response = try await client.response(long, model: "gpt-5.5").tree()
            #expect(response.at("usage.input_tokens_details.cached_tokens") == 4992)
            let gemini = try await client.gemini(long).tree()
            #expect(gemini.at("usageMetadata.cachedContentTokenCount") == 4992)
            #expect(gemini.at("usageMetadata.promptTokenCount") == 5003)
            let short = String(repeating: "word", count: 3000)
            for _ in 0...1 { _ = try await client.gemini(short) }
            let below = try await client.gemini(short).tree()
            #expect(below.at("usageMetadata.cachedContentTokenCount") == .null)
        }
    }
}
