import NIOCore
import Pipeline
import Testing
import Wire

struct ChatConversationReaderTests {
    private typealias Support = ChatSupport

    @Test func messagesAreRead() throws {
        let conversation = try Support.conversation(
            Support.request(
                #"{"role":"system","content":"S"},{"role":"developer","content":[{"type":"text","text":"D","cache_control":{"type":"ephemeral","ttl":"1h"}}]},"#
                    + #"{"role":"user","name":"ann","content":[{"type":"text","text":"a\u00e9"},{"type":"image_url","image_url":{"url":"data:image\/png;base64,aa==","detail":"low"}},"#
                    + #"{"type":"image_url","image_url":{"url":"https://x/y.png"}},{"type":"input_audio","input_audio":{"data":"UklG","format":"mp3"}},"#
                    + #"{"type":"file","file":{"file_data":"data:application/pdf;base64,JVBE","filename":"a.pdf"}},{"type":"file","file":{"file_id":"f1"}},{"type":"novel","x":1}]},"#
                    + #"{"role":"assistant","content":"","reasoning_content":"hm","reasoning_signature":"tr1.a.sig","redacted_reasoning":["tr1.a.data"],"refusal":null,"#
                    + #""tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}},{"id":"c2_tr1g_-_8","type":"custom","custom":{"name":"g","input":"free"}}]},"#
                    + #"{"role":"tool","tool_call_id":"c1","content":"r"},{"role":"tool","tool_call_id":"c2_tr1g_-_8","content":[{"type":"text","text":"s"}]},"#
                    + #"{"role":"assistant","content":"done","refusal":"no"},{"role":"system","content":"now"}"#))
        let anthropic = { (value: JSONText) in Signature(origin: .anthropicMessages, value: value) }
        #expect(
            conversation.instructions == [
                Instruction(text: "S"),
                Instruction(role: .developer, text: "D", cacheMark: CacheMark(timeToLive: "1h")),
            ])
        let expected = [
            Message(
                role: .user, name: "ann",
                parts: [
                    Support.text(Support.escaped(#"a\u00e9"#)),
                    Part(.image(Media(.base64("aa=="), mediaType: "image/png", detail: "low"))),
                    Part(.image(Media(.url("https://x/y.png")))),
                    Part(.audio(Media(.base64("UklG"), mediaType: "audio/mpeg"))),
                    Part(.file(Media(.base64("JVBE"), mediaType: "application/pdf", fileName: "a.pdf"))),
                    Part(.file(Media(.fileID("f1")))),
                    Part(.other(Support.json(#"{"type":"novel","x":1}"#, .object), kind: "novel")),
                ]),
            Message(
                role: .assistant,
                parts: [
                    Part(.reasoning(Reasoning(text: "hm", signature: anthropic("sig")))),
                    Part(.reasoning(Reasoning(redacted: anthropic("data")))),
                    Support.call("c1", "f", .encoded(Support.escaped(#"{\"x\": 1}"#))),
                    Part(
                        .toolCall(
                            ToolCall(
                                id: "c2", name: "g", arguments: .text("free"),
                                signature: Signature(origin: .geminiGenerate, value: "+/8=")))),
                ]),
            Message(role: .user, parts: [Support.result("c1", [Support.text("r")])]),
            Message(role: .user, parts: [Support.result("c2", [Support.text("s")])]),
            Message(role: .assistant, parts: [Support.text("done"), Part(.refusal("no"))]),
            Message(role: .system, parts: [Support.text("now")]),
        ]
        #expect(conversation.messages.count == expected.count)
        for (found, wanted) in zip(conversation.messages, expected) { #expect(found == wanted) }
        #expect(conversation.others.map(\.name) == ["messages.content.x"])
    }

    @Test func deprecatedFunctionsHaveIDsOfTheirOwn() throws {
        let conversation = try Support.conversation(
            Support.request(
                #"{"role":"user","content":"hi"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"1"},"#
                    + #"{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"2"}"#,
                #""functions":[{"name":"f","parameters":{"type":"object"}}],"function_call":{"name":"f"}"#))
        #expect(conversation.usesDeprecatedFunctions)
        #expect(
            conversation.tools == [
                ToolDefinition(.function(parameters: Support.json(#"{"type":"object"}"#, .object)), name: "f")
            ])
        #expect(conversation.toolChoice == .tool(name: "f"))
        #expect(
            conversation.messages.dropFirst().map(\.parts) == [
                [Support.call("call_f", "f", .encoded("{}"))],
                [Part(.toolResult(ToolResult(callID: "call_f", name: "f", parts: [Support.text("1")])))],
                [Support.call("call_f_2", "f", .encoded("{}"))],
                [Part(.toolResult(ToolResult(callID: "call_f_2", name: "f", parts: [Support.text("2")])))],
            ])
    }

    @Test func toolsAreRead() throws {
        let conversation = try Support.conversation(
            Support.request(
                #"{"role":"user","content":"hi"}"#,
                #""parallel_tool_calls":false,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"b":1,"a":2},"strict":true,"x_own":1},"cache_control":{"type":"ephemeral"}},"#
                    + #"{"type":"custom","custom":{"name":"g","format":{"type":"text"}}},{"type":"web_search","y":1}],"#
                    + #""tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"g"}}]}}"#
            ))
        #expect(
            conversation.tools == [
                ToolDefinition(
                    .function(parameters: Support.json(#"{"b":1,"a":2}"#, .object)), name: "f", description: "d",
                    isStrict: true, cacheMark: CacheMark(),
                    others: [OtherField(name: "tools.function.x_own", value: .integer(1))]),
                ToolDefinition(.custom(format: Support.json(#"{"type":"text"}"#, .object)), name: "g"),
                ToolDefinition(
                    .hosted(Support.json(#"{"type":"web_search","y":1}"#, .object), type: "web_search"), name: .empty),
            ])
        #expect(conversation.toolChoice == .subset(names: ["f", "g"], mustCall: true))
        #expect(conversation.allowsParallelToolCalls == false)
    }

    @Test(arguments: [
        (#""auto""#, ToolChoice.auto), (#""none""#, .none), (#""required""#, .required),
        (#"{"type":"function","function":{"name":"f"}}"#, .tool(name: "f")),
        (#"{"type":"custom","custom":{"name":"g"}}"#, .tool(name: "g")),
        (#"{"type":"function","name":"f"}"#, .tool(name: "f")),
    ])
    func choicesAreRead(_ text: String, _ choice: ToolChoice) throws {
        let request = Support.request(#"{"role":"user","content":"hi"}"#, #""tool_choice":\#(text)"#)
        #expect(try Support.conversation(request).toolChoice == choice)
    }

    @Test func settingsAreRead() throws {
        let conversation = try Support.conversation(
            Support.request(
                #"{"role":"user","content":"hi"}"#,
                #""stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"max_tokens":5,"temperature":0.70,"top_p":1e0,"top_k":3,"seed":7,"frequency_penalty":0,"presence_penalty":-1,"logit_bias":{"5":1},"#
                    + #""logprobs":true,"top_logprobs":2,"n":3,"stop":["a","b"],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},"#
                    + #""reasoning_effort":"xhigh","verbosity":"low","modalities":["text","AUDIO"],"audio":{"voice":"v","format":"wav"},"service_tier":"flex","metadata":{"k":"v"},"#
                    + #""safety_identifier":"s","user":"u","prompt_cache_key":"k","store":true,"moderation":{"m":1},"prediction":{"type":"content"},"web_search_options":{}"#
            ))
        var expected = GenerationSettings()
        expected.maximumOutputTokens = 5
        expected.temperature = Support.json("0.70", .number)
        expected.topP = Support.json("1e0", .number)
        expected.topK = .integer(3)
        expected.seed = .integer(7)
        expected.frequencyPenalty = .integer(0)
        expected.presencePenalty = .integer(-1)
        expected.logitBias = Support.json(#"{"5":1}"#, .object)
        expected.logprobs = true
        expected.topLogprobs = .integer(2)
        expected.choiceCount = 3
        expected.stopSequences = ["a", "b"]
        expected.outputFormat = .schema(
            OutputSchema(schema: Support.json(#"{"type":"object"}"#, .object), name: "n", isStrict: true))
        expected.reasoning = ReasoningSettings(effort: .xhigh)
        expected.verbosity = "low"
        expected.modalities = ["text", "audio"]
        expected.audio = Support.json(#"{"voice":"v","format":"wav"}"#, .object)
        expected.serviceTier = "flex"
        expected.metadata = Support.json(#"{"k":"v"}"#, .object)
        expected.userID = "s"
        expected.promptCacheKey = "k"
        expected.store = true
        expected.safetySettings = Support.json(#"{"m":1}"#, .object)
        #expect(conversation.settings == expected)
        #expect(conversation.isStream)
        #expect(
            conversation.others.map(\.name)
                == ["user", "stream_options.include_obfuscation", "prediction", "web_search_options"])
    }

    @Test(arguments: [
        ("DeepSeek's switch", #""thinking":{"type":"disabled"}"#, ReasoningSettings(effort: ReasoningEffort.none)),
        ("Doubao's choice", #""thinking":{"type":"auto"}"#, ReasoningSettings(isAdaptive: true)),
        ("both", #""thinking":{"type":"enabled"},"reasoning_effort":"low""#, ReasoningSettings(effort: .low)),
        ("Qwen's budget", #""enable_thinking":true,"thinking_budget":99"#, ReasoningSettings(budgetTokens: 99)),
        (
            "Qwen's switch", #""enable_thinking":false,"thinking_budget":99"#,
            ReasoningSettings(effort: ReasoningEffort.none, budgetTokens: 99)
        ),
        (
            "an object", #""reasoning":{"effort":"high","exclude":true}"#,
            ReasoningSettings(effort: .high, showsThoughts: false)
        ),
        ("a budget in it", #""reasoning":{"max_tokens":7}"#, ReasoningSettings(budgetTokens: 7)),
    ])
    func vendorsWordsForThinkingAreRead(_ name: String, _ members: String, _ expected: ReasoningSettings) throws {
        let conversation = try Support.conversation(Support.request(#"{"role":"user","content":"hi"}"#, members))
        #expect(conversation.settings.reasoning == expected, "\(name)")
    }

    static let user = #"{"role":"user","content":"hi"}"#

    @Test(arguments: [
        ("[]", nil as String?), ("{", nil), (#"{"messages":[]}"#, "model"), (#"{"model":"","messages":[]}"#, "model"),
        (#"{"model":"m"}"#, "messages"), (#"{"model":"m","messages":[]}"#, "messages"),
        (#"{"model":"m","messages":{}}"#, "messages"), (Support.request("1"), "messages[0].role"),
        (Support.request(#"{"role":"robot"}"#), "messages[0].role"),
        (Support.request(#"{"role":"user","content":5}"#), "messages[0].content"),
        (Support.request(#"{"role":"user","content":["x"]}"#), "messages[0].content[0]"),
        (Support.request(#"{"role":"user","content":[{"text":"x"}]}"#), "messages[0].content[0].type"),
        (Support.request(#"{"role":"user","content":[{"type":"text"}]}"#), "messages[0].content[0].text"),
        (Support.request(#"{"role":"user","content":[{"type":"text","text":1}]}"#), "messages[0].content[0].text"),
        (Support.request(#"{"role":"user","content":[{"type":"image_url"}]}"#), "messages[0].content[0].image_url"),
        (
            Support.request(#"{"role":"user","content":[{"type":"image_url","image_url":{}}]}"#),
            "messages[0].content[0].image_url.url"
        ),
        (
            Support.request(#"{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}"#),
            "messages[0].content[0].input_audio.data"
        ),
        (
            Support.request(#"{"role":"user","content":[{"type":"file","file":{}}]}"#),
            "messages[0].content[0].file.file_data"
        ),
        (
            Support.request(#"{"role":"user","content":[{"type":"video_url","video_url":{}}]}"#),
            "messages[0].content[0].type"
        ),
        (Support.request(user + #",{"role":"tool","content":"x"}"#), "messages[1].tool_call_id"),
        (Support.request(user + #",{"role":"function","content":"x"}"#), "messages[1].name"),
        (Support.request(#"{"role":"assistant","tool_calls":{}}"#), "messages[0].tool_calls"),
        (
            Support.request(#"{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}"#),
            "messages[0].tool_calls[0].id"
        ),
        (
            Support.request(#"{"role":"assistant","tool_calls":[{"id":"c","function":{}}]}"#),
            "messages[0].tool_calls[0].function.name"
        ),
        (
            Support.request(#"{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":1}}]}"#),
            "messages[0].tool_calls[0].function.arguments"
        ),
        (
            Support.request(#"{"role":"system","content":[{"type":"image_url","image_url":"u"}]}"#),
            "messages[0].content"
        ),
        (Support.request(user, #""stream":1"#), "stream"), (Support.request(user, #""tools":{}"#), "tools"),
        (Support.request(user, #""tools":[{"type":"function"}]"#), "tools[0].function"),
        (Support.request(user, #""tools":[{"type":"function","function":{}}]"#), "tools[0].function.name"),
        (Support.request(user, #""tools":[{"function":{"name":"f"}}]"#), "tools[0].type"),
        (
            Support.request(user, #""tools":[{"type":"function","function":{"name":"f","parameters":"x"}}]"#),
            "tools[0].function.parameters"
        ),
        (Support.request(user, #""tools":[{"type":"custom","custom":{}}]"#), "tools[0].custom.name"),
        (Support.request(user, #""functions":[{}]"#), "functions[0].name"),
        (Support.request(user, #""tool_choice":"any""#), "tool_choice"),
        (Support.request(user, #""function_call":"required""#), "function_call"),
        (Support.request(user, #""max_tokens":0"#), "max_tokens"), (Support.request(user, #""n":0"#), "n"),
        (Support.request(user, #""temperature":"1""#), "temperature"), (Support.request(user, #""stop":[1]"#), "stop"),
        (Support.request(user, #""response_format":{"type":"json_schema"}"#), "response_format.json_schema"),
        (Support.request(user, #""response_format":{}"#), "response_format.type"),
        (Support.request(user, #""reasoning_effort":1"#), "reasoning_effort"),
        (Support.request(user, #""metadata":"x""#), "metadata"),
    ])
    func whatIsWrongIsNamed(_ request: String, _ param: String?) {
        let error = #expect(throws: ConversationError.self) { try Support.conversation(request) }
        #expect(error?.param == param)
        if let param, !request.contains("video") {
            #expect(error?.message.contains("'\(param)'") == true, "\(error?.message ?? "")")
        }
    }

    @Test(arguments: [
        #""max_tokens":-1"#, #""seed":null"#, #""stop":null"#, #""tools":null"#, #""tool_choice":null"#, #""n":1.0"#,
    ])
    func whatVendorsAllowIsRead(_ members: String) throws {
        #expect(try Support.conversation(Support.request(Self.user, members)).settings.maximumOutputTokens == nil)
    }
}
