import NIOCore
import Testing
import Wire

struct PromptViewTests {
    static func read(_ text: String) throws(RequestError) -> PromptView {
        let body = ByteBuffer(string: text)
        return try body.withUnsafeReadableBytes { bytes throws(RequestError) in
            var index = JSONIndex()
            do throws(JSONError) { try index.read(bytes) } catch { throw RequestError(error) }
            return try PromptView(chat: bytes, index: index)
        }
    }

    static func slice(_ text: String, _ range: Range<Int>) -> String {
        String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }

    static let minimal = #"{"model":"m","messages":[{"role":"user","content":"hi"}]"#

    @Test func aMinimalRequestIsReadWithTheFormsDefaults() throws {
        let text = Self.minimal + "}"
        let view = try Self.read(text)
        #expect(view.model == "m")
        #expect(Self.slice(text, try #require(view.modelValue)) == #""m""#)
        #expect(Self.slice(text, view.messagesValue) == #"[{"role":"user","content":"hi"}]"#)
        #expect(view.messages.map { Self.slice(text, $0.span) } == [#"{"role":"user","content":"hi"}"#])
        #expect(view.messages.map(\.role) == [.user])
        #expect(view.afterBrace == 1)
        #expect(!view.isStream && view.streamOptions == .absent && view.maximumOutputTokens == nil && view.choices == 1)
        #expect(!view.isTemperatureZero && !view.hasSeed && view.toolsValue == nil && view.functionsValue == nil)
        #expect(view.cacheMarks.isEmpty && view.attachments.isEmpty)
    }

    @Test(arguments: [
        ("an array", "[]", nil as String?),
        ("a string", "\"x\"", nil),
        ("no body", "", nil),
        ("cut JSON", #"{"model":"m","messages":["#, nil),
        ("no model", #"{"messages":[{"role":"user"}]}"#, "model"),
        ("empty model", #"{"model":"","messages":[{"role":"user"}]}"#, "model"),
        ("number as model", #"{"model":1,"messages":[{"role":"user"}]}"#, "model"),
        ("null as model", #"{"model":null,"messages":[{"role":"user"}]}"#, "model"),
        ("no messages", #"{"model":"m"}"#, "messages"),
        ("null messages", #"{"model":"m","messages":null}"#, "messages"),
        ("empty messages", #"{"model":"m","messages":[]}"#, "messages"),
        ("string messages", #"{"model":"m","messages":"hi"}"#, "messages"),
        ("object messages", #"{"model":"m","messages":{"role":"user"}}"#, "messages"),
        ("string message", #"{"model":"m","messages":["hi"]}"#, "messages[0]"),
        ("second message null", #"{"model":"m","messages":[{"role":"user"},null]}"#, "messages[1]"),
        ("no role", #"{"model":"m","messages":[{"content":"hi"}]}"#, "messages[0].role"),
        ("number role", #"{"model":"m","messages":[{"role":"user"},{"role":5}]}"#, "messages[1].role"),
        ("number content", #"{"model":"m","messages":[{"role":"user","content":5}]}"#, "messages[0].content"),
        ("object content", #"{"model":"m","messages":[{"role":"user","content":{}}]}"#, "messages[0].content"),
        ("string stream", minimal + #","stream":"true"}"#, "stream"),
        ("number stream", minimal + #","stream":1}"#, "stream"),
        ("string stream_options", minimal + #","stream_options":"x"}"#, "stream_options"),
        ("array stream_options", minimal + #","stream_options":[]}"#, "stream_options"),
        (
            "number include_usage", minimal + #","stream_options":{"include_usage":1}}"#,
            "stream_options.include_usage"
        ),
        (
            "include_usage twice", minimal + #","stream_options":{"include_usage":true,"include_usage":false}}"#,
            "stream_options.include_usage"
        ),
        ("zero max_tokens", minimal + #","max_tokens":0}"#, "max_tokens"),
        ("fractional max_tokens", minimal + #","max_tokens":1.5}"#, "max_tokens"),
        ("string max_tokens", minimal + #","max_tokens":"9"}"#, "max_tokens"),
        ("giant max_tokens", minimal + #","max_tokens":1e30}"#, "max_tokens"),
        ("negative maximum", minimal + #","max_completion_tokens":-2}"#, "max_completion_tokens"),
        ("zero n", minimal + #","n":0}"#, "n"),
        ("string temperature", minimal + #","temperature":"0"}"#, "temperature"),
        ("string seed", minimal + #","seed":"1"}"#, "seed"),
        ("object tools", minimal + #","tools":{}}"#, "tools"),
        ("string tool", minimal + #","tools":[{"type":"function"},"x"]}"#, "tools[1]"),
        ("string functions", minimal + #","functions":"x"}"#, "functions"),
        ("number tool_choice", minimal + #","tool_choice":1}"#, "tool_choice"),
        ("string response_format", minimal + #","response_format":"json"}"#, "response_format"),
        ("number stop", minimal + #","stop":1}"#, "stop"),
        ("model twice", minimal + #","model":"n"}"#, "model"),
        ("model twice, once escaped", minimal + #","mod\u0065l":"n"}"#, "model"),
        ("an unknown key twice", minimal + #","x_y":1,"z":2,"x_y":1}"#, "x_y"),
        ("an unknown key twice, once escaped", minimal + #","x_y":1,"x\u005fy":1}"#, "x_y"),
        ("stream twice, the same", minimal + #","stream":true,"stream":true}"#, "stream"),
    ])
    func whatNoServerTakesIsRefusedByTheFieldsName(_ name: String, _ text: String, _ param: String?) {
        do throws(RequestError) {
            _ = try Self.read(text)
            Issue.record("\(name) was taken")
        } catch {
            guard case .invalid(let given, let message) = error else { return }
            #expect(given == param, "\(name)")
            #expect(!message.isEmpty && param.map { message.contains("'\($0)'") } != false, "\(name): \(message)")
        }
    }

    @Test func brokenJSONIsRefusedWithTheOffset() {
        #expect(
            throws: RequestError.invalid(
                param: nil, message: "The request body is not valid JSON: byte 9 cannot stand there.")
        ) { try Self.read(#"{"model":}"#) }
    }

    @Test(arguments: [
        (
            "null for every optional field",
            #","stream":null,"stream_options":null,"max_tokens":null,"n":null,"tools":null,"stop":null,"temperature":null,"seed":null,"tool_choice":null"#
        ),
        ("unknown fields of every kind", #","x":1,"y":[{"model":1}],"z":{"messages":5},"w":null,"v":"s""#),
        ("many unknown fields", (0..<40).map { ",\"field_\($0)\":\($0)" }.joined()),
        ("no limit as local servers write it", #","max_tokens":-1"#),
        ("no tools", #","tools":[]"#),
        ("a tool_choice by name", #","tool_choice":{"type":"function","function":{"name":"f"}}"#),
        ("stop sequences", #","stop":["a","b"]"#),
        ("a temperature out of range", #","temperature":9"#),
    ])
    func whatSomeServerMightTakeIsLeftToIt(_ name: String, _ members: String) throws {
        let view = try Self.read(Self.minimal + members + "}")
        #expect(view.maximumOutputTokens == nil && view.toolsValue == nil, "\(name)")
    }

    @Test(arguments: [
        ("system", PromptRole.system), ("developer", .developer), ("user", .user), ("assistant", .assistant),
        ("tool", .tool), ("function", .function), ("critic", .other), (#"us\u0065r"#, .user), ("", .other),
    ])
    func rolesAreToldApart(_ spelled: String, _ role: PromptRole) throws {
        let view = try Self.read(#"{"model":"m","messages":[{"content":"x","role":""# + spelled + #""}]}"#)
        #expect(view.messages.map(\.role) == [role])
    }

    @Test func fieldsAreReadWhereverTheyStand() throws {
        let text =
            #" { "tools" : [{"type":"function"}] ,"seed":7,"stream":true,"max_tokens":10,"# + "\n"
            + #""messages":[{"role":"user"}],"max_completion_tokens":1e2,"temperature":0.0,"n":3,"model":"a\/b","functions":[{"name":"f"}]}"#
        let view = try Self.read(text)
        #expect(view.model == "a/b")
        #expect(view.toolsValue.map { Self.slice(text, $0) } == #"[{"type":"function"}]"#)
        #expect(view.functionsValue.map { Self.slice(text, $0) } == #"[{"name":"f"}]"#)
        #expect(view.maximumOutputTokens == 100)
        #expect(view.isStream && view.hasSeed && view.isTemperatureZero && view.choices == 3)
        #expect(Self.slice(text, 0..<view.afterBrace) == " {")
    }

    @Test(arguments: [
        ("absent", "", false),
        ("null", #","stream_options":null"#, false),
        ("empty", #","stream_options":{}"#, false),
        ("yes", #","stream_options":{"include_usage":true}"#, true),
        ("yes, escaped", #","stream_options":{"include\u005fusage":true}"#, true),
        ("no", #","stream_options":{"include_usage":false}"#, false),
        ("null within", #","stream_options":{"include_usage":null}"#, false),
        ("something else", #","stream_options":{"include_obfuscation":true}"#, false),
    ])
    func theWishForUsageIsReadFromStreamOptions(_ name: String, _ member: String, _ wants: Bool) throws {
        #expect(try Self.read(Self.minimal + member + "}").wantsUsageChunk == wants, "\(name)")
    }

    @Test func attachmentsAndDocumentsAreFound() throws {
        let text =
            #"{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f1"}}]},"#
            + #"{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:x"}},{"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}]},"#
            + #"{"role":"assistant","content":[]}]}"#
        let view = try Self.read(text)
        #expect(view.messages.map(\.isDocument) == [true, false, false])
        #expect(view.attachments.map(\.kind) == [.file, .image, .audio])
        #expect(
            view.attachments.map { Self.slice(text, $0.span) }
                == [#"{"file_id":"f1"}"#, #"{"url":"data:x"}"#, #"{"data":"AA","format":"wav"}"#])
    }

    @Test(arguments: [
        (
            "on a part, last", #"{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}"#,
            #"{"type":"text","text":"a"}"#
        ),
        ("on a part, first", #"{"cache_control":{"type":"ephemeral"}, "type":"text"}"#, #"{"type":"text"}"#),
        ("in the middle", #"{"type":"text" , "cache_control":null , "text":"a"}"#, #"{"type":"text" , "text":"a"}"#),
        (
            "two of them first", #"{"cache_control":1,"prompt_cache_breakpoint":{"mode":"explicit"},"type":"text"}"#,
            #"{"type":"text"}"#
        ),
        ("two of them last", #"{"type":"text","cache_control":1 , "prompt_cache_breakpoint":2}"#, #"{"type":"text"}"#),
        ("around one", #"{"cache_control":1,"type":"text","prompt_cache_breakpoint":2}"#, #"{"type":"text"}"#),
        ("alone", #"{"cache_control":1}"#, "{}"),
        ("two alone", #"{"cache_control":1, "prompt_cache_breakpoint":2}"#, "{}"),
        ("in an escape", #"{"type":"text","cache\u005fcontrol":1}"#, #"{"type":"text"}"#),
        ("deeper is none", #"{"type":"text","x":{"cache_control":1}}"#, #"{"type":"text","x":{"cache_control":1}}"#),
    ])
    func cacheMarksAreCutWithOneComma(_ name: String, _ part: String, _ unmarked: String) throws {
        for (before, after) in [
            (#"{"model":"m","messages":[{"role":"user","content":["#, "]}]}"),
            (#"{"model":"m","messages":[{"role":"user"}],"tools":["#, "]}"),
            (#"{"model":"m","messages":[{"role":"user"}],"tools":[{"type":"function","function":"#, "}]}"),
        ] {
            let text = before + part + after
            let view = try Self.read(text)
            var bytes = Array(text.utf8)
            for mark in view.cacheMarks.reversed() { bytes.removeSubrange(mark) }
            #expect(String(decoding: bytes, as: UTF8.self) == before + unmarked + after, "\(name)")
        }
    }

    @Test func noCutOfARequestTraps() throws {
        let text =
            #"{"model":"m","stream":true,"stream_options":{"include_usage":false},"tools":[{"type":"function","function":{"name":"f","cache_control":{}}}],"messages":[{"role":"user","content":[{"type":"text","text":"é\u00e9","cache_control":{}},{"type":"image_url","image_url":{}}]}]}"#
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            #expect(throws: RequestError.self) {
                try Self.read(String(decoding: bytes[..<count], as: UTF8.self))
            }
        }
        _ = try Self.read(text)
    }
}
