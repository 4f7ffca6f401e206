import NIOCore
import Pipeline
import Testing
import Wire

/// Tools that a target is told of in other words, from the client's request to the client's answer.
struct ClientToolsTests {
    private static let responses =
        #"{"model":"m","stream":true,"input":"q","tools":[{"type":"custom","name":"run code"},{"type":"function","name":"a.b","parameters":{}}]}"#
    private static let chat =
        #"{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"custom","custom":{"name":"run code"}},{"type":"function","function":{"name":"a.b"}}]}"#

    private static func translation(_ text: String, _ form: RequestForm, kind: String) throws -> (Translation, String) {
        let body = ByteBuffer(string: text)
        let dialect = try #require(DialectRegistry.dialect(kind: kind))
        let pipeline = PromptPipeline(options: PipelineOptions())
        var index = JSONIndex()
        let prepared = try pipeline.prepare(body: body, kind: .conversation(form), index: &index)
        let rendered = try pipeline.render(
            prepared, body: body, for: OutboundTarget(dialect: dialect, model: "up"),
            context: RenderContext(idSeed: 7, createdSeconds: 1), index: &index)
        guard case .translated(let translation) = rendered.answer else {
            throw PipelineError.invalidRequest(message: "not translated", param: nil)
        }
        #expect(rendered.report.rewritten.contains(form == .openAIChat ? "tools.function.name" : "tools.name"))
        return (translation, String(buffer: Requests.upstream(rendered, of: body)))
    }

    /// The names in an upstream's body.
    private static func names(_ body: String) throws -> (custom: String, function: String) {
        let found = body.split(separator: #""name":""#).dropFirst().map { String($0.prefix { $0 != "\"" }) }
        return (try #require(found.first { $0.hasPrefix("run_code_") }), try #require(found.first { $0.hasPrefix("a_b_") }))
    }

    @Test(arguments: [(RequestForm.openAIChat, "anthropic"), (.openAIResponses, "anthropic"), (.openAIResponses, "deepseek")])
    func aWholeAnswersCallsAreTheClients(form: RequestForm, kind: String) throws {
        let (translation, upstream) = try Self.translation(form == .openAIChat ? Self.chat : Self.responses, form, kind: kind)
        let names = try Self.names(upstream)
        let answer =
            kind == "anthropic"
            ? #"{"id":"m","type":"message","role":"assistant","content":[{"type":"tool_use","id":"c1","name":"\#(names.custom)","input":{"input":"print(\"1\")"}},{"type":"tool_use","id":"c2","name":"\#(names.function)","input":{}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}"#
            : #"{"id":"m","choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"\#(names.custom)","arguments":"{\"input\":\"print(\\\"1\\\")\"}"}},{"id":"c2","type":"function","function":{"name":"\#(names.function)","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#
        var index = JSONIndex()
        let told = try AnswerReader.readUnary(ByteBuffer(string: answer), route: .translated(translation), index: &index)
        let text = String(buffer: told.body)
        if form == .openAIChat {
            #expect(text.contains(#"{"id":"c1","type":"custom","custom":{"name":"run code","input":"print(\"1\")"}}"#))
            #expect(text.contains(#""function":{"name":"a.b","arguments":"{}"}"#))
        } else {
            #expect(
                text.contains(
                    #""type":"custom_tool_call","call_id":"c1","name":"run code","input":"print(\"1\")"}"#))
            #expect(text.contains(#""call_id":"c2","name":"a.b","arguments":"{}"}"#))
        }
        #expect(!text.contains(names.custom) && !text.contains(names.function))
    }

    private static func stream(_ names: (custom: String, function: String)) -> String {
        let pieces = [#"{\"in"#, #"put\": \"pri"#, #"nt(1)\\"#, #"n"#, #"\"}"#]
        let deltas = pieces.map {
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\#($0)"}}"#
        }
        let events =
            [
                #"{"type":"message_start","message":{"id":"m","role":"assistant","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}"#,
                #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"c1","name":"\#(names.custom)","input":{}}}"#,
            ] + deltas + [
                #"{"type":"content_block_stop","index":0}"#,
                #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"c2","name":"\#(names.function)","input":{}}}"#,
                #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"x\":1}"}}"#,
                #"{"type":"content_block_stop","index":1}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}"#,
                #"{"type":"message_stop"}"#,
            ]
        return events.map { "data: \($0)\n\n" }.joined()
    }

    private static func told(_ text: String, _ form: RequestForm) throws -> ByteBuffer {
        let (translation, upstream) = try Self.translation(text, form, kind: "anthropic")
        var reader = StreamReader(route: .translated(translation))
        var decoder = SSEDecoder()
        decoder.append(ByteBuffer(string: Self.stream(try Self.names(upstream))))
        var index = JSONIndex()
        var told = ByteBuffer()
        while let event = try decoder.next() {
            switch reader.read(event, index: &index) {
            case .forward(let bytes, _, _), .done(let bytes): told.writeImmutableBuffer(bytes)
            case .hide: break
            case .failed, .malformed: Issue.record("the stream is whole")
            }
        }
        return told
    }

    @Test func aChatStreamsCustomCallIsOne() throws {
        let told = String(buffer: try Self.told(Self.chat, .openAIChat))
        let pieces = told.split(separator: #""custom":{"#).dropFirst().map { String($0.prefix { $0 != "}" }) }
        #expect(pieces == [#""name":"run code","input":"""#, #""input":"pri""#, #""input":"nt(1)""#, #""input":"\n""#])
        #expect(told.contains(#""function":{"name":"a.b""#))
    }

    @Test func aStreamsCallsAreTheClients() throws {
        let told = try Self.told(Self.responses, .openAIResponses)
        let events = try #require(try ResponsesSupport.events([told]))
        let choice = ResponsesSupport.folded(events).choices[0]
        #expect(
            choice.parts == [
                ResponsesSupport.call("c1", "run code", .text(JSONText("print(1)\n"))),
                ResponsesSupport.call("c2", "a.b", .encoded(JSONText(#"{"x":1}"#))),
            ])
        let deltas = String(buffer: told).split(separator: "\n").filter {
            $0.hasPrefix(#"data: {"type":"response.custom_tool_call_input.delta""#)
        }
        #expect(deltas.map { $0.suffix(12) } == [#""delta":"pri"}"#, #"delta":"nt(1)"}"#, #""delta":"\n"}"#].map { $0.suffix(12) })
    }

    @Test func answersOfToolsAsTheyAreStayAsTheyAre() {
        var completion = Completion(choices: [
            CompletionChoice(parts: [ResponsesSupport.call("c", "f", .encoded(JSONText(#"{"input":"a"}"#)))])
        ])
        let before = completion
        #expect(ClientTools.unchanged.isUnchanged)
        ClientTools.unchanged.restore(&completion)
        #expect(completion == before)
        var conversation = Conversation(form: .openAIChat, model: "m", isStream: false)
        conversation.tools = [ToolDefinition(.custom(format: nil), name: "g")]
        ClientTools(names: .unchanged, told: conversation).restore(&completion)
        #expect(completion == before)
    }
}
