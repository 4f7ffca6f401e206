import NIOCore
import Pipeline
import Testing
import Wire

struct GeminiConversationReaderTests {
    @Test func readsEverythingInBothSpellings() throws {
        let camel = #"""
            {"contents":[{"role":"user","parts":[{"text":"Hi"},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]}],
            "systemInstruction":{"role":"user","parts":[{"text":"Be brief."}]},
            "tools":[{"functionDeclarations":[{"name":"f","description":"d","parametersJsonSchema":{"type":"object"}}]}],
            "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},
            "safetySettings":[],"serviceTier":"flex","store":false,"labels":{"a":"b"},
            "generationConfig":{"maxOutputTokens":64,"temperature":0.5,"topP":0.9,"topK":4.0,"seed":7,"candidateCount":2,
            "frequencyPenalty":0.1,"presencePenalty":0.2,"responseLogprobs":true,"logprobs":3,"stopSequences":["x"],
            "responseMimeType":"application/json","responseJsonSchema":{"type":"object"},"responseModalities":["TEXT"],
            "thinkingConfig":{"includeThoughts":true,"thinkingLevel":"LOW"},"speechConfig":{"languageCode":"de"},
            "mediaResolution":"MEDIA_RESOLUTION_LOW"}}
            """#
        let snake = [
            ("inlineData", "inline_data"), ("mimeType", "mime_type"), ("systemInstruction", "system_instruction"),
            ("functionDeclarations", "function_declarations"), ("parametersJsonSchema", "parameters_json_schema"),
            ("toolConfig", "tool_config"), ("functionCallingConfig", "function_calling_config"),
            ("allowedFunctionNames", "allowed_function_names"), ("safetySettings", "safety_settings"),
            ("serviceTier", "service_tier"), ("generationConfig", "generation_config"),
            ("maxOutputTokens", "max_output_tokens"), ("topP", "top_p"), ("topK", "top_k"),
            ("candidateCount", "candidate_count"), ("frequencyPenalty", "frequency_penalty"),
            ("presencePenalty", "presence_penalty"), ("responseLogprobs", "response_logprobs"),
            ("stopSequences", "stop_sequences"), ("responseMimeType", "response_mime_type"),
            ("responseJsonSchema", "response_json_schema"), ("responseModalities", "response_modalities"),
            ("thinkingConfig", "thinking_config"), ("includeThoughts", "include_thoughts"),
            ("thinkingLevel", "thinking_level"), ("speechConfig", "speech_config"),
            ("mediaResolution", "media_resolution"),
        ].reduce(camel) { $0.replacing("\"\($1.0)\"", with: "\"\($1.1)\"") }
        for body in [camel, snake] {
            let read = try GeminiSupport.conversation(body)
            #expect(read.form == .geminiGenerate)
            #expect(read.model == "asked")
            #expect(read.instructions == [Instruction(text: "Be brief.")])
            let image = Part(.image(Media(.base64("iVBORw0KGgo="), mediaType: "image/png")))
            #expect(read.messages == [Message(role: .user, parts: [Part(.text("Hi")), image])])
            let schema = GeminiSupport.object(#"{"type":"object"}"#)
            #expect(read.tools == [ToolDefinition(.function(parameters: schema), name: "f", description: "d")])
            #expect(read.toolChoice == .tool(name: "f"))
            var settings = GenerationSettings()
            settings.maximumOutputTokens = 64
            settings.temperature = JSONFragment(trusted: ByteBuffer(string: "0.5"), kind: .number)
            settings.topP = JSONFragment(trusted: ByteBuffer(string: "0.9"), kind: .number)
            settings.topK = .integer(4)
            settings.seed = .integer(7)
            settings.frequencyPenalty = JSONFragment(trusted: ByteBuffer(string: "0.1"), kind: .number)
            settings.presencePenalty = JSONFragment(trusted: ByteBuffer(string: "0.2"), kind: .number)
            settings.logprobs = true
            settings.topLogprobs = .integer(3)
            settings.choiceCount = 2
            settings.stopSequences = ["x"]
            settings.outputFormat = .schema(OutputSchema(schema: schema))
            settings.modalities = ["text"]
            settings.reasoning = ReasoningSettings(effort: .low, showsThoughts: true)
            settings.serviceTier = "flex"
            settings.store = false
            settings.metadata = GeminiSupport.object(#"{"a":"b"}"#)
            settings.safetySettings = JSONFragment(trusted: ByteBuffer(string: "[]"), kind: .array)
            settings.audio = read.settings.audio
            #expect(settings.audio != nil)
            #expect(read.settings == settings)
            #expect(read.others.map(\.name) == ["generationConfig.mediaResolution"])
        }
    }

    @Test func givesResultsTheIDsOfTheirCalls() throws {
        let read = try GeminiSupport.conversation(
            #"""
            {"contents":[{"role":"user","parts":[{"text":"q"}]},
            {"role":"model","parts":[{"functionCall":{"name":"a","args":{"x":1}},"thoughtSignature":"c2ln"},
            {"functionCall":{"name":"b","id":"own"}},{"functionCall":{"name":"a","args":{}}}]},
            {"role":"user","parts":[{"functionResponse":{"name":"a","response":{"result":1}}},
            {"functionResponse":{"name":"a","response":{"error":"no"}}},
            {"functionResponse":{"name":"b","id":"own","response":{"output":"t"},
            "parts":[{"inlineData":{"mimeType":"image/jpeg","data":"_9j-"}}]}}]}]}
            """#)
        let signature = Signature(origin: .geminiGenerate, value: "c2ln")
        #expect(
            read.messages[1].parts == [
                Part(
                    .toolCall(
                        ToolCall(
                            id: "call_0", name: "a", arguments: .object(GeminiSupport.object(#"{"x":1}"#)),
                            signature: signature))),
                Part(.toolCall(ToolCall(id: "own", name: "b", arguments: .object(.emptyObject)))),
                Part(.toolCall(ToolCall(id: "call_2", name: "a", arguments: .object(.emptyObject)))),
            ])
        let image = Part(.image(Media(.base64("/9j+"), mediaType: "image/jpeg")))
        #expect(
            read.messages[2].parts == [
                Part(
                    .toolResult(
                        ToolResult(
                            callID: "call_0", name: "a", parts: [], object: GeminiSupport.object(#"{"result":1}"#)))),
                Part(.toolResult(ToolResult(callID: "call_2", name: "a", parts: [Part(.text("no"))], isError: true))),
                Part(.toolResult(ToolResult(callID: "own", name: "b", parts: [Part(.text("t")), image]))),
            ])
    }

    /// The package keeps every chunk of a stream as a content of its own.
    @Test func joinsATurnThatCameInPieces() throws {
        let foreign = Signature(origin: .anthropicMessages, value: "Eq+/=")
        let pieces = [
            #"{"text":"","thoughtSignature":"dHIxLmMu"}"#, #"{"text":"a","thought":true}"#,
            #"{"text":"b","thought":true}"#,
            #"{"text":"c","thought":true}"#, #"{"text":"","thought":true,"thoughtSignature":"dHIxLmEuRXErLz0="}"#,
            #"{"text":"d","thought":true}"#, #"{"text":"e"}"#, #"{"text":"f"},{"text":"\u0067"}"#,
            #"{"functionCall":{"name":"x","id":"c"}}"#, #"{"text":"","thoughtSignature":"dHIxLmMu"}"#,
        ]
        let contents = pieces.map { #"{"parts":[\#($0)],"role":"model"}"# }.joined(separator: ",")
        let read = try GeminiSupport.conversation(
            #"{"contents":[{"parts":[{"text":"q"},{"text":"r"}],"role":"user"},\#(contents),{"parts":[{"text":"s"}]}]}"#
        )
        #expect(
            read.messages == [
                Message(role: .user, parts: [Part(.text("q")), Part(.text("r"))]),
                Message(
                    role: .assistant,
                    parts: [
                        Part(.reasoning(Reasoning(text: "abc", signature: foreign))),
                        Part(.reasoning(Reasoning(text: "d"))),
                        Part(.text(JSONText(content: ByteBuffer(string: #"ef\u0067"#)))),
                        Part(.toolCall(ToolCall(id: "c", name: "x", arguments: .object(.emptyObject)))),
                    ]),
                Message(role: .user, parts: [Part(.text("s"))]),
            ])
    }

    @Test func opensSealedThoughts() throws {
        let foreign = Signature(origin: .anthropicMessages, value: "Eq+/=")
        let sealed = foreign.sealed(for: .geminiGenerate).string
        // What a client makes of it: the alphabet for URLs.
        let sent = sealed.replacing("+", with: "-").replacing("/", with: "_")
        let read = try GeminiSupport.conversation(
            #"{"contents":[{"role":"model","parts":[{"text":"T","thought":true,"thoughtSignature":"\#(sent)"},{"text":"A","thoughtSignature":"own_"}]}]}"#
        )
        #expect(
            read.messages[0].parts == [
                Part(.reasoning(Reasoning(text: "T", signature: foreign))), Part(.text("A")),
                Part(.reasoning(Reasoning(signature: Signature(origin: .geminiGenerate, value: "own_")))),
            ])
    }

    @Test(
        arguments: [
            ("image/png", "https://x.org/a", "image"), ("audio/wav", "https://x.org/a", "audio"),
            ("application/pdf", "https://x.org/a", "file"), ("video/mp4", "gs://b/o", "file id"),
            ("image/png", "https://generativelanguage.googleapis.com/v1beta/files/a", "image id"),
        ])
    func tellsMediaApart(type: String, address: String, kind: String) throws {
        let read = try GeminiSupport.conversation(
            #"{"contents":[{"parts":[{"fileData":{"mimeType":"\#(type)","fileUri":"\#(address)"}}]}]}"#)
        let source: Media.Source = kind.hasSuffix(" id") ? .fileID(JSONText(address)) : .url(JSONText(address))
        let media = Media(source, mediaType: JSONText(type))
        let expected: Part.Content =
            kind.hasPrefix("image") ? .image(media) : kind == "audio" ? .audio(media) : .file(media)
        #expect(read.messages == [Message(role: .user, parts: [Part(expected)])])
    }

    @Test(
        arguments: [
            (
                #"{"type":"OBJECT","properties":{"b":{"type":"STRING","nullable":true},"a":{"type":"INTEGER","format":"int32"}},"required":["a"],"propertyOrdering":["a","b"]}"#,
                #"{"type":"object","properties":{"a":{"type":"integer","format":"int32"},"b":{"type":["string","null"]}},"required":["a"]}"#
            ),
            (
                #"{"type":"ARRAY","items":{"type":"STRING","format":"enum","enum":["x"]},"min_items":"1","maxItems":3}"#,
                #"{"type":"array","items":{"type":"string","enum":["x"]},"minItems":1,"maxItems":3}"#
            ),
            (
                ##"{"any_of":[{"type":"NUMBER"},{"ref":"#/$defs/t"}],"nullable":true,"defs":{"t":{"type":"TYPE_UNSPECIFIED","example":1}}}"##,
                ##"{"anyOf":[{"type":"number"},{"$ref":"#/$defs/t"},{"type":"null"}],"$defs":{"t":{"examples":[1]}}}"##
            ),
            (
                #"{"type":"object","properties":{"property_ordering":{"type":"string"}},"additionalProperties":false}"#,
                #"{"type":"object","properties":{"property_ordering":{"type":"string"}},"additionalProperties":false}"#
            ),
        ] as [(String, String)])
    func bringsSchemasToJSONSchema(own: String, schema: String) throws {
        let tool = try GeminiSupport.conversation(
            #"{"contents":[{"parts":[{"text":"q"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":\#(own)}]}]}"#
        )
        #expect(tool.tools.first?.kind == .function(parameters: GeminiSupport.object(schema)))
        let format = try GeminiSupport.conversation(
            #"{"contents":[{"parts":[{"text":"q"}]}],"generationConfig":{"responseMimeType":"application/json","responseSchema":\#(own)}}"#
        )
        #expect(format.settings.outputFormat == .schema(OutputSchema(schema: GeminiSupport.object(schema))))
    }

    @Test(
        arguments: [
            (#"{"mode":"AUTO"}"#, ToolChoice.auto), (#"{"mode":"NONE"}"#, ToolChoice.none),
            (#"{"mode":"any"}"#, .required), (#"{"mode":"ANY","allowedFunctionNames":["f"]}"#, .tool(name: "f")),
            (#"{"mode":"ANY","allowedFunctionNames":["f","g"]}"#, .subset(names: ["f", "g"], mustCall: true)),
            (#"{"mode":"VALIDATED","allowedFunctionNames":["f"]}"#, .subset(names: ["f"], mustCall: false)),
            (#"{"mode":"VALIDATED"}"#, .auto),
        ] as [(String, ToolChoice)])
    func readsToolChoices(config: String, choice: ToolChoice) throws {
        let read = try GeminiSupport.conversation(
            #"{"contents":[{"parts":[{"text":"q"}]}],"toolConfig":{"functionCallingConfig":\#(config)}}"#)
        #expect(read.toolChoice == choice)
    }

    @Test(
        arguments: [
            (#"{"thinkingBudget":0}"#, ReasoningSettings(budgetTokens: 0)),
            (#"{"thinkingBudget":-1}"#, ReasoningSettings(isAdaptive: true)),
            (
                #"{"thinking_budget":512,"include_thoughts":false}"#,
                ReasoningSettings(budgetTokens: 512, showsThoughts: false)
            ),
            (#"{"thinkingLevel":"xhigh"}"#, ReasoningSettings(effort: .xhigh)),
            (#"{"thinkingLevel":"THINKING_LEVEL_UNSPECIFIED"}"#, ReasoningSettings()),
        ] as [(String, ReasoningSettings)])
    func readsThinking(config: String, reasoning: ReasoningSettings) throws {
        let read = try GeminiSupport.conversation(
            #"{"contents":[{"parts":[{"text":"q"}]}],"generationConfig":{"thinkingConfig":\#(config)}}"#)
        #expect(read.settings.reasoning == reasoning)
    }

    /// As package google-genai 3.4.0 sends it: bytes in the alphabet for URLs, both spellings, a schema of its own.
    @Test func readsWhatThePackageSends() throws {
        let read = try GeminiSupport.conversation(
            #"""
            {"contents":[{"parts":[{"inlineData":{"data":"__79--8=","mime_type":"image/png"}},{"fileData":{"file_uri":"https://x/a.png","mime_type":"image/png"}},{"text":"q"}],"role":"user"}],
            "systemInstruction":{"parts":[{"text":"s"}],"role":"user"},
            "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],
            "tools":[{"functionDeclarations":[{"description":"Weather.","name":"weather",
            "parameters_json_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"response_json_schema":{"type":"string"}}]}],
            "toolConfig":{"functionCallingConfig":{"allowedFunctionNames":["weather"],"mode":"ANY"}},"serviceTier":"flex",
            "generationConfig":{"topK":4.0,"maxOutputTokens":9,"responseMimeType":"application/json",
            "responseSchema":{"properties":{"name":{"title":"Name","type":"STRING"},"pop":{"nullable":true,"title":"Pop","type":"INTEGER"}},"property_ordering":["name","pop"],"required":["name","pop"],"title":"City","type":"OBJECT"},
            "thinkingConfig":{"include_thoughts":true,"thinking_level":"LOW"}}}
            """#)
        let image = Media(.base64("//79++8="), mediaType: "image/png")
        let linked = Media(.url("https://x/a.png"), mediaType: "image/png")
        #expect(
            read.messages == [
                Message(role: .user, parts: [Part(.image(image)), Part(.image(linked)), Part(.text("q"))])
            ])
        #expect(read.instructions == [Instruction(text: "s")])
        #expect(read.toolChoice == .tool(name: "weather"))
        #expect(read.settings.topK == .integer(4) && read.settings.maximumOutputTokens == 9)
        #expect(read.settings.reasoning == ReasoningSettings(effort: .low, showsThoughts: true))
        #expect(read.settings.serviceTier == "flex" && read.settings.safetySettings != nil)
        let schema = GeminiSupport.object(
            #"{"properties":{"name":{"title":"Name","type":"string"},"pop":{"title":"Pop","type":["integer","null"]}},"required":["name","pop"],"title":"City","type":"object"}"#
        )
        #expect(read.settings.outputFormat == .schema(OutputSchema(schema: schema)))
        #expect(read.others.isEmpty && read.tools.map(\.name) == ["weather"])
        #expect(read.tools[0].others.isEmpty)
        #expect(read.tools[0].resultSchema == GeminiSupport.object(#"{"type":"string"}"#))
    }

    @Test func keepsWhatHasNoPlaceByName() throws {
        let read = try GeminiSupport.conversation(
            #"""
            {"contents":[{"parts":[{"fileData":{"fileUri":"https://y/v.mp4"},"video_metadata":{"fps":1}},
            {"executableCode":{"language":"PYTHON","code":"1"}}]}],
            "tools":[{"google_search":{}},{"functionDeclarations":[{"name":"f","behavior":"BLOCKING","newer":1,"response":{"type":"OBJECT"}}]}],
            "tool_config":{"retrieval_config":{}},"generationConfig":{"responseMimeType":"text/x.enum","responseSchema":{"enum":["a"]}},
            "newest":1}
            """#)
        #expect(
            read.others.map(\.name) == [
                "toolConfig.retrievalConfig", "contents.parts.videoMetadata", "generationConfig.responseMimeType",
                "generationConfig.responseSchema", "newest",
            ])
        #expect(read.tools[0].kind == .hosted(.emptyObject, type: "googleSearch"))
        #expect(read.tools[1].others.map(\.name) == ["tools.functionDeclarations.newer"])
        #expect(read.tools[1].resultSchema == GeminiSupport.object(#"{"type":"object"}"#))
        guard case .other(_, "executableCode") = read.messages[0].parts[1].content else {
            Issue.record("a hosted tool's part is kept as it came")
            return
        }
        #expect(read.settings.outputFormat == nil)
    }

    @Test func readsACountsInnerRequest() throws {
        let read = try GeminiSupport.conversation(
            #"{"generateContentRequest":{"model":"models/m","contents":[{"parts":[{"text":"q"}]}]}}"#)
        #expect(read.messages == [Message(role: .user, parts: [Part(.text("q"))])])
        #expect(read.others.isEmpty)
    }

    @Test(
        arguments: [
            ("[]", nil), ("{", nil), ("{}", "contents"), (#"{"contents":[]}"#, "contents"),
            (#"{"contents":"x"}"#, "contents"), (#"{"contents":[1]}"#, "contents[0]"),
            (#"{"contents":[{"role":"assistant","parts":[{"text":"a"}]}]}"#, "contents[0].role"),
            (#"{"contents":[{"parts":[]}]}"#, "contents[0].parts"),
            (#"{"contents":[{"parts":[{}]}]}"#, "contents[0].parts[0]"),
            (#"{"contents":[{"parts":[7]}]}"#, "contents[0].parts[0]"),
            (#"{"contents":[{"parts":[{"text":7}]}]}"#, "contents[0].parts[0].text"),
            (#"{"contents":[{"parts":[{"text":"a"},{"functionCall":{}}]}]}"#, "contents[0].parts[1].functionCall.name"),
            (
                #"{"contents":[{"parts":[{"functionCall":{"name":"f","args":"{}"}}]}]}"#,
                "contents[0].parts[0].functionCall.args"
            ),
            (
                #"{"contents":[{"parts":[{"functionResponse":{"response":{}}}]}]}"#,
                "contents[0].parts[0].functionResponse.name"
            ),
            (
                #"{"contents":[{"parts":[{"functionResponse":{"name":"f","response":"t"}}]}]}"#,
                "contents[0].parts[0].functionResponse.response"
            ),
            (
                #"{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png"}}]}]}"#,
                "contents[0].parts[0].inlineData.data"
            ),
            (#"{"contents":[{"parts":[{"file_data":{"file_uri":""}}]}]}"#, "contents[0].parts[0].fileData.fileUri"),
            (#"{"contents":[{"parts":[{"text":"q"}]}],"systemInstruction":"x"}"#, "systemInstruction"),
            (
                #"{"contents":[{"parts":[{"text":"q"}]}],"systemInstruction":{"parts":[{"inlineData":{}}]}}"#,
                "systemInstruction.parts[0].text"
            ),
            (#"{"contents":[{"parts":[{"text":"q"}]}],"tools":{}}"#, "tools"),
            (
                #"{"contents":[{"parts":[{"text":"q"}]}],"tools":[{"functionDeclarations":[{}]}]}"#,
                "tools[0].functionDeclarations[0].name"
            ),
            (
                #"{"contents":[{"parts":[{"text":"q"}]}],"toolConfig":{"functionCallingConfig":{"mode":"SOME"}}}"#,
                "toolConfig.functionCallingConfig.mode"
            ),
            (
                #"{"contents":[{"parts":[{"text":"q"}]}],"generationConfig":{"temperature":"hot"}}"#,
                "generationConfig.temperature"
            ),
            (
                #"{"contents":[{"parts":[{"text":"q"}]}],"generationConfig":{"max_output_tokens":0}}"#,
                "generationConfig.maxOutputTokens"
            ),
            (
                #"{"contents":[{"parts":[{"text":"q"}]}],"generationConfig":{"stopSequences":[1]}}"#,
                "generationConfig.stopSequences"
            ),
            (
                #"{"contents":[{"parts":[{"text":"q"}]}],"generationConfig":{"thinkingConfig":{"thinkingLevel":"LOTS"}}}"#,
                "generationConfig.thinkingConfig.thinkingLevel"
            ),
            (#"{"contents":[{"parts":[{"text":"q"}]}],"cachedContent":"cachedContents/a"}"#, "cachedContent"),
        ] as [(String, String?)])
    func refusesByName(body: String, param: String?) throws {
        let error = try #require(GeminiSupport.refusal(body))
        #expect(error.param == param)
        if let param { #expect(error.message.contains("'\(param)'")) }
    }
}
