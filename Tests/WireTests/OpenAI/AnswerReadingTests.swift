import NIOCore
import Testing
import Wire

struct ChatChunkReaderTests {
    static func read(_ text: String) -> ChatStreamPayload {
        var index = JSONIndex()
        return ChatChunkReader.read(ByteBuffer(string: text), index: &index)
    }

    static func chunk(_ text: String) throws -> ChatChunk {
        guard case .chunk(let chunk) = read(text) else {
            throw UnexpectedPayload(text: text, payload: read(text))
        }
        return chunk
    }

    struct UnexpectedPayload: Error {
        var text: String
        var payload: ChatStreamPayload
    }

    @Test(arguments: ["[DONE]", " [DONE]", "[DONE] ", "  [DONE]  "])
    func doneEndsTheStream(_ text: String) {
        #expect(Self.read(text) == .done)
    }

    @Test(arguments: [
        "", "DONE", "[DONE", "[done]", "[DONE]x", "{", "null", "[]", "1", #"{"choices":{}}"#, #"{"choices":[1]}"#,
        #"{"choices":"x"}"#,
    ])
    func whatIsNoChunkIsMalformed(_ text: String) {
        #expect(Self.read(text) == .malformed)
    }

    @Test(arguments: [
        ("text", #"{"content":"hello"}"#, true, 5),
        ("empty text", #"{"role":"assistant","content":""}"#, false, 0),
        ("null text", #"{"content":null}"#, false, 0),
        ("an escape counts as written", #"{"content":"a\n"}"#, true, 3),
        ("reasoning", #"{"content":null,"reasoning_content":"Think"}"#, true, 5),
        ("refusal", #"{"refusal":"No."}"#, true, 3),
        ("a tool call", #"{"tool_calls":[{"index":0,"id":"c","function":{"name":"get","arguments":"{}"}}]}"#, true, 5),
        ("an empty piece of a call", #"{"tool_calls":[{"index":0,"function":{"arguments":""}}]}"#, true, 0),
        ("no calls", #"{"tool_calls":[]}"#, false, 0),
        ("the old call", #"{"function_call":{"name":"f","arguments":"{}"}}"#, true, 3),
        ("audio", #"{"audio":{"data":"AA"}}"#, true, 0),
        ("nothing", "{}", false, 0),
        ("a delta that is none", "null", false, 0),
    ])
    func contentIsFoundAndMeasured(_ name: String, _ delta: String, _ hasContent: Bool, _ bytes: Int) throws {
        let chunk = try Self.chunk(
            #"{"choices":[{"index":0,"delta":"# + delta + #","finish_reason":null}],"usage":null}"#)
        #expect(chunk.hasContent == hasContent && chunk.textBytes == bytes, "\(name)")
        #expect(chunk.choiceCount == 1 && chunk.usage == nil && !chunk.isUsageOnly && !chunk.choices.areFinished)
    }

    @Test func finishReasonsAreKeptByChoice() throws {
        var choices = ChatChoices()
        choices.merge(try Self.chunk(#"{"choices":[{"index":0,"delta":{}},{"index":2,"delta":{}}]}"#).choices)
        #expect(!choices.areFinished)
        choices.merge(try Self.chunk(#"{"choices":[{"index":2,"finish_reason":"stop"}]}"#).choices)
        #expect(!choices.areFinished)
        choices.merge(try Self.chunk(#"{"choices":[{"index":0,"finish_reason":"length"}]}"#).choices)
        #expect(choices.areFinished)
        choices.merge(try Self.chunk(#"{"choices":[{"index":64,"finish_reason":"stop"}]}"#).choices)
        #expect(!choices.areFinished, "what is not followed is not known to have ended")
    }

    @Test(arguments: [#""""#, "null", "false"])
    func whatIsNoReasonIsNone(_ reason: String) throws {
        let chunk = try Self.chunk(#"{"choices":[{"index":0,"delta":{},"finish_reason":"# + reason + "}]}")
        #expect(!chunk.choices.areFinished)
    }

    @Test func aMissingIndexIsThePlace() throws {
        let chunk = try Self.chunk(#"{"choices":[{"finish_reason":"stop"},{"delta":{}}]}"#)
        #expect(chunk.choices.seen == 0b11 && chunk.choices.finished == 0b01)
    }

    @Test func theUsageChunkIsToldFromUsageOnAFinishChunk() throws {
        let extra = try Self.chunk(#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#)
        #expect(extra.isUsageOnly && extra.usage?.prompt == 3)
        let finish = try Self.chunk(#"{"choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":3}}"#)
        #expect(!finish.isUsageOnly && finish.usage?.prompt == 3)
        let filter = try Self.chunk(#"{"choices":[],"prompt_filter_results":[{"prompt_index":0}]}"#)
        #expect(!filter.isUsageOnly && filter.choiceCount == 0)
        #expect(try Self.chunk(#"{"id":"x"}"#).choiceCount == 0)
        #expect(try Self.chunk(#"{"choices":null,"usage":null}"#).usage == nil)
    }

    @Test func anErrorIsReadWhereAChunkWasDue() {
        #expect(
            Self.read(#"{"error":{"message":"busy","type":"server_error","param":null,"code":503}}"#)
                == .error(UpstreamError(message: "busy", type: "server_error", code: "503")))
        #expect(Self.read(#"{"error":"busy"}"#) == .error(UpstreamError(message: "busy")))
        #expect(Self.read(#"{"choices":[],"error":null}"#) == .chunk(ChatChunk()))
    }
}

struct ChatResponseReaderTests {
    static func read(_ text: String) throws(ChatResponseError) -> ChatResponse {
        var index = JSONIndex()
        return try ChatResponseReader.read(ByteBuffer(string: text), index: &index)
    }

    @Test func anAnswerIsRead() throws {
        let response = try Self.read(
            #"{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Oslo"},"finish_reason":"stop"},"#
                + #"{"index":1,"message":{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"#
                + #""usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7},"error":null}"#)
        #expect(response.choiceCount == 2 && response.textBytes == 7 && response.choices.areFinished)
        #expect(response.usage?.prompt == 5 && response.usage?.total == 7)
    }

    @Test(arguments: [
        ("no finish reason", #"{"choices":[{"message":{}}]}"#),
        ("usage only", #"{"choices":[],"usage":{"prompt_tokens":1}}"#),
        (
            "filter results",
            #"{"prompt_filter_results":[],"choices":[{"message":{"content":"x"},"content_filter_results":{}}]}"#
        ),
        ("null usage", #"{"choices":[{"message":{}}],"usage":null}"#),
    ])
    func whatVendorsSendIsTaken(_ name: String, _ text: String) throws {
        _ = try Self.read(text)
    }

    @Test(arguments: [
        ("cut short", #"{"choices":[{"message":{"#, ChatResponseError.notJSON(.invalid(at: 24))),
        ("nothing", "", .notJSON(.invalid(at: 0))),
        ("a page", "<html>", .notJSON(.invalid(at: 0))),
        ("an array", "[]", .notAnAnswer(.notAnObject)),
        ("no choices", #"{"id":"x"}"#, .notAnAnswer(.noChoices)),
        ("null choices", #"{"choices":null}"#, .notAnAnswer(.noChoices)),
        ("an object of choices", #"{"choices":{}}"#, .notAnAnswer(.noChoices)),
        ("no choice", #"{"choices":[]}"#, .notAnAnswer(.emptyChoices)),
        ("a number as choice", #"{"choices":[1]}"#, .notAnAnswer(.noMessage)),
        ("null message", #"{"choices":[{"message":null}]}"#, .notAnAnswer(.noMessage)),
        ("a chunk", #"{"choices":[{"delta":{}}]}"#, .notAnAnswer(.noMessage)),
        ("second choice without", #"{"choices":[{"message":{}},{}]}"#, .notAnAnswer(.noMessage)),
        ("an error", #"{"error":{"message":"no","code":"x"}}"#, .upstream(UpstreamError(message: "no", code: "x"))),
    ])
    func whatIsNoAnswerIsRefused(_ name: String, _ text: String, _ expected: ChatResponseError) {
        #expect(throws: expected, "\(name)") { try Self.read(text) }
    }
}

struct ReportedUsageTests {
    static func read(_ usage: String) throws -> ReportedUsage {
        try #require(try ChatChunkReaderTests.chunk(#"{"choices":[],"usage":"# + usage + "}").usage)
    }

    @Test func everyCountHasItsPlace() throws {
        let usage = try Self.read(
            #"{"prompt_tokens":1310,"completion_tokens":16,"total_tokens":1326,"prompt_tokens_details":{"cached_tokens":1280,"audio_tokens":1,"cache_write_tokens":9,"cache_write_tokens_details":{"ttl_30m_tokens":5,"ttl_12h_tokens":4}},"completion_tokens_details":{"reasoning_tokens":6,"audio_tokens":2},"prompt_cache_hit_tokens":1280,"prompt_cache_miss_tokens":30}"#
        )
        var expected = ReportedUsage()
        expected.prompt = 1310
        expected.completion = 16
        expected.total = 1326
        expected.cached = 1280
        expected.cacheWrite = 9
        expected.cacheWriteLong = 4
        expected.reasoning = 6
        expected.promptAudio = 1
        expected.completionAudio = 2
        expected.cacheHit = 1280
        expected.cacheMiss = 30
        expected.span = usage.span
        #expect(usage == expected)
    }

    @Test func qwensNameOfWritesIsRead() throws {
        #expect(try Self.read(#"{"prompt_tokens_details":{"cache_creation_input_tokens":7}}"#).cacheWrite == 7)
    }

    @Test func theSpanIsTheObjects() throws {
        let text = #"{"choices":[],"usage": {"prompt_tokens":1} }"#
        let usage = try #require(try ChatChunkReaderTests.chunk(text).usage)
        #expect(String(decoding: Array(text.utf8)[usage.span], as: UTF8.self) == #"{"prompt_tokens":1}"#)
    }

    @Test(arguments: [
        #"{"prompt_tokens":-1}"#, #"{"prompt_tokens":1.5}"#, #"{"prompt_tokens":"7"}"#, #"{"completion_tokens":1e40}"#,
        #"{"completion_tokens":{}}"#, #"{"prompt_tokens_details":{"cached_tokens":-4}}"#,
        #"{"completion_tokens_details":{"reasoning_tokens":true}}"#,
        #"{"prompt_cache_hit_tokens":9223372036854775808}"#,
    ])
    func aCountThatIsNoneIsFlagged(_ text: String) throws {
        #expect(try Self.read(text).isMalformed)
    }

    @Test(arguments: [
        "{}", #"{"prompt_tokens":null,"prompt_tokens_details":null,"completion_tokens_details":null}"#,
        #"{"unknown":-5,"cost":0.1}"#, #"{"prompt_tokens_details":[]}"#,
    ])
    func whatIsNotSaidIsNil(_ text: String) throws {
        let usage = try Self.read(text)
        #expect(!usage.isMalformed && usage.prompt == nil && usage.completion == nil && usage.cached == nil)
    }

    @Test func wholeNumbersCountHoweverTheyAreSpelled() throws {
        #expect(try Self.read(#"{"prompt_tokens":1.2e3,"completion_tokens":4.0}"#).prompt == 1_200)
    }
}
