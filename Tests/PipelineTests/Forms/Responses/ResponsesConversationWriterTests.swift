import NIOCore
import Pipeline
import Testing
import Wire

struct ResponsesConversationWriterTests {
    private typealias Support = ResponsesSupport

    @Test func aQuestionIsWrittenWithNothingKept() throws {
        let written = try Support.written(.foreign(.openAIChat))
        #expect(
            written.body
                == #"{"model":"up","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}],"store":false}"#
        )
        #expect(written.report.isEmpty)
    }

    @Test func everythingTheFormCanSayIsWrittenInOrder() throws {
        var conversation = Conversation.foreign(
            .openAIChat,
            [
                Message(
                    role: .user,
                    parts: [
                        Support.text("look"), Part(.image(Media(.base64("aa"), mediaType: "image/png", detail: "low"))),
                        Part(.file(Media(.base64("JVBE"), mediaType: "application/pdf", fileName: "a.pdf"))),
                        Part(.audio(Media(.base64("UklG"), mediaType: "audio/wav"))),
                    ]),
                Message(
                    role: .assistant,
                    parts: [
                        Part(
                            .reasoning(
                                Reasoning(
                                    text: "hm", signature: Signature(origin: .openAIResponses, value: "gAA"), id: "rs_1"
                                ))),
                        Support.text("so"), Support.call("c1", "f", .object(.emptyObject)),
                        Support.call("c2", "g", .text("free")),
                    ]),
                Message(
                    role: .user, parts: [Part(.toolResult(ToolResult(callID: "c1", parts: [Support.text("one")])))]),
                Message(
                    role: .user,
                    parts: [
                        Part(
                            .toolResult(
                                ToolResult(callID: "c2", parts: [Support.text("two"), Part(.image(Media(.url("u"))))])))
                    ]),
                Message(role: .developer, parts: [Support.text("now")]),
            ])
        conversation.isStream = true
        conversation.instructions = [Instruction(text: "Be brief.")]
        conversation.tools = [
            ToolDefinition(.function(parameters: .emptyObject), name: "f", description: "d"),
            ToolDefinition(.function(parameters: nil), name: "h", isStrict: true),
            ToolDefinition(.custom(format: nil), name: "g"),
        ]
        conversation.toolChoice = .tool(name: "g")
        conversation.allowsParallelToolCalls = false
        conversation.settings.maximumOutputTokens = 100
        conversation.settings.outputFormat = .schema(OutputSchema(schema: .emptyObject))
        conversation.settings.verbosity = "low"
        conversation.settings.reasoning = ReasoningSettings(effort: .high, showsThoughts: true)
        conversation.settings.userID = "u"
        conversation.settings.promptCacheKey = "k"
        conversation.settings.serviceTier = "flex"
        let written = try Support.written(conversation)
        let expected = [
            #"{"model":"up","tools":[{"type":"function","name":"f","description":"d","parameters":{},"strict":false},"#,
            #"{"type":"function","name":"h","parameters":{"type":"object","properties":{}},"strict":true},"#,
            #"{"type":"custom","name":"g"}],"instructions":"Be brief.","input":[{"type":"message","role":"user","content":["#,
            #"{"type":"input_text","text":"look"},{"type":"input_image","image_url":"data:image/png;base64,aa","detail":"low"},"#,
            #"{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"},"#,
            #"{"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}}]},"#,
            #"{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"gAA"},"#,
            #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"so"}]},"#,
            #"{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},"#,
            #"{"type":"custom_tool_call","call_id":"c2","name":"g","input":"free"},"#,
            #"{"type":"function_call_output","call_id":"c1","output":"one"},"#,
            #"{"type":"custom_tool_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"},"#,
            #"{"type":"input_image","image_url":"u"}]},"#,
            #"{"type":"message","role":"developer","content":[{"type":"input_text","text":"now"}]}],"#,
            #""tool_choice":{"type":"custom","name":"g"},"parallel_tool_calls":false,"#,
            #""text":{"format":{"type":"json_schema","name":"response","schema":{}},"verbosity":"low"},"#,
            #""reasoning":{"effort":"high","summary":"auto"},"include":["reasoning.encrypted_content"],"store":false,"#,
            #""max_output_tokens":100,"service_tier":"flex","safety_identifier":"u","prompt_cache_key":"k","stream":true}"#,
        ].joined()
        #expect(written.body == expected)
        #expect(written.report.isEmpty)
    }

    @Test func whatTheFormCannotSayIsReported() throws {
        var conversation = Conversation.foreign(
            .openAIChat, [Message(role: .user, name: "Ann", parts: [Support.text("hi")])])
        conversation.settings.topK = .integer(3)
        conversation.settings.seed = .integer(3)
        conversation.settings.frequencyPenalty = .integer(1)
        conversation.settings.presencePenalty = .integer(1)
        conversation.settings.logitBias = .emptyObject
        conversation.settings.choiceCount = 2
        conversation.settings.stopSequences = ["x"]
        conversation.settings.modalities = ["text", "audio"]
        conversation.settings.audio = .emptyObject
        conversation.others = [OtherField(name: "prediction", value: .emptyObject)]
        let report = try Support.written(conversation).report
        #expect(
            report.dropped == [
                "messages.name", "top_k", "seed", "frequency_penalty", "presence_penalty", "logit_bias", "n", "stop",
                "modalities", "audio", "prediction",
            ])
        #expect(report.rewritten == [])
    }

    @Test(arguments: [
        (RequestForm.anthropicMessages, ReasoningSettings(isAdaptive: true), true),
        (.anthropicMessages, ReasoningSettings(budgetTokens: 2_000), true),
        (.anthropicMessages, ReasoningSettings(isAdaptive: true, showsThoughts: false), false),
        (.anthropicMessages, ReasoningSettings(effort: .low), false),
        (.anthropicMessages, ReasoningSettings(effort: ReasoningEffort.none), false),
        (.geminiGenerate, ReasoningSettings(effort: .low, showsThoughts: true), true),
        (.geminiGenerate, ReasoningSettings(effort: .low), false),
        (.geminiGenerate, ReasoningSettings(budgetTokens: 0, showsThoughts: true), false),
        (.openAIChat, ReasoningSettings(effort: .high), false),
    ])
    func thoughtsAreAskedForWhereTheClientWouldSeeThem(
        form: RequestForm, reasoning: ReasoningSettings, isAsked: Bool
    ) throws {
        var conversation = Conversation.foreign(form)
        conversation.settings.reasoning = reasoning
        #expect(try Support.written(conversation).body.contains(#""summary":"auto""#) == isAsked)
    }

    @Test func aModelThatCannotThinkIsNotAskedTo() throws {
        var traits = VendorTraits()
        traits.unknownFields = [.reasoning]
        let signature = Signature(origin: .openAIResponses, value: "gAA")
        var conversation = Conversation.foreign(
            .openAIChat,
            [
                Message(
                    role: .assistant,
                    parts: [Part(.reasoning(Reasoning(text: "hm", signature: signature))), Support.text("so")]),
                Message(role: .user, parts: [Support.text("q")]),
            ])
        conversation.settings.temperature = .integer(1)
        conversation.settings.reasoning = ReasoningSettings(effort: .low)
        let written = try Support.written(conversation, traits: traits)
        #expect(!written.body.contains("reasoning") && written.body.contains(#""temperature":1"#))
        #expect(written.report.dropped == ["messages.reasoning_content", "reasoning_effort"])
        conversation.settings.reasoning = ReasoningSettings(effort: ReasoningEffort.none)
        #expect(try Support.written(conversation, traits: traits).report.dropped == ["messages.reasoning_content"])
    }

    /// What an error is called is said in the client's words.
    @Test(arguments: [
        (RequestForm.anthropicMessages, "messages.is_error"),
        (.geminiGenerate, "contents.functionResponse.response.error"),
    ])
    func aToolsErrorIsToldInWords(form: RequestForm, name: String) throws {
        let results = [
            ToolResult(callID: "c1", parts: [Support.text("bad")], isError: true),
            ToolResult(callID: "c2", parts: [Part(.image(Media(.url("u"))))], isError: true),
        ]
        let written = try Support.written(
            .foreign(form, [Message(role: .user, parts: results.map { Part(.toolResult($0)) })]))
        #expect(written.body.contains(#""call_id":"c1","output":"Error: bad""#))
        #expect(written.body.contains(#""output":[{"type":"input_text","text":"Error."},{"type":"input_image""#))
        #expect(written.report.rewritten == [name] && written.report.dropped.isEmpty)
    }

    @Test func whatAFunctionGivesBackIsSaidInItsDescription() throws {
        var conversation = Conversation.foreign(.geminiGenerate)
        conversation.tools = [ToolDefinition(.function(parameters: nil), name: "f", description: "D.")]
        conversation.tools[0].resultSchema = .emptyObject
        let written = try Support.written(conversation)
        #expect(
            written.body.contains(#""description":"D.\n\nWhat it gives back follows this JSON Schema: {}""#))
        #expect(written.report.rewritten == ["tools.functionDeclarations.responseJsonSchema"])
    }

    @Test func samplingIsDroppedWhereTheTargetIsToThink() throws {
        var conversation = Conversation.foreign(.anthropicMessages)
        conversation.settings.temperature = .integer(1)
        conversation.settings.reasoning = ReasoningSettings(budgetTokens: 8_000)
        conversation.settings.maximumOutputTokens = 1
        let written = try Support.written(conversation)
        #expect(written.body.contains(#""reasoning":{"effort":"medium","summary":"auto"},"include":["reasoning.encrypted_content"]"#))
        #expect(written.body.contains(#""max_output_tokens":16"#))
        #expect(written.report.dropped == ["temperature"])
        #expect(written.report.rewritten == ["thinking", "max_tokens"])
        conversation.settings.reasoning = ReasoningSettings(effort: ReasoningEffort.none)
        let calm = try Support.written(conversation)
        #expect(
            calm.body.contains(#""reasoning":{"effort":"none"},"store":false"#)
                && calm.body.contains(#""temperature":1"#))
    }

    @Test(arguments: [
        (RequestForm.openAIChat, "messages.reasoning_content"), (.anthropicMessages, "messages.thinking"),
        (.geminiGenerate, "contents.thought"), (.openAIResponses, "input.reasoning"),
    ])
    func foreignThoughtsStayAtHome(_ form: RequestForm, _ name: String) throws {
        let signature = Signature(origin: .anthropicMessages, value: "x")
        let written = try Support.written(
            .foreign(
                form,
                [
                    Message(
                        role: .assistant,
                        parts: [Part(.reasoning(Reasoning(text: "secret", signature: signature))), Support.text("a")])
                ]))
        #expect(!written.body.contains("secret") && !written.body.contains("include"))
        #expect(written.report.dropped == [name])
    }

    @Test func thoughtsThatLedToNothingAreLeftOut() throws {
        let signature = Signature(origin: .openAIResponses, value: "gAA")
        let thought = Part(.reasoning(Reasoning(text: "hm", signature: signature)))
        let written = try Support.written(
            .foreign(
                .openAIChat,
                [Message(role: .assistant, parts: [thought]), Message(role: .user, parts: [Support.text("go")])]))
        #expect(!written.body.contains("gAA"))
        #expect(written.report.dropped == ["messages.reasoning_content"])
    }

    @Test func idsAreShortenedAlikeOnBothSides() throws {
        let long = String(repeating: "a", count: 60) + "/" + String(repeating: "b", count: 30)
        let body = try Support.written(
            .foreign(
                .anthropicMessages,
                [
                    Message(role: .assistant, parts: [Support.call(long, "f", .object(.emptyObject))]),
                    Message(role: .user, parts: [Part(.toolResult(ToolResult(callID: JSONText(long), parts: [])))]),
                ])
        ).body
        let ids = body.components(of: #""call_id":""#)
        #expect(ids.count == 2 && ids[0] == ids[1] && ids[0].utf8.count == 64)
        #expect(body.contains(#""output":"""#))
    }

    @Test(arguments: [
        (nil as String?, "", [] as [String]), ("30m", #","ttl":"30m""#, []), ("1h", "", ["cache_control"]),
    ])
    func marksAreWritten(_ life: String?, _ ttl: String, _ rewritten: [String]) throws {
        let mark = CacheMark(timeToLive: life.map { JSONText($0) })
        var conversation = Conversation.foreign(
            .anthropicMessages, [Message(role: .user, parts: [Part(.text("hi"), cacheMark: mark)])])
        let written = try Support.written(conversation)
        #expect(
            written.body.contains(
                #"{"type":"input_text","text":"hi","prompt_cache_breakpoint":{"mode":"explicit"\#(ttl)}}"#))
        #expect(written.report.rewritten == rewritten)
        var traits = VendorTraits()
        traits.unknownFields = [.cacheMarks]
        conversation.instructions = [Instruction(text: "S", cacheMark: mark)]
        let plain = try Support.written(conversation, traits: traits)
        #expect(!plain.body.contains("prompt_cache_breakpoint") && plain.report.dropped == ["cache_control"])
    }

    @Test(arguments: [
        ("audio without data", Part(.audio(Media(.url("u"), mediaType: "audio/wav")))),
        ("an unknown sound", Part(.audio(Media(.base64("x"), mediaType: "audio/flac")))),
        ("another vendor's file", Part(.file(Media(.fileID("f"))))),
    ])
    func whatCannotBeCarriedIsRefused(_ name: String, _ part: Part) {
        #expect("\(name)") {
            try Support.written(.foreign(.geminiGenerate, [Message(role: .user, parts: [part])]))
        } throws: { ($0 as? ConversationError)?.param == "contents" }
    }

    @Test func theNextTurnBeginsWithTheBytesOfThisOne() throws {
        var conversation = Conversation.foreign(.anthropicMessages)
        conversation.instructions = [Instruction(text: "S"), Instruction(text: "T")]
        conversation.tools = [ToolDefinition(.function(parameters: nil), name: "f")]
        let first = try Support.written(conversation).body
        conversation.messages += [
            Message(role: .assistant, parts: [Support.text("a"), Support.call("c", "f", .object(.emptyObject))]),
            Message(role: .user, parts: [Part(.toolResult(ToolResult(callID: "c", parts: [Support.text("r")])))]),
        ]
        let second = try Support.written(conversation).body
        let prefix = first.components(of: #"],"store""#, keepingHead: true)
        #expect(!prefix.isEmpty && second.hasPrefix(prefix[0]))
        #expect(try Support.written(conversation).body == second)
    }

    /// A request with another vendor's thoughts sealed in it goes to a vendor of the form without them, and else as it came.
    @Test func whatOnlyTheFormKnowsIsKeptForIt() throws {
        let request = #"""
            {"model":"m","input":[{"role":"user","content":"q"},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"tr1.a.Eq"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"r"},{"type":"mcp_approval_response","approve":true}],"tools":[{"type":"function","name":"f","parameters":{},"defer_loading":true}],"reasoning":{"effort":"low","mode":"pro"},"text":{"verbosity":"low","x":1},"include":["file_search_call.results"],"temperature":1,"max_output_tokens":2,"truncation":"auto"}
            """#
        let written = try Support.written(try Support.conversation(request))
        #expect(
            written.body
                == #"{"model":"up","tools":[{"type":"function","name":"f","parameters":{},"defer_loading":true}],"input":["#
                + #"{"type":"message","role":"user","content":[{"type":"input_text","text":"q"}]},"#
                + #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},"#
                + #"{"type":"function_call_output","call_id":"c","output":"r"},{"type":"mcp_approval_response","approve":true}],"#
                + #""text":{"verbosity":"low","x":1},"reasoning":{"effort":"low","mode":"pro"},"#
                + #""include":["file_search_call.results","reasoning.encrypted_content"],"#
                + #""max_output_tokens":2,"temperature":1,"truncation":"auto"}"#)
        #expect(written.report.dropped == ["input.reasoning"] && written.report.rewritten == [])
    }

    @Test func aRequestOfTheFormComesBackTheSame() throws {
        let request = #"""
            {"model":"up","tools":[{"type":"function","name":"f","parameters":{"a":1},"strict":true},{"type":"custom","name":"g","format":{"type":"grammar","syntax":"lark","definition":"x"}},{"type":"web_search"}],"instructions":"I","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"q\ud83d"},{"type":"input_image","image_url":"https://x"}]},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAA"},{"type":"function_call","call_id":"c1","name":"f","arguments":"{\"x\": 1}"},{"type":"custom_tool_call","call_id":"c2","name":"g","input":"free"},{"type":"function_call_output","call_id":"c1","output":"r"},{"type":"custom_tool_call_output","call_id":"c2","output":"s"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"done"},{"type":"refusal","refusal":"no"}]},{"type":"web_search_call","id":"ws_1"}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"},{"type":"custom","name":"g"}]},"parallel_tool_calls":true,"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}},"reasoning":{"effort":"low","summary":"auto"},"include":["reasoning.encrypted_content"],"store":true,"max_output_tokens":64,"service_tier":"auto","metadata":{"a":"b"},"safety_identifier":"u","prompt_cache_key":"k","stream":true}
            """#
        let written = try Support.written(try Support.conversation(request))
        #expect(written.body == request)
        #expect(written.report.isEmpty)
    }
}

extension String {
    /// What stands up to the next quote behind each `marker`; or what stands before it.
    fileprivate func components(of marker: String, keepingHead: Bool = false) -> [String] {
        var rest = self[...]
        var found: [String] = []
        while let range = rest.firstRange(of: marker) {
            if keepingHead { return [String(self[startIndex..<range.lowerBound])] }
            rest = rest[range.upperBound...]
            found.append(String(rest.prefix { $0 != "\"" }))
        }
        return found
    }
}
