import NIOCore
import Testing
import Wire

/// Where cache marks could go, and what a request says of its vendor's cache.
struct PromptPlaceTests {
    enum Form: Sendable { case chat, responses, anthropic }

    private static func view(_ text: String, _ form: Form) throws -> PromptView {
        try ByteBuffer(string: text).withUnsafeReadableBytes { bytes in
            var index = JSONIndex()
            try index.read(bytes)
            return switch form {
            case .chat: try PromptView(chat: bytes, index: index)
            case .responses: try PromptView(responses: bytes, index: index)
            case .anthropic: try PromptView(anthropic: bytes, index: index)
            }
        }
    }

    private static func slice(_ text: String, _ place: PromptPlace?) -> String? {
        place.map { String(decoding: Array(text.utf8)[$0.span], as: UTF8.self) }
    }

    /// The place in the only message; nil: none.
    @Test(
        arguments: [
            (Form.chat, #"{"role":"user","content":"hi"}"#, #""hi""#, 1),
            (
                .chat, #"{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{}}]}"#,
                #"{"type":"image_url","image_url":{}}"#, 2
            ),
            (.chat, #"{"role":"user","content":[{"type":"text","text":""}]}"#, nil, 1),
            (.chat, #"{"role":"user","content":[]}"#, nil, 0), (.chat, #"{"role":"user","content":""}"#, nil, 1),
            (.chat, #"{"role":"user","content":["x"]}"#, nil, 1), (.chat, #"{"role":"user","content":[{}]}"#, nil, 1),
            (.chat, #"{"role":"user"}"#, nil, 1), (.chat, #"{"role":"user","content":null}"#, nil, 1),
            (.chat, #"{"role":"assistant","content":"hi"}"#, nil, 1),
            (.chat, #"{"role":"tool","tool_call_id":"c","content":"hi"}"#, nil, 1),
            (
                .responses, #"{"role":"user","content":[{"type":"input_text","text":"a"}]}"#,
                #"{"type":"input_text","text":"a"}"#, 1
            ),
            (.responses, #"{"role":"assistant","content":"hi"}"#, nil, 1),
            (.responses, #"{"type":"function_call_output","call_id":"c","output":"o"}"#, nil, 1),
            (.anthropic, #"{"role":"user","content":"hi"}"#, #""hi""#, 1),
            (
                .anthropic,
                #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"o"}]}]}"#,
                #"{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"o"}]}"#, 1
            ),
            (
                .anthropic,
                #"{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"thinking","thinking":"t","signature":"s"}]}"#,
                #"{"type":"text","text":"a"}"#, 2
            ),
            (.anthropic, #"{"role":"user","content":[{"type":"thinking","thinking":"t"}]}"#, nil, 1),
            (.anthropic, #"{"role":"user","content":[{"type":"text","text":""}]}"#, nil, 1),
        ] as [(Form, String, String?, Int)])
    func aMessageIsMarkedAtItsLastPart(_ form: Form, _ message: String, _ place: String?, _ count: Int) throws {
        let list = form == .responses ? "input" : "messages"
        let text = #"{"model":"m","max_tokens":9,"\#(list)":[\#(message)]}"#
        let read = try #require(try Self.view(text, form).messages.first)
        #expect(Self.slice(text, read.place) == place)
        #expect(read.partCount == count)
        #expect(read.place?.isText ?? true == (place?.hasPrefix("\"") ?? true))
    }

    @Test func anthropicsToolsAndInstructionsHavePlacesToo() throws {
        let text =
            #"{"model":"m","max_tokens":9,"tools":[{"name":"a"},{"name":"b"}],"system":[{"type":"text","text":"s"}],"messages":[{"role":"user","content":"q"}]}"#
        let caching = try Self.view(text, .anthropic).caching
        #expect(Self.slice(text, caching.lastTool.map { PromptPlace(span: $0, isText: false) }) == #"{"name":"b"}"#)
        #expect(Self.slice(text, caching.system) == #"{"type":"text","text":"s"}"#)
        #expect(caching.toolCount == 2 && caching.systemPartCount == 1 && caching.automaticMark == nil)
        let deferred = text.replacing(#"{"name":"b"}"#, with: #"{"name":"b","defer_loading":true}"#)
        #expect(try Self.view(deferred, .anthropic).caching.lastTool == nil)
    }

    @Test(arguments: [
        (
            #"{"cache_control":{"type":"ephemeral"},"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}]}"#,
            false
        ),
        (
            #"{"model":"m","cache_control":{"type":"ephemeral","ttl":"1h"},"max_tokens":9,"messages":[{"role":"user","content":"q"}]}"#,
            true
        ),
        (
            #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}] , "cache_control" : {"ttl":"1\u0068"}}"#,
            true
        ),
    ])
    func anAutomaticMarkGoesWithOneComma(_ text: String, _ isLong: Bool) throws {
        let caching = try Self.view(text, .anthropic).caching
        var bytes = Array(text.utf8)
        bytes.removeSubrange(try #require(caching.automaticMark))
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}]}"#)
        #expect(caching.isAutomaticMarkLong == isLong)
    }

    @Test func livesAreReadInTheOrderOfTheMarks() throws {
        let mark = { (life: String) in #""cache_control":{"type":"ephemeral","ttl":"\#(life)"}"# }
        let text =
            #"{"model":"m","max_tokens":9,"system":[{"type":"text","text":"s",\#(mark("1h"))}],"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c",\#(mark("1h")),"content":[{"type":"text","text":"o",\#(mark("5m"))}]}]}]}"#
        let view = try Self.view(text, .anthropic)
        #expect(view.cacheMarks.count == 3 && (0..<4).map(view.caching.isLongMark) == [true, true, false, false])
    }

    @Test func keysAndModesAreNoticed() throws {
        for (form, list) in [(Form.chat, #""messages":[{"role":"user"}]"#), (.responses, #""input":"q""#)] {
            let plain = try Self.view(#"{"model":"m","prompt_cache_key":null,\#(list)}"#, form).caching
            #expect(!plain.hasKey && !plain.isExplicit)
            let said = try Self.view(
                #"{"model":"m","prompt_cache_key":"k","prompt_cache_options":{"mode":"explicit"},\#(list)}"#, form
            ).caching
            #expect(said.hasKey && said.isExplicit)
        }
    }
}
