import NIOCore
import Pipeline
import Testing
import Wire

struct ChatCompletionTests {
    private typealias Support = ChatSupport

    private static func answer(_ message: String, _ finish: String = "stop", _ members: String = "") -> String {
        #"{"id":"c1","object":"chat.completion","created":5,"model":"x","choices":[{"index":0,"message":\#(message),"finish_reason":"\#(finish)"}]\#(members)}"#
    }

    @Test func everythingIsRead() throws {
        let completion = try Support.completion(
            #"{"id":"c1","created":5,"model":"x","service_tier":"flex","choices":[{"index":1,"message":{"role":"assistant","content":"second"},"finish_reason":"length"},"#
                + #"{"index":0,"message":{"role":"assistant","content":"caf\u00e9","refusal":"no","reasoning_content":"hm","annotations":[{"type":"url_citation","url_citation":{"url":"u"}}],"#
                + #""tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}},{"id":"t2","type":"custom","custom":{"name":"g","input":"free"}}]},"logprobs":{"content":[{"token":"a"}],"refusal":null},"finish_reason":"tool_calls"}],"#
                + #""usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":3}}}"#
        )
        var first = CompletionChoice(
            parts: [
                Part(.reasoning(Reasoning(text: "hm"))),
                Part(
                    .text(Support.escaped(#"caf\u00e9"#)),
                    citations: Support.json(#"[{"type":"url_citation","url_citation":{"url":"u"}}]"#, .array)),
                Part(.refusal("no")), Support.call("t1", "f", .encoded(Support.escaped(#"{\"x\": 1}"#))),
                Support.call("t2", "g", .text("free")),
            ], stop: .toolCalls)
        first.logprobs = Support.json(#"{"content":[{"token":"a"}]}"#, .object)
        var usage = ReportedUsage()
        usage.prompt = 10
        usage.completion = 4
        usage.total = 14
        usage.cached = 6
        usage.reasoning = 3
        var expected = Completion(choices: [first, CompletionChoice(parts: [Support.text("second")], stop: .length)])
        expected.id = "c1"
        expected.model = "x"
        expected.createdSeconds = 5
        expected.serviceTier = "flex"
        expected.usage = usage
        #expect(Support.placeless(completion) == expected)
        #expect(completion.usage?.span.isEmpty == false)
    }

    @Test(arguments: [
        (
            "vLLM's thoughts", #"{"reasoning":"hm","content":"a"}"#,
            [Part(.reasoning(Reasoning(text: "hm"))), Support.text("a")]
        ),
        ("null thoughts", #"{"reasoning_content":null,"content":"a"}"#, [Support.text("a")]),
        (
            "parts", #"{"content":[{"type":"text","text":"a"},{"type":"refusal","refusal":"b"}]}"#,
            [Support.text("a"), Part(.refusal("b"))]
        ),
        (
            "an object", #"{"content":null,"tool_calls":[{"id":"t","function":{"name":"f","arguments":{"x":1}}}]}"#,
            [Support.call("t", "f", .encoded(Support.escaped(#"{\"x\":1}"#)))]
        ),
        (
            "a sound", #"{"content":null,"audio":{"id":"a","data":"UklG","transcript":"hi"}}"#,
            [Support.text("hi"), Part(.audio(Media(.base64("UklG"))))]
        ),
        (
            "a picture",
            #"{"content":"","images":[{"type":"image_url","image_url":{"url":"data:image/webp;base64,aa"}}]}"#,
            [Part(.image(Media(.base64("aa"), mediaType: "image/webp")))]
        ),
    ])
    func dialectsAreRead(_ name: String, _ message: String, _ parts: [Part]) throws {
        #expect(try Support.completion(Self.answer(message)).choices.first?.parts == parts, "\(name)")
    }

    @Test func callsWithoutIDsGetOnes() throws {
        let message =
            #"{"tool_calls":[{"function":{"name":"f","arguments":"{}"}},{"id":"","function":{"name":"f","arguments":"{}"}}],"function_call":{"name":"g","arguments":"{}"}}"#
        let ids = try Support.completion(Self.answer(message)).choices[0].parts.compactMap { part -> JSONText? in
            if case .toolCall(let call) = part.content { call.id } else { nil }
        }
        #expect(ids.count == 3 && Set(ids).count == 3 && ids.allSatisfy { !$0.isEmpty })
        let other = try Support.completion(Self.answer(message).replacing("c1", with: "c2"))
        #expect(
            !other.choices[0].parts.contains { part in
                if case .toolCall(let call) = part.content { ids.contains(call.id) } else { false }
            })
    }

    @Test(arguments: [
        ("stop", StopReason.endOfTurn as StopReason?), ("length", .length), ("content_filter", .filtered),
        ("tool_calls", .toolCalls),
        ("function_call", .toolCalls), ("insufficient_system_resource", .length), ("novel", .endOfTurn), ("", nil),
        ("null", nil),
    ])
    func endsAreRead(_ word: String, _ stop: StopReason?) throws {
        #expect(try Support.completion(Self.answer(#"{"content":"a"}"#, word)).choices.first?.stop == stop)
    }

    @Test(arguments: [
        (
            "OpenAI",
            #"{"prompt_tokens":10,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":6,"cache_write_tokens":2}}"#,
            10 as Int64?, 6 as Int64?, 2 as Int64?
        ),
        (
            "DeepSeek",
            #"{"prompt_tokens":210,"completion_tokens":30,"prompt_cache_hit_tokens":128,"prompt_cache_miss_tokens":82}"#,
            210, 128, nil
        ),
        (
            "DeepSeek without a sum",
            #"{"completion_tokens":30,"prompt_cache_hit_tokens":128,"prompt_cache_miss_tokens":82}"#, 210, 128, nil
        ),
        (
            "Qwen",
            #"{"prompt_tokens":10,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":1,"cache_creation_input_tokens":5}}"#,
            10, 1, 5
        ),
        ("Ollama", #"{"prompt_tokens":10,"completion_tokens":4}"#, 10, nil, nil),
    ])
    func usageIsRead(_ name: String, _ text: String, _ prompt: Int64?, _ cached: Int64?, _ written: Int64?) throws {
        let usage = try #require(
            try Support.completion(Self.answer(#"{"content":"a"}"#, "stop", #","usage":\#(text)"#)).usage)
        #expect(usage.prompt == prompt && usage.cached == cached && usage.cacheWrite == written, "\(name)")
        #expect(!usage.isMalformed)
    }

    @Test(arguments: [
        #"{"prompt_tokens":-1}"#, #"{"prompt_tokens":1.5}"#, #"{"prompt_tokens":"1"}"#, #"{"prompt_tokens":1e30}"#,
        #"{"prompt_cache_hit_tokens":9223372036854775807,"prompt_cache_miss_tokens":1}"#,
    ])
    func usageThatCannotBeIsMalformed(_ usage: String) throws {
        let read = try Support.completion(Self.answer(#"{"content":"a"}"#, "stop", #","usage":\#(usage)"#)).usage
        #expect(read?.isMalformed == true)
    }

    /// Whatever a vendor counts, what clients are told adds up.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func usageAddsUp(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let counts = (0..<5).map { _ in
            random.chance(20)
                ? Int64.random(in: 0...(.max / 4), using: &random) : Int64.random(in: 0...5_000, using: &random)
        }
        let text =
            random.chance(50)
            ? #"{"prompt_tokens":\#(counts[0] + counts[1]),"completion_tokens":\#(counts[2]),"prompt_tokens_details":{"cached_tokens":\#(counts[1])}}"#
            : #"{"completion_tokens":\#(counts[2]),"prompt_cache_hit_tokens":\#(counts[1]),"prompt_cache_miss_tokens":\#(counts[0])}"#
        let completion = try Support.completion(Self.answer(#"{"content":"a"}"#, "stop", #","usage":\#(text)"#))
        let usage = try #require(completion.usage)
        let prompt = try #require(usage.prompt)
        let cached = try #require(usage.cached)
        #expect(
            !usage.isMalformed && cached >= 0 && prompt - cached == counts[0] && cached == counts[1], "seed \(seed)")
        let again = try #require(try Support.completion(Support.answer(completion, try Support.context())).usage)
        #expect(again.prompt == prompt && again.cached == cached && again.completion == counts[2], "seed \(seed)")
        #expect(again.total == prompt + counts[2], "seed \(seed)")
    }

    @Test(arguments: [
        (
            "an error", #"{"error":{"message":"no","code":"x"}}"#,
            CompletionError.upstream(UpstreamError(message: "no", code: "x")) as CompletionError?
        ),
        ("cut", #"{"choices":["#, nil), ("an array", "[]", nil), ("no choices", "{}", nil),
        ("none", #"{"choices":[]}"#, nil),
        (
            "vLLM's error", #"{"object":"error","message":"no","type":"t","param":null,"code":400}"#,
            .upstream(UpstreamError(message: "no", type: "t", code: "400"))
        ),
        (
            "DashScope's error", #"{"code":"x","message":"no","request_id":"r"}"#,
            .upstream(UpstreamError(message: "no", code: "x"))
        ),
        (
            "a choice's error",
            #"{"choices":[{"index":0,"error":{"message":"no","code":502},"message":{"content":""}}]}"#,
            .upstream(UpstreamError(message: "no", code: "502"))
        ),
        ("no message", #"{"choices":[{}]}"#, nil), ("a text", #"{"choices":[{"message":"x"}]}"#, nil),
    ])
    func whatIsNoAnswerIsRefused(_ name: String, _ text: String, _ expected: CompletionError?) {
        let error = #expect(throws: CompletionError.self) { try Support.completion(text) }
        if let expected { #expect(error == expected, "\(name)") }
    }

    @Test func choicesThatSayNothingAreThere() throws {
        let answer = #"{"choices":[{"message":{"content":null}},{"message":{"content":""},"finish_reason":"length"}]}"#
        #expect(try Support.completion(answer).choices == [CompletionChoice(), CompletionChoice(stop: .length)])
        let late = #"{"choices":[{"message":{"content":"a"}},{"message":{}}]}"#
        #expect(
            try Support.completion(late).choices == [CompletionChoice(parts: [Support.text("a")]), CompletionChoice()])
    }

    /// In a whole answer each element is a call, whatever it has in common with others.
    @Test(arguments: [
        #"{"id":"t","index":0,"function":{"name":"f","arguments":"{"}},{"id":"t","index":0,"function":{"name":"f","arguments":"{"}}"#,
        #"{"function":{"name":"f","arguments":"{"}},{"function":{"name":"f","arguments":"{"}}"#,
        #"{"id":"t","function":{"name":"f"}},{"id":"","function":{"name":"f","arguments":"{{"}}"#,
    ])
    func eachCallIsOne(_ calls: String) throws {
        let parts = try Support.completion(Self.answer(#"{"tool_calls":[\#(calls)]}"#)).choices[0].parts
        let arguments = parts.compactMap { part in
            if case .toolCall(let call) = part.content { call.arguments.encoded.string } else { nil }
        }
        #expect(arguments.count == 2 && arguments.joined() == "{{")
    }

    // MARK: Writing

    @Test func everythingIsWritten() throws {
        var completion = Completion(choices: [
            CompletionChoice(
                parts: [
                    Part(
                        .reasoning(
                            Reasoning(text: "hm", signature: Signature(origin: .anthropicMessages, value: "sig")))),
                    Part(.reasoning(Reasoning(redacted: Signature(origin: .anthropicMessages, value: "data")))),
                    Part(
                        .text("a"),
                        citations: Support.json(
                            #"[{"type":"url_citation","url":"u","title":"t","start_index":1,"end_index":2},{"type":"char_location"}]"#,
                            .array)),
                    Support.text("b"), Support.call("t1", "f", .object(Support.json(#"{"x":"é"}"#, .object))),
                    Part(
                        .toolCall(
                            ToolCall(
                                id: "t2", name: "g", arguments: .text("free"),
                                signature: Signature(origin: .geminiGenerate, value: "+/8=")))),
                    Part(.image(Media(.base64("aa"), mediaType: "image/webp"))), Part(.audio(Media(.base64("UklG")))),
                ], stop: .toolCalls)
        ])
        var usage = ReportedUsage()
        usage.prompt = 10
        usage.completion = 4
        usage.cacheWrite = 2
        completion.usage = usage
        completion.serviceTier = "default"
        #expect(
            Support.answer(completion, try Support.context())
                == #"{"id":"chatcmpl-s1","object":"chat.completion","created":1795219200,"model":"up","choices":[{"index":0,"message":{"role":"assistant","content":"ab","refusal":null,"#
                + #""annotations":[{"type":"url_citation","url_citation":{"url":"u","title":"t","start_index":1,"end_index":2}}],"reasoning_content":"hm","reasoning_signature":"tr1.a.sig","redacted_reasoning":["tr1.a.data"],"#
                + #""tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"x\":\"é\"}"}},{"id":"t2_tr1g_-_8","type":"custom","custom":{"name":"g","input":"free"}}],"#
                + #""audio":{"id":"audio_s1","data":"UklG","expires_at":0,"transcript":""},"images":[{"type":"image_url","image_url":{"url":"data:image/webp;base64,aa"}}]},"logprobs":null,"finish_reason":"tool_calls"}],"#
                + #""usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":0}},"service_tier":"default"}"#
        )
    }

    @Test(arguments: [
        (StopReason.endOfTurn, "stop"), (.stopSequence("x"), "stop"), (.length, "length"), (.toolCalls, "tool_calls"),
        (.filtered, "content_filter"), (.pause, "length"), (.brokenToolCall, "stop"),
    ])
    func endsAreWritten(_ stop: StopReason, _ word: String) throws {
        let text = Support.answer(Completion(choices: [CompletionChoice(stop: stop)]), try Support.context())
        #expect(text.contains(#""finish_reason":"\#(word)""#))
    }

    @Test func functionsAreAnsweredAsFunctions() throws {
        let context = try Support.context(
            Support.request(#"{"role":"user","content":"hi"}"#, #""functions":[{"name":"f"}]"#))
        let completion = Completion(choices: [
            CompletionChoice(parts: [Support.call("t", "f", .encoded("{}"))], stop: .toolCalls)
        ])
        let text = Support.answer(completion, context)
        #expect(
            text.contains(#""function_call":{"name":"f","arguments":"{}"}"#)
                && text.contains(#""finish_reason":"function_call""#))
        #expect(!text.contains("tool_calls"))
    }

    @Test func answersSurviveARoundTrip() throws {
        let text =
            #"{"id":"c1","object":"chat.completion","created":5,"model":"x","choices":[{"index":0,"message":{"role":"assistant","content":"a","refusal":null,"reasoning_content":"hm","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"},{"index":1,"message":{"role":"assistant","content":"b","refusal":null},"logprobs":null,"finish_reason":"stop"}]}"#
        #expect(Support.answer(try Support.completion(text), try Support.context()) == text)
    }
}
