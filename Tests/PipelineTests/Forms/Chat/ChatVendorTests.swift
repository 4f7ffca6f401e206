import NIOCore
import Testing
import Wire

@testable import Pipeline

/// What each vendor of the form is sent.
struct ChatVendorTests {
    private typealias Support = ChatSupport

    static let vendors: [(name: String, traits: VendorTraits)] = [
        ("OpenAI", .openAI), ("Azure", .azureOpenAI), ("DeepSeek", .deepSeek), ("Qwen", .qwen), ("Doubao", .doubao),
        ("compatible", .openAICompatible),
    ]

    private static func traits(_ vendor: String) throws -> VendorTraits {
        try #require(vendors.first { $0.name == vendor }).traits
    }

    @Test(arguments: [
        ("OpenAI", "m", ReasoningSettings(effort: .max), #","reasoning_effort":"max""#, false),
        ("OpenAI", "m", ReasoningSettings(effort: ReasoningEffort.none), #","reasoning_effort":"none""#, false),
        ("OpenAI", "m", ReasoningSettings(budgetTokens: 1_024), #","reasoning_effort":"low""#, true),
        ("OpenAI", "m", ReasoningSettings(budgetTokens: 10_000), #","reasoning_effort":"medium""#, true),
        ("OpenAI", "m", ReasoningSettings(budgetTokens: 31_999), #","reasoning_effort":"high""#, true),
        ("OpenAI", "m", ReasoningSettings(isAdaptive: true), "", false),
        ("DeepSeek", "m", ReasoningSettings(effort: ReasoningEffort.none), #","thinking":{"type":"disabled"}"#, false),
        ("DeepSeek", "m", ReasoningSettings(budgetTokens: 0), #","thinking":{"type":"disabled"}"#, false),
        (
            "DeepSeek", "m", ReasoningSettings(effort: .minimal),
            #","thinking":{"type":"enabled"},"reasoning_effort":"low""#, true
        ),
        (
            "DeepSeek", "m", ReasoningSettings(effort: .medium),
            #","thinking":{"type":"enabled"},"reasoning_effort":"high""#, true
        ),
        (
            "DeepSeek", "m", ReasoningSettings(effort: .high),
            #","thinking":{"type":"enabled"},"reasoning_effort":"high""#, false
        ),
        (
            "DeepSeek", "m", ReasoningSettings(effort: .xhigh),
            #","thinking":{"type":"enabled"},"reasoning_effort":"high""#, true
        ),
        (
            "DeepSeek", "m", ReasoningSettings(effort: .max),
            #","thinking":{"type":"enabled"},"reasoning_effort":"max""#, false
        ),
        ("DeepSeek", "m", ReasoningSettings(isAdaptive: true), #","thinking":{"type":"enabled"}"#, false),
        ("Qwen", "qwen3-max", ReasoningSettings(effort: ReasoningEffort.none), #","enable_thinking":false"#, false),
        (
            "Qwen", "qwen3-max", ReasoningSettings(effort: .medium), #","enable_thinking":true,"thinking_budget":4096"#,
            true
        ),
        ("Qwen", "qwen3-max", ReasoningSettings(effort: .max), #","enable_thinking":true"#, true),
        (
            "Qwen", "qwen3-max", ReasoningSettings(budgetTokens: 77), #","enable_thinking":true,"thinking_budget":77"#,
            false
        ),
        ("Qwen", "Qwen4-max", ReasoningSettings(effort: .xhigh), #","reasoning_effort":"xhigh""#, false),
        ("Doubao", "m", ReasoningSettings(effort: ReasoningEffort.none), #","thinking":{"type":"disabled"}"#, false),
        (
            "Doubao", "m", ReasoningSettings(effort: .minimal),
            #","thinking":{"type":"enabled"},"reasoning_effort":"minimal""#, false
        ),
        (
            "Doubao", "m", ReasoningSettings(effort: .max),
            #","thinking":{"type":"enabled"},"reasoning_effort":"high""#, true
        ),
        ("Doubao", "m", ReasoningSettings(isAdaptive: true), #","thinking":{"type":"auto"}"#, false),
    ])
    func thinkingIsAskedForInTheVendorsWords(
        _ vendor: String, _ model: String, _ reasoning: ReasoningSettings, _ members: String, _ isRewritten: Bool
    ) throws {
        let written = try Support.settings(model: model, try Self.traits(vendor)) { $0.settings.reasoning = reasoning }
        #expect(written.members == members)
        #expect(written.report.rewritten == (isRewritten ? ["generationConfig.thinkingConfig"] : []))
        #expect(written.report.dropped.isEmpty)
    }

    @Test(arguments: ["OpenAI", "Azure", "DeepSeek", "Qwen", "Doubao", "compatible"])
    func limitsAndRolesAreTheVendorsOwn(_ vendor: String) throws {
        let traits = try Self.traits(vendor)
        var conversation = Support.question(.openAIResponses)
        conversation.instructions = [Instruction(role: .developer, text: "D")]
        conversation.settings.maximumOutputTokens = 5
        conversation.isStream = true
        let written = try Support.written(conversation, traits)
        let isNew = ["OpenAI", "Azure", "Doubao"].contains(vendor)
        let role = ["OpenAI", "Azure"].contains(vendor) ? "developer" : "system"
        #expect(
            written.body
                == #"{"model":"up","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"\#(role)","content":"D"},{"role":"user","content":"hi"}],"\#(isNew ? "max_completion_tokens" : "max_tokens")":5}"#
        )
        #expect(written.report.isEmpty)
    }

    @Test func aSchemaThatIsNotTakenIsTold() throws {
        var conversation = Support.question(.openAIResponses)
        conversation.settings.outputFormat = .schema(OutputSchema(schema: Support.json(#"{"type":"object"}"#, .object)))
        let written = try Support.written(conversation, .deepSeek)
        #expect(
            written.body
                == #"{"model":"up","messages":[{"role":"system","content":"Answer with one JSON object and nothing else. It must follow this JSON Schema: {\"type\":\"object\"}"},{"role":"user","content":"hi"}],"response_format":{"type":"json_object"}}"#
        )
        #expect(written.report.rewritten == ["text.format"] && written.report.dropped.isEmpty)
    }

    @Test func plainJSONIsAskedForInWordsWhereTheClientsFormNeedsNone() throws {
        var conversation = Support.question(.geminiGenerate)
        conversation.settings.outputFormat = .json
        #expect(try Support.written(conversation, .openAI).body.contains("Answer with one JSON object"))
        conversation.form = .openAIResponses
        #expect(try !Support.written(conversation, .openAI).body.contains("Answer with"))
    }

    @Test(arguments: ["DeepSeek", "Qwen", "Doubao", "compatible"])
    func customToolsAndSubsetsAreWrittenAsFunctions(_ vendor: String) throws {
        var conversation = Support.question(
            .openAIResponses,
            [Message(role: .assistant, parts: [Support.call("c", "g", .text(Support.escaped(#"a\"b"#)))])])
        conversation.tools = [
            ToolDefinition(.function(parameters: nil), name: "f"), ToolDefinition(.custom(format: nil), name: "g"),
        ]
        conversation.toolChoice = .subset(names: ["g"], mustCall: true)
        let written = try Support.written(conversation, try Self.traits(vendor))
        // DeepSeek refuses a call without thoughts when it is to think.
        let thinking = vendor == "DeepSeek" ? #","thinking":{"type":"disabled"}"# : ""
        #expect(
            written.body
                == #"{"model":"up","tools":[{"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}}}],"#
                + #""messages":[{"role":"assistant","#
                + #""content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"g","arguments":"{\"input\":\"a\\\"b\"}"}}]}],"tool_choice":"required""#
                + thinking + "}")
        let more = vendor == "DeepSeek" ? ["reasoning"] : []
        #expect(written.report.rewritten == ["tools", "tool_choice"] + more)
    }

    @Test(arguments: ["Qwen", "compatible"])
    func oneSystemMessageStandsFirst(_ vendor: String) throws {
        var conversation = Support.question(
            .anthropicMessages,
            [Message(role: .user, parts: [Support.text("hi")]), Message(role: .system, parts: [Support.text("now")])])
        conversation.instructions = [Instruction(text: "A"), Instruction(text: "B")]
        let written = try Support.written(conversation, try Self.traits(vendor))
        #expect(
            written.body
                == #"{"model":"up","messages":[{"role":"system","content":"A\n\nB"},{"role":"user","content":"hi"},{"role":"user","content":"now"}]}"#
        )
        #expect(written.report.rewritten == ["system", "messages"])
    }

    @Test func marksGoToVendorsThatTakeThem() throws {
        let mark = CacheMark()
        var conversation = Support.question(
            .anthropicMessages,
            [
                Message(role: .user, parts: [Support.text("1", mark: mark)]),
                Message(role: .assistant, parts: [Support.text("a")]),
                Message(
                    role: .user,
                    parts: [Support.text("2", mark: mark), Support.text("3", mark: CacheMark(timeToLive: "1h"))]),
                Message(role: .assistant, parts: [Support.text("b")]),
                Message(role: .user, parts: [Support.text("4", mark: mark)]),
            ])
        conversation.instructions = [Instruction(text: "A"), Instruction(text: "B", cacheMark: mark)]
        let marked = #","cache_control":{"type":"ephemeral"}}"#
        let written = try Support.written(conversation, .qwen)
        #expect(
            written.body
                == #"{"model":"up","messages":[{"role":"system","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]},{"role":"user","content":[{"type":"text","text":"1"\#(marked)]},{"role":"assistant","content":"a"},"#
                + #"{"role":"user","content":[{"type":"text","text":"2"\#(marked),{"type":"text","text":"3"\#(marked)]},{"role":"assistant","content":"b"},{"role":"user","content":[{"type":"text","text":"4"\#(marked)]}]}"#
        )
        #expect(written.report.dropped == ["cache_control"] && written.report.rewritten == ["cache_control", "system"])
        #expect(try Support.written(conversation, .openAI).report.dropped == ["cache_control"])
    }

    @Test(arguments: [
        ("DeepSeek", Part.Content.image(Media(.url("u")))), ("DeepSeek", .audio(Media(.base64("aa")))),
        ("DeepSeek", .file(Media(.base64("aa")))), ("Qwen", .file(Media(.base64("aa")))),
        ("Doubao", .audio(Media(.base64("aa")))), ("Doubao", .file(Media(.base64("aa")))),
    ])
    func mediaThatAVendorDoesNotTakeAreRefused(_ vendor: String, _ content: Part.Content) throws {
        let traits = try Self.traits(vendor)
        let conversation = Support.question(.anthropicMessages, [Message(role: .user, parts: [Part(content)])])
        #expect(throws: ConversationError.self) { try Support.written(conversation, traits) }
        let result = Support.question(
            .anthropicMessages, [Message(role: .user, parts: [Support.result("c", [Part(content)])])])
        #expect(throws: ConversationError.self) { try Support.written(result, traits) }
    }

    @Test(arguments: ["OpenAI", "Azure", "DeepSeek", "Qwen", "Doubao", "compatible"])
    func whatAVendorDoesNotKnowIsReported(_ vendor: String) throws {
        let traits = try Self.traits(vendor)
        let conversation = try Support.conversation(
            Support.request(
                #"{"role":"user","content":"hi"}"#,
                #""top_k":3,"seed":7,"frequency_penalty":0,"logit_bias":{},"n":3,"verbosity":"low","modalities":["audio"],"audio":{},"service_tier":"flex","metadata":{},"user":"u","prompt_cache_key":"k","store":true,"moderation":{}"#
            ))
        let written = try Support.written(conversation, traits)
        #expect(Set(written.report.dropped) == Set(traits.unknownFields.map { $0.name(in: .openAIChat) }))
        for name in written.report.dropped { #expect(!written.body.contains("\"\(name)\":")) }
    }
}
