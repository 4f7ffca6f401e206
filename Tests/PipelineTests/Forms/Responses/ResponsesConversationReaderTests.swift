import NIOCore
import Pipeline
import Testing
import Wire

struct ResponsesConversationReaderTests {
    private typealias Support = ResponsesSupport

    private func messages(_ input: String) throws -> [Message] {
        try Support.conversation(#"{"model":"m","input":\#(input)}"#).messages
    }

    @Test func aStringIsOneQuestion() throws {
        let conversation = try Support.conversation(#"{"model":"m\u002d1","input":"caf\u00e9","stream":true}"#)
        #expect(conversation.model == "m-1" && conversation.isStream)
        #expect(conversation.form == .openAIResponses)
        let content = JSONText(content: ByteBuffer(string: #"caf\u00e9"#))
        #expect(conversation.messages == [Message(role: .user, parts: [Part(.text(content))])])
    }

    @Test func instructionsAndLeadingSystemItemsAreInstructions() throws {
        let conversation = try Support.conversation(
            #"""
            {"model":"m","instructions":"Be brief.","input":[
             {"role":"developer","content":"A"},
             {"type":"message","role":"system","content":[{"type":"input_text","text":"B","prompt_cache_breakpoint":{"mode":"explicit","ttl":"12h"}}]},
             {"role":"user","content":"hi"},{"role":"system","content":"C"}]}
            """#)
        #expect(
            conversation.instructions == [
                Instruction(text: "Be brief."), Instruction(role: .developer, text: "A"),
                Instruction(role: .system, text: "B", cacheMark: CacheMark(timeToLive: "12h")),
            ])
        #expect(conversation.messages.map(\.role) == [.user, .system])
    }

    @Test func itemsOfATurnAreOneMessage() throws {
        let read = try messages(
            #"""
            [{"role":"user","content":[{"type":"input_text","text":"go"}]},
             {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"encrypted_content":"gAA"},
             {"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"so","annotations":[]},{"type":"refusal","refusal":"no"}]},
             {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{\"x\":1}"},
             {"type":"custom_tool_call","call_id":"c2","name":"g","input":"free"},
             {"type":"function_call_output","call_id":"c1","output":"one"},
             {"type":"custom_tool_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"}]},
             {"role":"assistant","content":"A"},{"role":"assistant","content":"B"}]
            """#)
        let arguments = JSONText(content: ByteBuffer(string: #"{\"x\":1}"#))
        let signature = Signature(origin: .openAIResponses, value: "gAA")
        let thought = Reasoning(
            text: JSONText(content: ByteBuffer(string: #"a\n\nb"#)), signature: signature, id: "rs_1")
        #expect(
            read == [
                Message(role: .user, parts: [Support.text("go")]),
                Message(
                    role: .assistant,
                    parts: [
                        Part(.reasoning(thought)), Support.text("so"), Part(.refusal("no")),
                        Support.call("c1", "f", .encoded(arguments)), Support.call("c2", "g", .text("free")),
                    ]),
                Message(
                    role: .user, parts: [Part(.toolResult(ToolResult(callID: "c1", parts: [Support.text("one")])))]),
                Message(
                    role: .user, parts: [Part(.toolResult(ToolResult(callID: "c2", parts: [Support.text("two")])))]),
                Message(role: .assistant, parts: [Support.text("A")]),
                Message(role: .assistant, parts: [Support.text("B")]),
            ])
    }

    @Test(arguments: [
        (
            "a picture's address", #"{"type":"input_image","image_url":"https://x/y.png","detail":"low"}"#,
            Part.Content.image(Media(.url("https://x/y.png"), detail: "low"))
        ),
        (
            "a picture's data", #"{"type":"input_image","image_url":"data:image\/png;base64,aa\/b"}"#,
            .image(Media(.base64("aa/b"), mediaType: "image/png"))
        ),
        ("a stored picture", #"{"type":"input_image","file_id":"f1"}"#, .image(Media(.fileID("f1")))),
        (
            "a file's data",
            #"{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}"#,
            .file(Media(.base64("JVBE"), mediaType: "application/pdf", fileName: "a.pdf"))
        ),
        ("bare data", #"{"type":"input_file","file_data":"JVBE"}"#, .file(Media(.base64("JVBE")))),
        (
            "a file's address", #"{"type":"input_file","file_url":"https://x/a.pdf"}"#,
            .file(Media(.url("https://x/a.pdf")))
        ),
        (
            "a sound", #"{"type":"input_audio","input_audio":{"data":"UklG","format":"mp3"}}"#,
            .audio(Media(.base64("UklG"), mediaType: "audio/mpeg"))
        ),
    ])
    func mediaAreRead(_ name: String, _ part: String, _ expected: Part.Content) throws {
        let read = try messages(#"[{"role":"user","content":[\#(part)]}]"#)
        #expect(read.first?.parts == [Part(expected)], "\(name)")
    }

    @Test func sealedThoughtsComeBackAsTheirVendorsOwn() throws {
        let read = try messages(
            #"""
            [{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"tr1.a.EqQB"},
             {"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"tr1.a.redacted.ZZ"},
             {"type":"function_call","call_id":"call_1_tr1g_c2ln","name":"f","arguments":""},
             {"type":"function_call_output","call_id":"call_1_tr1g_c2ln","output":"x"}]
            """#)
        let parts = read.first?.parts ?? []
        #expect(
            parts == [
                Part(
                    .reasoning(Reasoning(signature: Signature(origin: .anthropicMessages, value: "EqQB"), id: "rs_1"))),
                Part(.reasoning(Reasoning(redacted: Signature(origin: .anthropicMessages, value: "ZZ"), id: "rs_2"))),
                Part(
                    .toolCall(
                        ToolCall(
                            id: "call_1", name: "f", arguments: .encoded(.empty),
                            signature: Signature(origin: .geminiGenerate, value: "c2ln")))),
            ])
        #expect(read.last?.parts == [Part(.toolResult(ToolResult(callID: "call_1", parts: [Support.text("x")])))])
    }

    @Test func settingsAreRead() throws {
        let conversation = try Support.conversation(
            #"""
            {"model":"m","input":"x","max_output_tokens":64,"temperature":0.50,"top_p":1,"top_logprobs":2,
             "include":["reasoning.encrypted_content","message.output_text.logprobs"],"text":{"format":{"type":"json_schema",
             "name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},"reasoning":{"effort":"high","summary":"auto"},
             "service_tier":"flex","metadata":{"a":"b"},"safety_identifier":"u1","prompt_cache_key":"k","store":false,
             "parallel_tool_calls":false,"truncation":"disabled","stream_options":{"include_obfuscation":false},
             "background":false,"previous_response_id":null,"moderation":{"model":"x"}}
            """#)
        let settings = conversation.settings
        #expect(settings.maximumOutputTokens == 64)
        #expect(settings.temperature.map { String(buffer: $0.bytes) } == "0.50")
        #expect(settings.topP.map { String(buffer: $0.bytes) } == "1")
        #expect(settings.logprobs == true && settings.topLogprobs.map { String(buffer: $0.bytes) } == "2")
        guard case .schema(let schema) = settings.outputFormat else {
            Issue.record("no schema")
            return
        }
        #expect(
            schema.name == "n" && schema.isStrict == true
                && String(buffer: schema.schema.bytes) == #"{"type":"object"}"#)
        #expect(settings.verbosity == "low")
        #expect(settings.reasoning == ReasoningSettings(effort: .high, showsThoughts: true, summary: "auto"))
        #expect(settings.serviceTier == "flex" && settings.userID == "u1" && settings.promptCacheKey == "k")
        #expect(settings.store == false && conversation.allowsParallelToolCalls == false)
        #expect(settings.metadata.map { String(buffer: $0.bytes) } == #"{"a":"b"}"#)
        #expect(settings.safetySettings != nil)
        #expect(conversation.others == [])
    }

    @Test func whatHasNoPlaceIsKeptByName() throws {
        let conversation = try Support.conversation(
            #"""
            {"model":"m","input":[{"role":"assistant","phase":"commentary","content":"x"}],"truncation":"auto","max_tool_calls":3,
             "text":{"stop":"x"},"reasoning":{"effort":"low","mode":"pro"},"include":["file_search_call.results"],"x_new":{"a":1}}
            """#)
        #expect(
            conversation.others.map(\.name) == [
                "truncation", "max_tool_calls", "text.stop", "reasoning.mode", "include", "x_new", "input.phase",
            ])
    }

    @Test func toolsAndTheirChoiceAreRead() throws {
        let conversation = try Support.conversation(
            #"""
            {"model":"m","input":"x","tools":[
             {"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true,"defer_loading":true},
             {"type":"custom","name":"g","format":{"type":"grammar","syntax":"lark","definition":"start: X"}},
             {"type":"web_search"}],
             "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]}}
            """#)
        #expect(conversation.tools.map(\.name) == ["f", "g", ""])
        #expect(conversation.tools.first?.isStrict == true)
        #expect(conversation.tools.first?.others.map(\.name) == ["tools.defer_loading"])
        guard case .custom(let format) = conversation.tools[1].kind,
            case .hosted(_, "web_search") = conversation.tools[2].kind
        else {
            Issue.record("kinds")
            return
        }
        #expect(
            format.map { String(buffer: $0.bytes) }
                == #"{"type":"grammar","grammar":{"syntax":"lark","definition":"start: X"}}"#)
        #expect(conversation.toolChoice == .subset(names: ["f"], mustCall: true))
    }

    @Test(arguments: [
        ("not JSON", "{", nil as String?),
        ("no object", "[]", nil),
        ("no model", #"{"input":"x"}"#, "model"),
        ("an empty model", #"{"model":"","input":"x"}"#, "model"),
        ("a key twice", #"{"model":"m","input":"x","in\u0070ut":"y"}"#, "input"),
        ("no input", #"{"model":"m"}"#, "input"),
        ("no items", #"{"model":"m","input":[]}"#, "input"),
        ("an item that is a text", #"{"model":"m","input":["x"]}"#, "input[0]"),
        ("no role", #"{"model":"m","input":[{"content":"x"}]}"#, "input[0].role"),
        ("an unknown role", #"{"model":"m","input":[{"role":"tool","content":"x"}]}"#, "input[0].role"),
        ("no content", #"{"model":"m","input":[{"role":"user"}]}"#, "input[0].content"),
        (
            "a part without a type", #"{"model":"m","input":[{"role":"user","content":[{}]}]}"#,
            "input[0].content[0].type"
        ),
        (
            "an address that is an object",
            #"{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":{"url":"x"}}]}]}"#,
            "input[0].content[0].image_url"
        ),
        (
            "a data URL that is no base64",
            #"{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png,x"}]}]}"#,
            "input[0].content[0].image_url"
        ),
        (
            "a call without id", #"{"model":"m","input":[{"type":"function_call","name":"f","arguments":""}]}"#,
            "input[0].call_id"
        ),
        (
            "arguments that are an object",
            #"{"model":"m","input":[{"type":"function_call","call_id":"c","name":"f","arguments":{}}]}"#,
            "input[0].arguments"
        ),
        (
            "a result without output", #"{"model":"m","input":[{"type":"function_call_output","call_id":"c"}]}"#,
            "input[0].output"
        ),
        ("a reference", #"{"model":"m","input":[{"type":"item_reference","id":"x"}]}"#, "input[0]"),
        ("an earlier response", #"{"model":"m","input":"x","previous_response_id":"r"}"#, "previous_response_id"),
        ("a stored conversation", #"{"model":"m","input":"x","conversation":"c"}"#, "conversation"),
        ("background", #"{"model":"m","input":"x","background":true}"#, "background"),
        ("a template", #"{"model":"m","input":"x","prompt":{"id":"p"}}"#, "prompt"),
        ("an unknown effort", #"{"model":"m","input":"x","reasoning":{"effort":"huge"}}"#, "reasoning.effort"),
        ("no tokens", #"{"model":"m","input":"x","max_output_tokens":0}"#, "max_output_tokens"),
        (
            "a nested function", #"{"model":"m","input":"x","tools":[{"type":"function","function":{}}]}"#,
            "tools[0].function"
        ),
        ("a tool without name", #"{"model":"m","input":"x","tools":[{"type":"function"}]}"#, "tools[0].name"),
        ("an unknown choice", #"{"model":"m","input":"x","tool_choice":"any"}"#, "tool_choice"),
        ("an unknown format", #"{"model":"m","input":"x","text":{"format":{"type":"xml"}}}"#, "text.format.type"),
        (
            "a schema without name", #"{"model":"m","input":"x","text":{"format":{"type":"json_schema","schema":{}}}}"#,
            "text.format.name"
        ),
        ("a hot text", #"{"model":"m","input":"x","temperature":"hot"}"#, "temperature"),
    ])
    func whatIsWrongIsNamed(_ name: String, _ body: String, _ param: String?) {
        #expect("\(name)") {
            try Support.conversation(body)
        } throws: { error in
            guard let error = error as? ConversationError else { return false }
            return error.param == param && (param.map { error.message.contains($0.prefix { $0 != "[" }) } ?? true)
        }
    }
}
