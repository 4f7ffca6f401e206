import NIOCore
import Pipeline
import Testing
import Wire

struct ResponsesCompletionTests {
    private typealias Support = ResponsesSupport

    private static let answer = #"""
        {"id":"resp_1","object":"response","created_at":1795219200.0,"status":"completed","error":null,"incomplete_details":null,"model":"gpt-x","output":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"encrypted_content":"gAA"},{"type":"web_search_call","id":"ws"},{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"4\n","annotations":[{"type":"url_citation","url":"u","title":"t","start_index":0,"end_index":1}],"logprobs":[{"token":"4","logprob":-0.1,"bytes":[52],"top_logprobs":[]}]}]},{"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{}","status":"completed"}],"service_tier":"default","usage":{"input_tokens":21,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":4,"cache_write_tokens_details":{"ttl_30m_tokens":3,"ttl_12h_tokens":1}},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":6},"total_tokens":30}}
        """#

    @Test func aWholeAnswerIsRead() throws {
        let completion = try Support.completion(Self.answer)
        #expect(completion.id == "resp_1" && completion.model == "gpt-x" && completion.createdSeconds == 1_795_219_200)
        #expect(completion.serviceTier == "default")
        let choice = try #require(completion.choices.first)
        #expect(choice.stop == .toolCalls && choice.parts.count == 3)
        #expect(
            choice.parts[0]
                == Part(
                    .reasoning(
                        Reasoning(
                            text: JSONText(content: ByteBuffer(string: #"a\n\nb"#)),
                            signature: Signature(origin: .openAIResponses, value: "gAA"), id: "rs_1"))))
        #expect(choice.parts[1].citations != nil && choice.parts[2] == Support.call("c1", "f", .encoded("{}")))
        #expect(
            choice.logprobs.map { String(buffer: $0.bytes) }
                == #"{"content":[{"token":"4","logprob":-0.1,"bytes":[52],"top_logprobs":[]}]}"#)
        let usage = try #require(completion.usage)
        #expect(usage.prompt == 21 && usage.cached == 8 && usage.cacheWrite == 4 && usage.cacheWriteLong == 1)
        #expect(usage.completion == 9 && usage.reasoning == 6 && usage.total == 30 && !usage.isMalformed)
        #expect(String(decoding: Array(Self.answer.utf8)[usage.span], as: UTF8.self).hasPrefix(#"{"input_tokens":21"#))
    }

    @Test(arguments: [
        ("no status", #"{"output":[]}"#, StopReason.endOfTurn),
        (
            "a limit", #"{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}"#,
            .length
        ),
        (
            "a filter", #"{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}"#,
            .filtered
        ),
        (
            "an unknown reason", #"{"status":"incomplete","incomplete_details":{"reason":"steered"},"output":[]}"#,
            .length
        ),
        (
            "a refusal",
            #"{"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"no"}]}]}"#,
            .refusal
        ),
        (
            "a call", #"{"status":"completed","output":[{"type":"custom_tool_call","name":"g","input":"x"}]}"#,
            .toolCalls
        ),
    ])
    func theEndIsRead(_ name: String, _ body: String, _ stop: StopReason) throws {
        #expect(try Support.completion(body).choices.first?.stop == stop, "\(name)")
    }

    @Test(arguments: [
        ("no JSON", "{", true), ("no object", "[]", true), ("no output", #"{"status":"completed"}"#, true),
        ("not ended", #"{"status":"in_progress","output":[]}"#, true),
        ("failed", #"{"status":"failed","error":{"code":"server_error","message":"boom"},"output":[]}"#, false),
        ("an error's body", #"{"error":{"message":"boom","type":"x"}}"#, false),
        ("cancelled", #"{"status":"cancelled","output":[]}"#, false),
    ])
    func noAnswerIsToldApart(_ name: String, _ body: String, _ isMalformed: Bool) {
        #expect("\(name)") {
            try Support.completion(body)
        } throws: { error in
            switch error as? CompletionError {
            case .malformed: isMalformed
            case .upstream(let error): !isMalformed && error.message != nil
            case nil: false
            }
        }
    }

    @Test func anAnswerOfAnotherVendorIsAWholeResponse() throws {
        var completion = Completion(choices: [
            CompletionChoice(
                parts: [
                    Part(
                        .reasoning(Reasoning(text: "hm", signature: Signature(origin: .anthropicMessages, value: "Eq")))
                    ),
                    Part(.reasoning(Reasoning(redacted: Signature(origin: .anthropicMessages, value: "ZZ")))),
                    Support.text("so"),
                    Part(
                        .toolCall(
                            ToolCall(
                                id: "toolu_1", name: "f", arguments: .object(.emptyObject),
                                signature: Signature(origin: .geminiGenerate, value: "c2ln")))),
                ], stop: .toolCalls)
        ])
        completion.id = "msg_1"
        completion.model = "claude"
        var usage = ReportedUsage()
        usage.prompt = 10
        usage.cached = 4
        usage.cacheWrite = 2
        usage.completion = 5
        usage.reasoning = 3
        completion.usage = usage
        let expected = [
            #"{"id":"resp_msg_1","object":"response","created_at":1795219200,"status":"completed","error":null,"#,
            #""incomplete_details":null,"instructions":null,"model":"claude","output":["#,
            #"{"id":"rs_s1_0","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"tr1.a.Eq"},"#,
            #"{"id":"rs_s1_1","type":"reasoning","summary":[],"encrypted_content":"tr1.a.redacted.ZZ"},"#,
            #"{"id":"msg_s1_2","type":"message","status":"completed","role":"assistant","content":["#,
            #"{"type":"output_text","text":"so","annotations":[],"logprobs":[]}]},"#,
            #"{"id":"fc_s1_3","type":"function_call","status":"completed","call_id":"toolu_1_tr1g_c2ln","name":"f","arguments":"{}"}],"#,
            #""parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":false,"#,
            #""temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"#,
            #""max_output_tokens":null,"metadata":{},"safety_identifier":null,"prompt_cache_key":null,"#,
            #""usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":2},"#,
            #""output_tokens":5,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":15}}"#,
        ].joined()
        #expect(Support.answer(completion, try Support.context()) == expected)
    }

    @Test(arguments: [
        (StopReason.length, #""status":"incomplete","error":null,"incomplete_details":{"reason":"max_output_tokens"}"#),
        (.filtered, #""status":"incomplete","error":null,"incomplete_details":{"reason":"content_filter"}"#),
        (.refusal, #""status":"incomplete","error":null,"incomplete_details":{"reason":"content_filter"}"#),
        (.pause, #""status":"completed","error":null,"incomplete_details":null"#),
        (.stopSequence("x"), #""status":"completed","error":null,"incomplete_details":null"#),
        (.brokenToolCall, #""status":"failed","error":{"code":"server_error","#),
    ])
    func theEndIsWritten(_ stop: StopReason, _ expected: String) throws {
        let completion = Completion(choices: [CompletionChoice(parts: [Support.text("x")], stop: stop)])
        #expect(Support.answer(completion, try Support.context()).contains(expected))
    }

    @Test func citationsOfOtherFormsBecomeAnnotations() throws {
        let citations = ByteBuffer(
            string:
                #"[{"type":"url_citation","url_citation":{"url":"u","title":"t","start_index":1,"end_index":2}},{"type":"page_location"}]"#
        )
        let part = Part(.text("x"), citations: JSONFragment(trusted: citations, kind: .array))
        let answer = Support.answer(
            Completion(choices: [CompletionChoice(parts: [part], stop: .endOfTurn)]), try Support.context())
        #expect(
            answer.contains(
                #""annotations":[{"type":"url_citation","url":"u","title":"t","start_index":1,"end_index":2}]"#))
    }

    @Test func theRequestsSettingsAreRepeated() throws {
        let context = try Support.context(
            #"""
            {"model":"m","input":"x","temperature":0.5,"tools":[{"type":"function","name":"f","parameters":{"a":1}}],"tool_choice":"required","text":{"verbosity":"low"},"metadata":{"a":"b"},"reasoning":{"effort":"low","summary":"auto"},"max_output_tokens":9}
            """#)
        let answer = Support.answer(Completion(choices: [CompletionChoice(stop: .endOfTurn)]), context)
        for member in [
            #""temperature":0.5"#, #""tools":[{"type":"function","name":"f","parameters":{"a":1},"strict":false}]"#,
            #""tool_choice":"required""#, #""text":{"format":{"type":"text"},"verbosity":"low"}"#,
            #""metadata":{"a":"b"}"#,
            #""reasoning":{"effort":"low","summary":"auto"}"#, #""max_output_tokens":9"#, #""usage":null"#,
            #""output":[]"#,
        ] {
            #expect(answer.contains(member), "\(member)")
        }
    }

    @Test func aResponseComesBackTheSame() throws {
        let completion = try Support.completion(Self.answer)
        let again = try Support.completion(Support.answer(completion, try Support.context()))
        var expected = Support.placeless(completion)
        expected.usage?.cacheWriteLong = nil
        // An item's id is the answer's own.
        if case .reasoning(var reasoning) = expected.choices[0].parts[0].content {
            reasoning.id = "rs_s1_0"
            expected.choices[0].parts[0].content = .reasoning(reasoning)
        }
        #expect(Support.placeless(again) == expected)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func countsAreNeverBelowZeroAndAddUp(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func count() -> Int64 {
            [0, 1, Int64.random(in: 0...5_000, using: &random), .max, -1].randomElement(using: &random) ?? 0
        }
        let (prompt, cached, written, output, thought) = (count(), count(), count(), count(), count())
        let completion = try Support.completion(
            #"{"output":[],"usage":{"input_tokens":\#(prompt),"input_tokens_details":{"cached_tokens":\#(cached),"cache_write_tokens":\#(written)},"output_tokens":\#(output),"output_tokens_details":{"reasoning_tokens":\#(thought)},"total_tokens":1}}"#
        )
        let usage = try #require(completion.usage)
        let all = [prompt, cached, written, output, thought]
        #expect(usage.isMalformed == all.contains { $0 < 0 }, "seed \(seed)")
        for part in [usage.prompt, usage.cached, usage.cacheWrite, usage.completion, usage.reasoning] {
            #expect((part ?? 0) >= 0, "seed \(seed)")
        }
        let told = try Support.completion(Support.answer(completion, try Support.context())).usage
        guard usage.prompt != nil || usage.completion != nil else {
            #expect(told == nil, "seed \(seed)")
            return
        }
        let again = try #require(told)
        #expect(again.prompt == usage.prompt ?? 0 && again.completion == usage.completion ?? 0, "seed \(seed)")
        let (sum, overflow) = (again.prompt ?? 0).addingReportingOverflow(again.completion ?? 0)
        #expect(again.total == (overflow ? .max : sum), "seed \(seed)")
    }

    /// Clients check these: servers that speak Chat Completions leave `bytes` out or null.
    @Test(arguments: [
        "{\"token\":\"a\",\"logprob\":-1}", "{\"token\":\"a\",\"logprob\":-1,\"bytes\":null,\"top_logprobs\":null}",
    ])
    func logprobsAreMadeWhole(_ element: String) throws {
        var completion = Completion(choices: [CompletionChoice(parts: [Support.text("a")], stop: .endOfTurn)])
        completion.choices[0].logprobs = JSONFragment(
            trusted: ByteBuffer(string: #"{"content":[\#(element)]}"#), kind: .object)
        let answer = Support.answer(completion, try Support.context())
        #expect(
            answer.contains(#""logprobs":[{"token":"a","logprob":-1,"bytes":[],"top_logprobs":[]}]"#), "\(answer)")
    }

    @Test(arguments: [("standard", "default"), ("priority", "priority"), ("batch", nil)] as [(String, String?)])
    func aTierIsToldInTheFormsWords(_ given: String, _ told: String?) throws {
        var completion = Completion(choices: [CompletionChoice(parts: [], stop: .endOfTurn)])
        completion.serviceTier = JSONText(given)
        let answer = Support.answer(completion, try Support.context())
        if let told {
            #expect(answer.contains(#""service_tier":"\#(told)""#), "\(answer)")
        } else {
            #expect(!answer.contains("service_tier"), "\(answer)")
        }
    }
}
