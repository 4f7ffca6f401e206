import Hummingbird
import Testing

@testable import Simulator

/// Answers of `:generateContent` and its neighbours, whole and streamed.
struct GeminiAnswerTests {
    private static let tools = #"""
        ,"tools":[{"functionDeclarations":[{"name":"get_weather","parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING"}}}}]}]
        """#
    private static let question = "You said: Hello\nThis is a simulated answer."

    @Test func aWholeAnswerCountsWhatItCosts() async throws {
        try await SimulatorClient.run { client in
            let tree = try await client.gemini("Hello").tree()
            #expect(tree.members?.map(\.name) == ["candidates", "usageMetadata", "modelVersion", "responseId"])
            #expect(tree.at("candidates.0.content.parts.0.text").text == Self.question)
            #expect(tree.at("candidates.0.finishReason") == "STOP")
            let prompt = SimulatedTokenizer.count("Hello") + SimulatedRequest.messageFraming
            #expect(tree.at("usageMetadata.promptTokenCount").integer == prompt)
            let output = SimulatedTokenizer.count(Self.question)
            #expect(tree.at("usageMetadata.candidatesTokenCount").integer == output)
            #expect(tree.at("usageMetadata.totalTokenCount").integer == prompt + output)
            let count = try await client.gemini("Hello", method: "countTokens").tree()
            #expect(count["totalTokens"] == tree.at("usageMetadata.promptTokenCount"))
        }
    }

    @Test(arguments: ["/v1", "/v1beta", ""], ["!", "%21"])
    func thePathsAreThereAndTheKeyMayStandInTheQuery(base: String, mark: String) async throws {
        try await SimulatorClient.run { client in
            let body = #"{"contents":[{"parts":[{"text":"Hello"}]}]}"#
            let path = "\(base)/models/gemini-3.8-flash\(mark)tokens=1:generateContent?key=AIza-0123456789"
            let answer = try await client.post(path, body, key: nil)
            #expect(try answer.tree().at("usageMetadata.candidatesTokenCount") == 1)
            let log = try await client.send(.get, "/_simulator/requests", key: nil)
            #expect(!log.text.contains("AIza-0123456789"))
            #expect(log.text.contains("key=…6789"))
        }
    }

    @Test func aStreamIsEventsOrOneArray() async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.gemini("Hello", method: "streamGenerateContent?alt=sse")
            #expect(answer.headers[.contentType] == "text/event-stream")
            #expect(!answer.text.contains("[DONE]") && !answer.text.contains("event:"))
            let events = try answer.events()
            let array = try await client.gemini("Hello", method: "streamGenerateContent")
            #expect(array.headers[.contentType] == "application/json")
            for chunks in [events, try array.tree().elements ?? []] {
                let text = chunks.compactMap { $0.at("candidates.0.content.parts.0.text").text }.joined()
                #expect(text == Self.question)
                let finishes = chunks.map { $0.at("candidates.0.finishReason") }
                #expect(finishes.last == "STOP" && finishes.dropLast().allSatisfy(\.isNull))
                let whole = try await client.gemini("Hello").tree()
                #expect(chunks.last?["usageMetadata"] == whole["usageMetadata"])
            }
        }
    }

    @Test func callsComeTogetherAndTheFirstIsSigned() async throws {
        try await SimulatorClient.run { client in
            let model = "gemini-3.8-flash!tools=2"
            let parts =
                try await client.gemini("get_weather Oslo", model: model, more: Self.tools).tree()
                .at("candidates.0.content.parts").elements ?? []
            #expect(parts.map { $0.at("functionCall.args") } == [["city": "Oslo"], ["city": "Oslo"]])
            #expect(parts.map { $0["thoughtSignature"] != nil } == [true, false])
            let events = try await client.gemini(
                "get_weather Oslo", model: model, method: "streamGenerateContent?alt=sse", more: Self.tools
            ).events()
            #expect(events.count == 1)
            #expect(events.last?.at("candidates.0.finishReason") == "STOP")
            #expect(events.last?.at("candidates.0.content.parts").elements?.count == 2)
            let old = try await client.gemini("get_weather", model: "gemini-2.5-pro", more: Self.tools).tree()
            #expect(old.at("candidates.0.content.parts.0.thoughtSignature") == .null)
        }
    }

    @Test func thoughtsAreShownCountedAndSigned() async throws {
        try await SimulatorClient.run { client in
            func config(_ thinking: String) -> String { #","generationConfig":{"thinkingConfig":\#(thinking)}"# }
            let shown = try await client.gemini("Hello", more: config(#"{"includeThoughts":true}"#)).tree()
            #expect(shown.at("candidates.0.content.parts.0.thought") == true)
            #expect(shown.at("candidates.0.content.parts.1.text").text == Self.question)
            #expect(shown.at("candidates.0.content.parts.1.thoughtSignature").text != nil)
            let hidden = try await client.gemini("Hello", more: config(#"{"thinking_level":"LOW"}"#)).tree()
            #expect(hidden.at("candidates.0.content.parts").elements?.count == 1)
            #expect(hidden.at("usageMetadata.thoughtsTokenCount") == shown.at("usageMetadata.thoughtsTokenCount"))
            let off = try await client.gemini("Hello", more: config(#"{"thinkingBudget":0}"#)).tree()
            #expect(off.at("usageMetadata.thoughtsTokenCount") == .null)
            let events = try await client.gemini(
                "Hello", model: "gemini-3.8-flash!thinking", method: "streamGenerateContent?alt=sse"
            ).events()
            #expect(events.first?.at("candidates.0.content.parts.0.thought") == true)
            #expect(events.last?.at("candidates.0.content.parts.0.text") == "")
            #expect(events.last?.at("candidates.0.content.parts.0.thoughtSignature").text != nil)
        }
    }

    private static func turns(signature: String?) -> String {
        let signed = signature.map { #","thoughtSignature":"\#($0)""# } ?? ""
        return #"""
            {"contents":[{"role":"user","parts":[{"text":"get_weather"}]},{"role":"model","parts":[{"functionCall":{"name":"get_weather","args":{}}\#(signed)}]},{"role":"user","parts":[{"functionResponse":{"name":"get_weather","response":{"output":"4 degrees"}}}]}]\#(tools)}
            """#
    }

    @Test(arguments: [
        ("gemini-3.8-flash", nil, 400), ("gemini-3.8-flash", "AAAA", 400), ("gemini-2.5-flash", nil, 200),
        ("gemini-3.8-flash", GeminiRules.skip, 200),
        ("gemini-3.8-flash", "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I", 200),
        ("gemini-4-argon", Seal.gemini.seal(of: "get_weather"), 200),
    ])
    func aSignatureHasToComeBack(model: String, signature: String?, status: Int) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.gemini(body: Self.turns(signature: signature), model: model)
            #expect(answer.status == status)
            if status == 200 {
                let text = try answer.tree().at("candidates.0.content.parts.0.text")
                #expect(text == "The tool answered: 4 degrees")
            } else {
                #expect(try answer.tree().at("error.status") == "INVALID_ARGUMENT")
            }
        }
    }

    @Test func aSignatureOfAnEarlierTurnMayBeMissing() async throws {
        try await SimulatorClient.run { client in
            let later = Self.turns(signature: nil).replacing(
                "}}}]}]",
                with: #"}}}]},{"role":"model","parts":[{"text":"ok"}]},{"role":"user","parts":[{"text":"Thanks"}]}]"#)
            let answer = try await client.gemini(body: later)
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: [
        #"{}"#, #"{"contents":[]}"#, #"{"contents":[{"role":"user","parts":[]}]}"#,
        #"{"contents":[{"role":"user","parts":[{}]}]}"#, #"{"contents":[{"role":"user","parts":[{"text":""}]}]}"#,
        #"{"contents":[{"role":"assistant","parts":[{"text":"x"}]}]}"#,
        #"{"contents":[{"role":"user","parts":[{"functionResponse":{"response":{}}}]}]}"#,
        #"{"contents":[{"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}}]}]}"#,
        #"{"contents":[{"role":"model","parts":[{"functionCall":{"name":"f"}}]}]}"#,
        #"{"contents":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"data:AAAA"}}]}]}"#,
        #"{"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":{"max_tokens":5}}"#,
        #"{"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":{"responseJsonSchema":{}}}"#,
        #"{"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":{"thinkingConfig":{"thinkingLevel":"MAX"}}}"#,
        #"{"messages":[],"contents":[{"role":"user","parts":[{"text":"x"}]}]}"#,
        #"{"contents":[{"role":"user","parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","$schema":"x"}}]}]}"#,
        #"{"contents":[{"role":"user","parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"1 f"}]}]}"#,
        #"{"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":{"stopSequences":["1","2","3","4","5","6"]}}"#,
    ])
    func badRequestsAreRefusedInTheVendorsForm(body: String) async throws {
        try await SimulatorClient.run { client in
            let answer = try await client.gemini(body: body)
            #expect(answer.status == 400)
            #expect(try answer.tree().at("error.code") == 400)
            #expect(try answer.tree().at("error.status") == "INVALID_ARGUMENT")
        }
    }

    @Test func keysAreRefusedAsTheVendorDoes() async throws {
        try await SimulatorClient.run({ $0.acceptedKeys = ["good"] }) { client in
            let body = #"{"contents":[{"parts":[{"text":"x"}]}]}"#
            let bad = try await client.gemini(body: body)
            #expect(bad.status == 400)
            #expect(try bad.tree().at("error.details.0.reason") == "API_KEY_INVALID")
            let none = try await client.post("/v1beta/models/g:generateContent", body, key: "good")
            #expect(none.status == 403)
        }
    }

    @Test(arguments: [
        ("++//", true), ("--__", true), ("QQ", true), ("QQ==", true), ("Q", false), ("?", false), ("", true),
    ])
    func bytesMayBeOfEitherAlphabet(text: String, isGood: Bool) {
        #expect((GoogleBytes.decode(text) != nil) == isGood)
    }

    @Test func refusalsLimitsSchemasAndEmbeddings() async throws {
        try await SimulatorClient.run { client in
            let refused = try await client.gemini("x", model: "g!refusal").tree()
            #expect(refused.at("candidates.0.finishReason") == "SAFETY")
            #expect(refused.at("candidates.0.content") == .null)
            let cut = try await client.gemini("x", more: #","generationConfig":{"maxOutputTokens":2}"#).tree()
            #expect(cut.at("candidates.0.finishReason") == "MAX_TOKENS")
            let schema =
                #","generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"city":{"type":"STRING"}}}}"#
            let filled = try await client.gemini("Where is Oslo", more: schema).tree()
            #expect(filled.at("candidates.0.content.parts.0.text") == #"{"city":"Oslo"}"#)
            let part = #"{"content":{"parts":[{"text":"a"}]},"outputDimensionality":3}"#
            let one = try await client.gemini(body: part, method: "embedContent").tree()
            #expect(one.at("embedding.values").elements?.count == 3)
            let many = try await client.gemini(body: #"{"requests":[\#(part),\#(part)]}"#, method: "batchEmbedContents")
                .tree()
            #expect(many.at("embeddings.1.values") == one.at("embedding.values"))
            #expect(try await client.gemini(body: "{}", method: "predict").status == 404)
        }
    }
}
