import NIOCore
import Testing
import Wire

struct ResponsesRequestViewTests {
    static func read(_ text: String) throws(RequestError) -> PromptView {
        let body = ByteBuffer(string: text)
        return try body.withUnsafeReadableBytes { bytes throws(RequestError) in
            var index = JSONIndex()
            do throws(JSONError) { try index.read(bytes) } catch { throw RequestError(error) }
            return try PromptView(responses: bytes, index: index)
        }
    }

    static func slice(_ text: String, _ range: Range<Int>) -> String {
        String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }

    @Test func aQuestionIsReadWithTheFormsDefaults() throws {
        let text = #"{"model":"m\u0031","input":"hi"}"#
        let view = try Self.read(text)
        #expect(view.model == "m1")
        #expect(view.modelValue.map { Self.slice(text, $0) } == #""m\u0031""#)
        #expect(Self.slice(text, view.messagesValue) == #""hi""# && view.messages == [])
        #expect(view.afterBrace == 1 && !view.isStream && view.streamOptions == .absent && view.choices == 1)
        #expect(view.systemValue == nil && view.toolsValue == nil && view.maximumOutputTokens == nil)
        #expect(!view.isTemperatureZero && !view.asksToReason && view.cacheMarks.isEmpty && view.attachments.isEmpty)
    }

    @Test func itemsAreMessagesWithTheirSpeakers() throws {
        let text = #"""
            {"model":"m","stream":true,"instructions":"I","tools":[{"type":"function","name":"f"}],"max_output_tokens":9,
            "temperature":0,"reasoning":{"effort":"low"},"input":[{"role":"developer","content":"d"},
            {"role":"user","content":[{"type":"input_file","file_data":"xx"}]},
            {"type":"message","role":"user","content":[{"type":"input_image","image_url":"u"},{"type":"input_audio","input_audio":{}}]},
            {"type":"reasoning","summary":[]},{"type":"function_call","call_id":"c"},
            {"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"v"}]},
            {"type":"configuration_update"},{"role":"critic","content":"x"}]}
            """#
        let view = try Self.read(text)
        #expect(view.isStream && view.maximumOutputTokens == 9 && view.isTemperatureZero && view.asksToReason)
        #expect(view.systemValue.map { Self.slice(text, $0) } == #""I""#)
        #expect(view.toolsValue.map { Self.slice(text, $0) } == #"[{"type":"function","name":"f"}]"#)
        #expect(view.messages.map(\.role) == [.developer, .user, .user, .assistant, .assistant, .tool, .other, .other])
        #expect(view.messages.map(\.isDocument) == [false, true, false, false, false, false, false, false])
        #expect(Self.slice(text, view.messages[3].span) == #"{"type":"reasoning","summary":[]}"#)
        #expect(view.attachments.map(\.kind) == [.file, .image, .audio, .image])
        #expect(view.attachments.map { Self.slice(text, $0.span) } == [#""xx""#, #""u""#, "{}", #""v""#])
        #expect(view.developerRoles.map { Self.slice(text, $0) } == [#""developer""#])
    }

    @Test func withoutItsMarksTheRequestIsStillJSON() throws {
        let text = #"""
            {"model":"m","tools":[{"cache_control":{"type":"ephemeral"},"type":"function"}],"input":[
            {"role":"user","content":[{"type":"input_text","text":"a","prompt_cache_breakpoint":{"mode":"explicit"}}]},
            {"type":"function_call_output","cache_control":{},"output":[{"prompt_cache_breakpoint":{},"type":"input_text"}]}]}
            """#
        let view = try Self.read(text)
        var bytes = Array(text.utf8)
        for mark in view.cacheMarks.sorted(by: { $0.lowerBound > $1.lowerBound }) { bytes.removeSubrange(mark) }
        let rest = String(decoding: bytes, as: UTF8.self)
        #expect(view.cacheMarks.count == 4 && !rest.contains("cache"))
        #expect(throws: Never.self) { try Self.read(rest) }
    }

    @Test(arguments: [
        ("an array", "[]", nil as String?), ("cut JSON", #"{"model":"m","input":["#, nil),
        ("no model", #"{"input":"x"}"#, "model"), ("an empty model", #"{"model":"","input":"x"}"#, "model"),
        ("a model that is null", #"{"model":null,"input":"x"}"#, "model"),
        ("no input", #"{"model":"m"}"#, "input"), ("an empty input", #"{"model":"m","input":[]}"#, "input"),
        ("an input that is an object", #"{"model":"m","input":{}}"#, "input"),
        ("a key twice", #"{"model":"m","input":"x","stream":true,"str\u0065am":false}"#, "stream"),
        ("an item that is a text", #"{"model":"m","input":["x"]}"#, "input[0]"),
        ("an item without role", #"{"model":"m","input":[{"role":"user"},{"content":"x"}]}"#, "input[1].role"),
        ("a content that is a number", #"{"model":"m","input":[{"role":"user","content":1}]}"#, "input[0].content"),
        ("a type that is a number", #"{"model":"m","input":[{"type":1}]}"#, "input[0].type"),
        ("a tool that is a text", #"{"model":"m","input":"x","tools":["f"]}"#, "tools[0]"),
        ("no tokens", #"{"model":"m","input":"x","max_output_tokens":0}"#, "max_output_tokens"),
        ("a stream that is a text", #"{"model":"m","input":"x","stream":"yes"}"#, "stream"),
        ("an effort that is a number", #"{"model":"m","input":"x","reasoning":{"effort":1}}"#, "reasoning.effort"),
        ("an earlier response", #"{"model":"m","input":"x","previous_response_id":"r"}"#, "previous_response_id"),
        ("a stored conversation", #"{"model":"m","input":"x","conversation":{"id":"c"}}"#, "conversation"),
        ("background", #"{"model":"m","input":"x","background":true}"#, "background"),
    ])
    func whatIsWrongIsNamed(_ name: String, _ text: String, _ param: String?) {
        #expect("\(name)") {
            try Self.read(text)
        } throws: { error in
            guard case .invalid(let found, let message)? = error as? RequestError else { return false }
            return found == param && (param.map { message.contains("'\($0)'") } ?? true)
        }
    }

    @Test func whatIsNullOrKeptByTheVendorAlonePasses() throws {
        let text = #"""
            {"model":"m","input":[{"type":"item_reference","id":"x"}],"previous_response_id":null,"conversation":null,"background":false,"store":true,"prompt":null}
            """#
        #expect(try Self.read(text).messages.map(\.role) == [.assistant])
        let template = #"{"model":"m","prompt":{"id":"p"}}"#
        #expect(Self.slice(template, try Self.read(template).messagesValue) == #"{"id":"p"}"#)
    }
}
