import NIOCore
import Pipeline
import Testing
import Wire

struct GeminiConversationWriterTests {
    private func conversation(_ messages: [Message], form: RequestForm = .openAIChat) -> Conversation {
        var conversation = Conversation(form: form, model: "asked", isStream: false)
        conversation.messages = messages
        return conversation
    }

    private func user(_ parts: Part.Content...) -> Message { Message(role: .user, parts: parts.map { Part($0) }) }
    private func model(_ parts: Part.Content...) -> Message { Message(role: .assistant, parts: parts.map { Part($0) }) }

    private func fragment(_ number: String) -> JSONFragment {
        JSONFragment(trusted: ByteBuffer(string: number), kind: .number)
    }

    private var ask: Message { user(.text("q")) }

    @Test func writesEverythingInOrder() throws {
        var whole = conversation([ask])
        whole.instructions = [Instruction(text: "Be brief."), Instruction(role: .developer, text: "Now.")]
        whole.tools = [
            ToolDefinition(
                .function(parameters: GeminiSupport.object(#"{"type":"object"}"#)), name: "f", description: "d"),
            ToolDefinition(.function(parameters: nil), name: "g"),
        ]
        whole.toolChoice = .subset(names: ["f", "g"], mustCall: true)
        whole.settings.maximumOutputTokens = 64
        whole.settings.temperature = fragment("0.50")
        whole.settings.topP = fragment("0.9")
        whole.settings.seed = fragment("7")
        whole.settings.choiceCount = 2
        whole.settings.logprobs = true
        whole.settings.topLogprobs = fragment("3")
        whole.settings.stopSequences = ["x", "\\n"]
        whole.settings.outputFormat = .schema(
            OutputSchema(schema: GeminiSupport.object(#"{"type":"object"}"#), name: "n", isStrict: true))
        whole.settings.modalities = ["text", "image"]
        whole.settings.reasoning = ReasoningSettings(effort: .high)
        whole.settings.serviceTier = "default"
        whole.settings.store = false
        let written = try GeminiSupport.written(whole)
        #expect(
            written.body
                == [
                    #"{"tools":[{"functionDeclarations":[{"name":"f","description":"d","parametersJsonSchema":{"type":"object"}},{"name":"g"}]}],"#,
                    #""systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Now."}]},"#,
                    #""contents":[{"role":"user","parts":[{"text":"q"}]}],"#,
                    #""toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f","g"]}},"#,
                    #""generationConfig":{"maxOutputTokens":64,"temperature":0.50,"topP":0.9,"seed":7,"responseLogprobs":true,"logprobs":3,"candidateCount":2,"stopSequences":["x","\\n"],"#,
                    #""responseMimeType":"application/json","responseJsonSchema":{"type":"object"},"responseModalities":["TEXT","IMAGE"],"thinkingConfig":{"includeThoughts":true,"thinkingLevel":"HIGH"}},"#,
                    #""serviceTier":"standard","store":false}"#,
                ].joined())
        #expect(written.report.isEmpty)
    }

    @Test func mergesNeighboursAndNamesResults() throws {
        let call = { (id: JSONText, arguments: JSONText) in
            Part.Content.toolCall(ToolCall(id: id, name: "f", arguments: .encoded(arguments)))
        }
        let result = { (id: JSONText, text: JSONText, isError: Bool) in
            Part.Content.toolResult(ToolResult(callID: id, parts: [Part(.text(text))], isError: isError))
        }
        let written = try GeminiSupport.written(
            conversation([
                ask, user(.text("")), user(.text("r")), model(.text("")),
                model(call("c1", #"{"x":1}"#), call("c2", "")),
                user(result("c1", #"{"a":1}"#, false)), user(result("c2", "no", true)), user(.text("go")),
            ]))
        #expect(
            written.body
                == [
                    #"{"contents":[{"role":"user","parts":[{"text":"q"},{"text":"r"}]},"#,
                    #"{"role":"model","parts":[{"functionCall":{"name":"f","args":{"x":1},"id":"c1"},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"name":"f","args":{},"id":"c2"}}]},"#,
                    #"{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"{\"a\":1}"},"id":"c1"}},{"functionResponse":{"name":"f","response":{"error":"no"},"id":"c2"}},{"text":"go"}]}]}"#,
                ].joined())
        #expect(written.report.isEmpty)
    }

    @Test func sendsItsOwnSignaturesBack() throws {
        let own = Signature(origin: .geminiGenerate, value: "b3du")
        let foreign = Signature(origin: .anthropicMessages, value: "ZWlu")
        let call = { (id: JSONText, signature: Signature?) in
            Part.Content.toolCall(
                ToolCall(id: id, name: "f", arguments: .object(.emptyObject), signature: signature))
        }
        let history = conversation(
            [
                ask,
                model(
                    .reasoning(Reasoning(text: "mine", signature: own)),
                    .reasoning(Reasoning(text: "theirs", signature: foreign)), call("c1", own), call("c2", nil)),
                user(
                    .toolResult(ToolResult(callID: "c1", parts: [])), .toolResult(ToolResult(callID: "c2", parts: []))),
                model(.text("a"), .reasoning(Reasoning(signature: own))),
                ask,
                model(.reasoning(Reasoning(redacted: foreign)), call("c3", nil)),
            ], form: .anthropicMessages)
        for (name, word) in [
            ("gemini-3.8-flash", #","thoughtSignature":"skip_thought_signature_validator""#),
            ("models/gemini-pro-latest", #","thoughtSignature":"skip_thought_signature_validator""#),
            ("gemini-2.5-flash", ""), ("somebodys-own", ""),
        ] {
            let written = try GeminiSupport.written(history, model: name)
            #expect(
                written.body
                    == [
                        #"{"contents":[{"role":"user","parts":[{"text":"q"}]},"#,
                        #"{"role":"model","parts":[{"text":"mine","thought":true,"thoughtSignature":"b3du"},"#,
                        #"{"functionCall":{"name":"f","args":{},"id":"c1"},"thoughtSignature":"b3du"},{"functionCall":{"name":"f","args":{},"id":"c2"}}]},"#,
                        #"{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":""},"id":"c1"}},{"functionResponse":{"name":"f","response":{"output":""},"id":"c2"}}]},"#,
                        #"{"role":"model","parts":[{"text":"a","thoughtSignature":"b3du"}]},{"role":"user","parts":[{"text":"q"}]},"#,
                        #"{"role":"model","parts":[{"functionCall":{"name":"f","args":{},"id":"c3"}\#(word)}]}]}"#,
                    ].joined())
            #expect(written.report.dropped == ["messages.thinking"])
        }
    }

    @Test func putsInstructionsWhereTheyCanStand() throws {
        let instruction = Message(role: .developer, parts: [Part(.text("later"))])
        let between = try GeminiSupport.written(conversation([instruction, ask, instruction, model(.text("a"))]))
        #expect(
            between.body
                == #"{"systemInstruction":{"parts":[{"text":"later"}]},"contents":[{"role":"user","parts":[{"text":"q"},{"text":"later"}]},{"role":"model","parts":[{"text":"a"}]}]}"#
        )
        #expect(between.report.rewritten == ["messages"])
        var alone = conversation([])
        alone.instructions = [Instruction(text: "Speak.")]
        let written = try GeminiSupport.written(alone)
        #expect(written.body == #"{"contents":[{"role":"user","parts":[{"text":"Speak."}]}]}"#)
        #expect(written.report.rewritten == ["messages"])
    }

    @Test(
        arguments: [
            (
                Part.Content.image(Media(.base64("iVBORw0KGgoA"))),
                #"{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoA"}}"#, false
            ),
            (
                .audio(Media(.base64("AAAA"), mediaType: "audio/mp3")),
                #"{"inlineData":{"mimeType":"audio/mp3","data":"AAAA"}}"#, false
            ),
            (.file(Media(.plainText("hé"))), #"{"inlineData":{"mimeType":"text/plain","data":"aMOp"}}"#, false),
            (
                .image(Media(.url("https://x.org/a.WEBP?b=.png"))),
                #"{"fileData":{"mimeType":"image/webp","fileUri":"https://x.org/a.WEBP?b=.png"}}"#, true
            ),
            (
                .image(Media(.url("https://x.org/a"))),
                #"{"fileData":{"mimeType":"image/jpeg","fileUri":"https://x.org/a"}}"#, true
            ),
            (
                .file(Media(.url("gs://b/o.mp4"))), #"{"fileData":{"mimeType":"video/mp4","fileUri":"gs://b/o.mp4"}}"#,
                true
            ),
        ] as [(Part.Content, String, Bool)])
    func writesMedia(content: Part.Content, json: String, isRewritten: Bool) throws {
        let written = try GeminiSupport.written(conversation([user(content)]))
        #expect(written.body == #"{"contents":[{"role":"user","parts":[\#(json)]}]}"#)
        #expect(written.report.rewritten == (isRewritten ? ["messages"] : []))
    }

    @Test func putsMediaIntoResultsWhereTheModelTakesIt() throws {
        let result = ToolResult(
            callID: "c", name: "shot",
            parts: [Part(.text("a")), Part(.text("b")), Part(.image(Media(.base64("iVBORw0KGgoA"))))])
        let history = conversation([ask, user(.toolResult(result))])
        let picture = #"{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoA"}}"#
        let new = try GeminiSupport.written(history)
        #expect(
            new.body.contains(
                #"{"functionResponse":{"name":"shot","response":{"output":"a\nb"},"id":"c","parts":[\#(picture)]}}]"#))
        #expect(new.report.isEmpty)
        let old = try GeminiSupport.written(history, model: "gemini-2.5-pro")
        #expect(
            old.body.contains(
                #"{"functionResponse":{"name":"shot","response":{"output":"a\nb"},"id":"c"}},\#(picture)]"#))
        #expect(old.report.rewritten == ["messages"])
    }

    @Test(
        arguments: [
            (
                "gemini-3.8-flash", ReasoningSettings(effort: .low, showsThoughts: true),
                #"{"includeThoughts":true,"thinkingLevel":"LOW"}"#, false
            ),
            (
                "gemini-3.8-flash", ReasoningSettings(effort: .max),
                #"{"includeThoughts":true,"thinkingLevel":"XHIGH"}"#, true
            ),
            (
                "gemini-4-argon", ReasoningSettings(effort: ReasoningEffort.none),
                #"{"includeThoughts":false,"thinkingLevel":"MINIMAL"}"#, true
            ),
            (
                "gemini-3.8-flash", ReasoningSettings(budgetTokens: 4096),
                #"{"includeThoughts":true,"thinkingLevel":"MEDIUM"}"#, true
            ),
            ("gemini-3.8-flash", ReasoningSettings(isAdaptive: true), #"{"includeThoughts":true}"#, false),
            (
                "gemini-2.5-flash", ReasoningSettings(effort: ReasoningEffort.none),
                #"{"includeThoughts":false,"thinkingBudget":0}"#, false
            ),
            (
                "gemini-2.5-pro", ReasoningSettings(effort: ReasoningEffort.none),
                #"{"includeThoughts":false,"thinkingBudget":128}"#, true
            ),
            (
                "gemini-2.5-flash", ReasoningSettings(effort: .high),
                #"{"includeThoughts":true,"thinkingBudget":4096}"#, true
            ),
            (
                "gemini-2.5-flash", ReasoningSettings(budgetTokens: 99_999),
                #"{"includeThoughts":true,"thinkingBudget":24576}"#, true
            ),
            (
                "gemini-2.5-flash", ReasoningSettings(isAdaptive: true),
                #"{"includeThoughts":true,"thinkingBudget":-1}"#, false
            ),
        ] as [(String, ReasoningSettings, String, Bool)])
    func saysHowMuchToThinkInTheModelsWords(
        model: String, reasoning: ReasoningSettings, json: String, isRewritten: Bool
    ) throws {
        var asked = conversation([ask])
        asked.settings.reasoning = reasoning
        let written = try GeminiSupport.written(asked, model: model)
        #expect(written.body.hasSuffix(#""generationConfig":{"thinkingConfig":\#(json)}}"#))
        #expect(written.report.rewritten == (isRewritten ? ["reasoning_effort"] : []))
        let unthinking = try GeminiSupport.written(asked, model: "gemini-2.0-flash")
        #expect(!unthinking.body.contains("thinkingConfig"))
        #expect(unthinking.report.dropped == (reasoning.isOff ? [] : ["reasoning_effort"]))
    }

    @Test func reportsWhatItCannotSay() throws {
        var asked = conversation([
            Message(
                role: .user, name: "Ann",
                parts: [
                    Part(.text("q"), cacheMark: CacheMark(), citations: .emptyObject),
                    Part(.image(Media(.base64("iVBORw0KGgoA"), detail: "low"))),
                    Part(.file(Media(.base64("JVBERi0="), fileName: "a.pdf"))),
                ])
        ])
        asked.tools = [
            ToolDefinition(.custom(format: .emptyObject), name: "c"),
            ToolDefinition(.hosted(.emptyObject, type: "web_search"), name: .empty),
            ToolDefinition(
                .function(parameters: nil), name: "f", isStrict: true,
                others: [OtherField(name: "tools.own", value: .null)]),
        ]
        asked.allowsParallelToolCalls = false
        asked.settings.logitBias = .emptyObject
        asked.settings.verbosity = "low"
        asked.settings.metadata = .emptyObject
        asked.settings.userID = "u"
        asked.settings.promptCacheKey = "k"
        asked.settings.serviceTier = "scale"
        asked.settings.audio = .emptyObject
        asked.settings.stopSequences = ["1", "2", "3", "4", "5", "6"]
        asked.others = [OtherField(name: "newest", value: .null)]
        let written = try GeminiSupport.written(asked)
        #expect(
            written.report.dropped == [
                "messages.name", "messages.annotations", "messages.detail", "messages.filename", "tools.web_search", 
                "tools.strict", "tools.own", "parallel_tool_calls", "stop", "service_tier", "logit_bias", "verbosity", "metadata", "user", "prompt_cache_key", "audio", "prompt_cache_breakpoint",
                "newest",
            ])
        #expect(written.report.rewritten == ["tools"])
        #expect(
            written.body.contains(
                #"{"name":"c","parametersJsonSchema":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}}"#
            ))
    }

    @Test func refusesWhatWouldBeAnotherQuestion() {
        for (messages, form, param) in [
            ([], RequestForm.openAIChat, "messages"), ([user(.text(""))], .openAIResponses, "input"),
            ([user(.file(Media(.fileID("file-1"))))], .openAIChat, "messages"),
            ([user(.toolResult(ToolResult(callID: "lost", parts: [])))], .anthropicMessages, "messages"),
        ] as [([Message], RequestForm, String)] {
            #expect {
                _ = try GeminiSupport.written(conversation(messages, form: form))
            } throws: { ($0 as? ConversationError)?.param == param }
        }
    }

    @Test(arguments: [
        #"{"contents":[{"role":"user","parts":[{"text":"q"},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}},{"fileData":{"mimeType":"video/mp4","fileUri":"gs://b/o"}}]},"#
            + #"{"role":"model","parts":[{"text":"T","thought":true},{"functionCall":{"name":"f","args":{"x":1},"id":"c"},"thoughtSignature":"c2ln"}]},"#
            + #"{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":[1]},"id":"c"}}]},{"role":"model","parts":[{"text":"a","thoughtSignature":"c2ln"},{"executableCode":{"code":"1"}}]}],"#
            + #""toolConfig":{"retrievalConfig":{"a":1}},"generationConfig":{"maxOutputTokens":64,"temperature":1,"thinkingConfig":{"includeThoughts":true,"thinkingLevel":"LOW"},"imageConfig":{"imageSize":"1K"}},"safetySettings":[{"category":"C"}],"serviceTier":"flex","newest":[1]}"#,
        #"{"tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object"},"responseJsonSchema":{"type":"string"}}]},{"googleSearch":{}}],"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"q"}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}}}"#,
    ])
    func writesWhatItReads(body: String) throws {
        let read = try GeminiSupport.conversation(body)
        let written = try GeminiSupport.written(read)
        #expect(written.body == body)
        #expect(written.report.isEmpty)
        #expect(try GeminiSupport.conversation(written.body).messages == read.messages)
    }

    @Test func keepsAPromptThatGrowsTheSameWhereItWas() throws {
        let turns = [
            ask, model(.toolCall(ToolCall(id: "c", name: "f", arguments: .encoded("{}")))),
            user(.toolResult(ToolResult(callID: "c", parts: [Part(.text("r"))]))), user(.text("and")),
            model(.text("a")), ask,
        ]
        var previous = ""
        for count in 1...turns.count {
            var grown = conversation(Array(turns[..<count]))
            grown.tools = [ToolDefinition(.function(parameters: nil), name: "f")]
            grown.instructions = [Instruction(text: "s")]
            let body = try GeminiSupport.written(grown).body
            #expect(body == (try GeminiSupport.written(grown).body))
            // All but the brackets that close the last part's lists.
            #expect(body.hasPrefix(previous.dropLast("]}]}".count)))
            previous = body
        }
    }
}
