import NIOCore
import Pipeline
import Testing
import Wire

struct ChatConversationWriterTests {
    private typealias Support = ChatSupport

    @Test func everythingIsWrittenInOrder() throws {
        var conversation = Support.question(
            .openAIResponses,
            [
                Message(
                    role: .user, name: "ann",
                    parts: [
                        Support.text("look"), Part(.image(Media(.base64("aa"), mediaType: "image/png", detail: "low"))),
                        Part(.image(Media(.url("https://x")))),
                        Part(.audio(Media(.base64("UklG"), mediaType: "audio/mpeg"))),
                        Part(.file(Media(.base64("JVBE"), mediaType: "application/pdf"))),
                        Part(.file(Media(.plainText("plain")))),
                        Part(.file(Media(.fileID("f1")))),
                    ]),
                Message(
                    role: .assistant,
                    parts: [
                        Support.text("so"), Support.call("c1", "f", .object(Support.json(#"{"b": 1}"#, .object))),
                        Support.call("c2", "g", .text("free")), Support.call("c3", "h", .encoded("")),
                    ]),
                Message(role: .user, parts: [Support.result("c1", [Support.text("one"), Support.text("two")])]),
                Message(role: .user, parts: [Support.result("c2", [])]),
                Message(role: .developer, parts: [Support.text("now")]),
            ])
        conversation.isStream = true
        conversation.instructions = [Instruction(text: "S"), Instruction(role: .developer, text: "D")]
        conversation.tools = [
            ToolDefinition(.function(parameters: .emptyObject), name: "f", description: "d", isStrict: true),
            ToolDefinition(.custom(format: Support.json(#"{"type":"text"}"#, .object)), name: "g"),
        ]
        conversation.toolChoice = .subset(names: ["f", "g"], mustCall: true)
        conversation.allowsParallelToolCalls = false
        let expected =
            #"{"model":"up","stream":true,"stream_options":{"include_usage":true},"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{},"strict":true}},{"type":"custom","custom":{"name":"g","format":{"type":"text"}}}],"#
            + #""messages":[{"role":"system","content":"S"},{"role":"developer","content":"D"},{"role":"user","name":"ann","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aa","detail":"low"}},"#
            + #"{"type":"image_url","image_url":{"url":"https://x"}},{"type":"input_audio","input_audio":{"data":"UklG","format":"mp3"}},{"type":"file","file":{"filename":"file.pdf","file_data":"data:application/pdf;base64,JVBE"}},{"type":"text","text":"plain"},{"type":"file","file":{"file_id":"f1"}}]},"#
            + #"{"role":"assistant","content":"so","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"b\": 1}"}},{"id":"c2","type":"custom","custom":{"name":"g","input":"free"}},{"id":"c3","type":"function","function":{"name":"h","arguments":"{}"}}]},"#
            + #"{"role":"tool","tool_call_id":"c1","content":"one\ntwo"},{"role":"tool","tool_call_id":"c2","content":""},{"role":"developer","content":"now"}],"#
            + #""parallel_tool_calls":false,"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"g"}}]}}}"#
        let written = try Support.written(conversation)
        #expect(written.body == expected)
        #expect(written.report.isEmpty, "\(written.report)")
    }

    /// Forms that split a turn over neighbours: calls must stand in one message, results right behind them.
    @Test func neighboursMakeOneTurn() throws {
        let written = try Support.written(
            Support.question(
                .anthropicMessages,
                [
                    Message(role: .assistant, parts: [Support.text("a"), Support.call("c1", "f", .encoded("{}"))]),
                    Message(role: .assistant, parts: [Support.call("c2", "f", .encoded("{}"))]),
                    Message(
                        role: .user,
                        parts: [
                            Support.text("first"), Support.result("c1", [Part(.image(Media(.url("u"))))]),
                        ]),
                    Message(role: .user, parts: [Support.result("c2", [Support.text("bad")], isError: true)]),
                ]))
        #expect(
            written.body
                == #"{"model":"up","messages":[{"role":"assistant","content":"a","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"f","arguments":"{}"}}]},"#
                + #"{"role":"tool","tool_call_id":"c1","content":"(see the next message)"},{"role":"tool","tool_call_id":"c2","content":"Error: bad"},"#
                + #"{"role":"user","content":[{"type":"text","text":"first"},{"type":"image_url","image_url":{"url":"u"}}]}]}"#
        )
        #expect(written.report.rewritten == ["messages", "messages.is_error"])
    }

    @Test func longIDsAreShortenedAlike() throws {
        let long = JSONText(String(repeating: "x", count: 65))
        let written = try Support.written(
            Support.question(
                .geminiGenerate,
                [
                    Message(role: .assistant, parts: [Support.call(long, "f", .object(.emptyObject))]),
                    Message(role: .user, parts: [Support.result(long, [Support.text("r")])]),
                ]))
        let ids = written.body.split(separator: "\"").filter { $0.hasPrefix("call_") }
        #expect(ids.count == 2 && Set(ids).count == 1 && ids[0].count <= 64)
    }

    @Test func aGrowingConversationKeepsItsPrefix() throws {
        var conversation = Support.question(.anthropicMessages)
        conversation.instructions = [Instruction(text: "S")]
        conversation.tools = [ToolDefinition(.function(parameters: .emptyObject), name: "f")]
        var before = try Support.written(conversation).body
        for turn in 0..<4 {
            let id = JSONText("c\(turn)")
            conversation.messages.append(
                Message(role: .assistant, parts: [Support.text("t"), Support.call(id, "f", .encoded("{}"))]))
            conversation.messages.append(Message(role: .user, parts: [Support.result(id, [Support.text("r")])]))
            let now = try Support.written(conversation).body
            #expect(now.hasPrefix(before.dropLast(2)))
            before = now
        }
    }

    @Test func settingsAreWritten() throws {
        let written = try Support.settings(.openAIResponses) {
            $0.settings.maximumOutputTokens = 9
            $0.settings.temperature = Support.json("0.70", .number)
            $0.settings.topP = .integer(1)
            $0.settings.topK = .integer(4)
            $0.settings.seed = .integer(5)
            $0.settings.frequencyPenalty = .integer(0)
            $0.settings.presencePenalty = .integer(1)
            $0.settings.logitBias = .emptyObject
            $0.settings.logprobs = true
            $0.settings.topLogprobs = .integer(2)
            $0.settings.choiceCount = 2
            $0.settings.stopSequences = ["a", "b", "c", "d", "e"]
            $0.settings.outputFormat = .schema(OutputSchema(schema: .emptyObject, isStrict: true))
            $0.settings.reasoning = ReasoningSettings(effort: .low)
            $0.settings.verbosity = "low"
            $0.settings.modalities = ["text", "audio"]
            $0.settings.serviceTier = "standard_only"
            $0.settings.metadata = .emptyObject
            $0.settings.userID = "u"
            $0.settings.promptCacheKey = "k"
            $0.settings.store = false
            $0.settings.safetySettings = .emptyObject
            $0.others = [OtherField(name: "truncation", value: .null)]
        }
        #expect(
            written.members
                == #","max_completion_tokens":9,"temperature":0.70,"top_p":1,"top_k":4,"seed":5,"frequency_penalty":0,"presence_penalty":1,"logit_bias":{},"logprobs":true,"top_logprobs":2,"n":2,"stop":["a","b","c","d"],"#
                + #""response_format":{"type":"json_schema","json_schema":{"name":"response","schema":{},"strict":true}},"reasoning_effort":"low","verbosity":"low","modalities":["text","audio"],"service_tier":"default","metadata":{},"user":"u","prompt_cache_key":"k","store":false,"moderation":{}"#
        )
        #expect(written.report.dropped == ["stop", "truncation"])
        #expect(written.report.rewritten.isEmpty)
    }

    @Test(arguments: ConversationField.allCases)
    func unknownFieldsAreLeftOutAndReported(_ field: ConversationField) throws {
        var traits = VendorTraits()
        traits.unknownFields = [field]
        var conversation = try Support.conversation(
            Support.request(
                #"{"role":"user","content":"hi"}"#,
                #""max_tokens":5,"temperature":1,"top_p":1,"top_k":3,"seed":7,"frequency_penalty":0,"presence_penalty":-1,"logit_bias":{},"logprobs":true,"top_logprobs":2,"n":3,"stop":"a","response_format":{"type":"json_object"},"#
                    + #""reasoning_effort":"low","verbosity":"low","modalities":["audio"],"audio":{},"service_tier":"flex","metadata":{},"user":"u","prompt_cache_key":"k","store":true,"moderation":{},"#
                    + #""parallel_tool_calls":true,"tool_choice":"required","tools":[{"type":"function","function":{"name":"f"}}]"#
            ))
        conversation.form = .openAIChat
        let all = try Support.written(conversation)
        #expect(all.report.isEmpty, "\(all.report)")
        let written = try Support.written(conversation, traits)
        switch field {
        case .tools, .instructions, .messages, .cacheMarks, .participantName: #expect(written.body == all.body)
        case .maximumOutputTokens, .toolChoice, .parallelToolCalls, .temperature, .topP, .topK, .seed,
            .frequencyPenalty,
            .presencePenalty, .logitBias, .logprobs, .topLogprobs, .choiceCount, .stopSequences, .outputFormat,
            .reasoning,
            .verbosity, .modalities, .audio, .serviceTier, .metadata, .userID, .promptCacheKey, .store, .safetySettings:
            let name = field.name(in: .openAIChat)
            #expect(written.report.dropped == [name])
            #expect(all.body.contains("\"\(name)\":") && !written.body.contains("\"\(name)\":"))
        }
    }

    // MARK: Thoughts

    private static let thinking = [
        Message(
            role: .assistant,
            parts: [
                Part(.reasoning(Reasoning(text: "own"))), Support.text("a"), Support.call("c", "f", .encoded("{}")),
            ]),
        Message(role: .user, parts: [Support.result("c", [Support.text("r")])]),
        Message(
            role: .assistant,
            parts: [
                Part(
                    .reasoning(Reasoning(text: "foreign", signature: Signature(origin: .anthropicMessages, value: "s")))
                ),
                Support.text("b"),
            ]),
    ]

    @Test func thoughtsStayAwayFromVendorsThatDoNotTakeThem() throws {
        let written = try Support.written(Support.question(.anthropicMessages, Self.thinking))
        #expect(!written.body.contains("own") && !written.body.contains("foreign"))
        #expect(written.report.dropped == ["messages.thinking"])
    }

    @Test func ownThoughtsGoBack() throws {
        var traits = VendorTraits()
        traits.takesReasoningBack = true
        let written = try Support.written(Support.question(.anthropicMessages, Self.thinking), traits)
        #expect(written.body.contains(#"{"role":"assistant","reasoning_content":"own","content":"a","tool_calls""#))
        // The answer to what the tools gave back is of the same turn: without thoughts it would be refused too.
        #expect(written.body.contains(#"{"role":"assistant","reasoning_content":"foreign","content":"b"}"#))
        #expect(written.report.isEmpty && !written.body.contains("disabled"))
        let next = [Message(role: .user, parts: [Support.text("q")]), Self.thinking[2]]
        let asked = try Support.written(Support.question(.anthropicMessages, Self.thinking + next), traits)
        #expect(asked.body.hasSuffix(#"{"role":"user","content":"q"},{"role":"assistant","content":"b"}]}"#))
        #expect(asked.report.dropped == ["messages.thinking"])
    }

    /// A turn with calls and no thoughts would be refused.
    @Test func foreignThoughtsStandInWhereThereAreCalls() throws {
        var traits = VendorTraits()
        traits.takesReasoningBack = true
        var messages = Self.thinking
        messages[2].parts.append(Support.call("d", "f", .encoded("{}")))
        let written = try Support.written(Support.question(.anthropicMessages, messages), traits)
        #expect(written.body.contains(#""reasoning_content":"foreign""#))
        #expect(written.report.isEmpty)
    }

    // MARK: What cannot be carried

    @Test(arguments: [
        ("an image's id", Part.Content.image(Media(.fileID("f")))), ("a sound's address", .audio(Media(.url("u")))),
        ("another sound", .audio(Media(.base64("aa"), mediaType: "audio/flac"))),
        ("a file's address", .file(Media(.url("u")))),
        ("a foreign file", .file(Media(.fileID("f")))),
    ])
    func impossibleQuestionsAreRefused(_ name: String, _ content: Part.Content) {
        let conversation = Support.question(.geminiGenerate, [Message(role: .user, parts: [Part(content)])])
        let error = #expect(throws: ConversationError.self) { try Support.written(conversation) }
        #expect(error?.param == "contents", "\(name)")
    }

    @Test func whatOnlyOthersKnowIsReported() throws {
        var conversation = Support.question(
            .openAIResponses,
            [
                Message(role: .user, parts: [Support.text("hi"), Part(.other(.emptyObject, kind: "compaction"))]),
                Message(
                    role: .assistant,
                    parts: [
                        Part(.text("a"), citations: Support.json("[{}]", .array)), Part(.image(Media(.base64("aa")))),
                    ]),
            ])
        conversation.tools = [ToolDefinition(.hosted(.emptyObject, type: "web_search"), name: .empty)]
        conversation.toolChoice = .required
        let written = try Support.written(conversation)
        #expect(
            written.body
                == #"{"model":"up","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"a"}]}"#)
        #expect(
            written.report.dropped
                == ["tools.web_search", "input.compaction", "input.annotations", "input.image", "tool_choice"])
    }

    @Test func roundTripsKeepEverything() throws {
        let request = Support.request(
            #"{"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aa","detail":"low"}}]},{"role":"assistant","content":"b","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"r"}"#,
            #""temperature":0.5,"stop":["a"],"n":2,"tools":[{"type":"function","function":{"name":"f","parameters":{"a":1},"strict":false}}],"tool_choice":"auto","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}}"#
        )
        let first = try Support.conversation(request)
        let written = try Support.written(first, model: "m")
        #expect(written.report.isEmpty)
        let second = try Support.conversation(written.body)
        #expect(second.messages == first.messages && second.settings == first.settings && second.tools == first.tools)
        #expect(second.instructions == first.instructions && second.toolChoice == first.toolChoice)
        #expect(try Support.written(second, model: "m").body == written.body)
    }
}
