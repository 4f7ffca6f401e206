import NIOCore
import Pipeline
import Testing
import Wire

struct ChatStreamWriterTests {
    private typealias Support = ChatSupport

    private static let head =
        #"data: {"id":"c1","object":"chat.completion.chunk","created":5,"model":"x","choices":[{"index":0,"delta":"#
    private static let tail = #","logprobs":null,"finish_reason":null}]}"# + "\n\n"
    private static let start = CompletionEvent.began(CompletionStart(id: "c1", model: "x", createdSeconds: 5))
    private static let role = head + #"{"role":"assistant","content":"","refusal":null}"# + tail

    /// What one event writes behind the beginning.
    private static func written(_ event: CompletionEvent, _ context: CompletionContext) -> String {
        String(Support.stream([start, event], context).dropFirst(role.count))
    }

    @Test func theRoleGoesOutAtOnce() throws {
        #expect(Support.stream([Self.start], try Support.context()) == Self.role)
        let bare = Support.stream([.began(CompletionStart())], try Support.context())
        #expect(
            bare.hasPrefix(
                #"data: {"id":"chatcmpl-s1","object":"chat.completion.chunk","created":1795219200,"model":"up","choices":[{"#
            ))
    }

    @Test(arguments: [
        (CompletionEvent.text(choice: 0, Support.escaped(#"é\ud83d"#)), #"{"content":"é\ud83d"}"#),
        (.refusal(choice: 0, "no"), #"{"refusal":"no"}"#),
        (.reasoning(choice: 0, "hm"), #"{"reasoning_content":"hm"}"#),
        (
            .redactedReasoning(choice: 0, Signature(origin: .anthropicMessages, value: "d")),
            #"{"redacted_reasoning":["tr1.a.d"]}"#
        ),
        (
            .toolCallBegan(
                choice: 0, call: 1, id: "t", name: "f", isCustom: false,
                signature: Signature(origin: .geminiGenerate, value: "aa==")),
            #"{"tool_calls":[{"index":1,"id":"t_tr1g_aa","type":"function","function":{"name":"f","arguments":""}}]}"#
        ),
        (
            .toolCallArguments(choice: 0, call: 1, Support.escaped(#"{\"a\":"#)),
            #"{"tool_calls":[{"index":1,"function":{"arguments":"{\"a\":"}}]}"#
        ),
        (
            .media(choice: 0, Part(.image(Media(.base64("aa"), mediaType: "image/webp")))),
            #"{"images":[{"index":0,"type":"image_url","image_url":{"url":"data:image/webp;base64,aa"}}]}"#
        ),
        (
            .media(choice: 0, Part(.audio(Media(.base64("UklG"))))),
            #"{"audio":{"id":"audio_s1","data":"UklG","expires_at":0,"transcript":""}}"#
        ),
        (
            .citation(
                choice: 0,
                Support.json("{\"type\":\"web_search_result_location\",\n\"url\":\"u\",\"title\":\"t\"}", .object)),
            #"{"annotations":[{"index":0,"type":"url_citation","url_citation":{"url":"u","title":"t","start_index":0,"end_index":0}}]}"#
        ),
    ])
    func eachEventIsOneChunk(_ event: CompletionEvent, _ delta: String) throws {
        #expect(Self.written(event, try Support.context()) == Self.head + delta + Self.tail)
    }

    @Test(arguments: [
        CompletionEvent.text(choice: 0, ""), .toolCallArguments(choice: 0, call: 0, ""), .usage(ReportedUsage()),
        .serviceTier("x"), .citation(choice: 0, .emptyObject), .reasoning(choice: 0, ""),
        .reasoningSignature(choice: 0, Signature.absent(of: .anthropicMessages), itemID: nil),
    ])
    func whatSaysNothingIsNotWritten(_ event: CompletionEvent) throws {
        #expect(Self.written(event, try Support.context()).isEmpty)
    }

    @Test func logprobsStandOnOneLine() throws {
        let logprobs = Support.json("[{\"token\":\"a\",\r\n \"logprob\":-1}]", .array)
        #expect(
            Self.written(.logprobs(choice: 0, logprobs), try Support.context())
                == Self.head + #"{},"logprobs":{"content":[{"token":"a",   "logprob":-1}]},"finish_reason":null}]}"#
                + "\n\n")
    }

    @Test func customCallsArePiecedTogether() throws {
        let text = Support.stream(
            [
                Self.start, .toolCallBegan(choice: 0, call: 0, id: "t", name: "g", isCustom: true, signature: nil),
                .toolCallArguments(choice: 0, call: 0, "free"),
            ], try Support.context())
        #expect(
            text == Self.role
                + Self.head + #"{"tool_calls":[{"index":0,"id":"t","type":"custom","custom":{"name":"g","input":""}}]}"#
                + Self.tail
                + Self.head + #"{"tool_calls":[{"index":0,"custom":{"input":"free"}}]}"# + Self.tail)
    }

    @Test func functionsAreAnsweredAsFunctions() throws {
        let context = try Support.context(
            Support.request(#"{"role":"user","content":"hi"}"#, #""functions":[{"name":"f"}]"#))
        let events: [CompletionEvent] = [
            Self.start, .toolCallBegan(choice: 0, call: 0, id: "t", name: "f", isCustom: false, signature: nil),
            .toolCallArguments(choice: 0, call: 0, "{}"),
            .toolCallBegan(choice: 0, call: 1, id: "u", name: "f", isCustom: false, signature: nil),
            .toolCallArguments(choice: 0, call: 1, "{}"), .finished(choice: 0, .toolCalls),
        ]
        #expect(
            Support.stream(events, context) == Self.role
                + Self.head + #"{"function_call":{"name":"f","arguments":""}}"# + Self.tail
                + Self.head + #"{"function_call":{"arguments":"{}"}}"# + Self.tail
                + Self.head + #"{},"logprobs":null,"finish_reason":"function_call"}]}"# + "\n\n")
    }

    /// The official package gathers lists of objects by their index and joins texts.
    @Test func listsThatComeInPiecesAreNumbered() throws {
        let picture = CompletionEvent.media(choice: 0, Part(.image(Media(.url("u")))))
        let sound = CompletionEvent.media(choice: 0, Part(.audio(Media(.base64("UklG")))))
        let own = Support.json(#"{"index":7,"type":"url_citation","url_citation":{"url":"u"},"more":1}"#, .object)
        let events: [CompletionEvent] = [
            Self.start, picture, picture, sound, sound, .citation(choice: 0, own),
            .citation(choice: 0, Support.json(#"{"url":"v"}"#, .object)),
        ]
        let deltas = [
            #"{"images":[{"index":0,"type":"image_url","image_url":{"url":"u"}}]}"#,
            #"{"images":[{"index":1,"type":"image_url","image_url":{"url":"u"}}]}"#,
            #"{"audio":{"id":"audio_s1","data":"UklG","expires_at":0,"transcript":""}}"#,
            #"{"audio":{"data":"UklG"}}"#,
            #"{"annotations":[{"index":0,"type":"url_citation","url_citation":{"url":"u"},"more":1}]}"#,
            #"{"annotations":[{"index":1,"type":"url_citation","url_citation":{"url":"v","title":"","start_index":0,"end_index":0}}]}"#,
        ]
        #expect(
            Support.stream(events, try Support.context())
                == Self.role + deltas.map { Self.head + $0 + Self.tail }.joined())
    }

    @Test(
        arguments: [
            ("standard", "default" as String?), ("default", "default"), ("priority", "priority"), ("fast", "priority"),
            ("auto", "auto"), ("flex", "flex"), ("scale", "scale"), ("batch", nil), ("on_demand", nil),
        ] as [(JSONText, String?)])
    func tiersAreThoseThePackageKnows(_ tier: JSONText, _ word: String?) throws {
        let member = word.map { #","service_tier":"\#($0)""# } ?? ""
        let stream = Support.stream([Self.start, .serviceTier(tier), .text(choice: 0, "a")], try Support.context())
        #expect(stream.hasSuffix(#""finish_reason":null}]\#(member)}"# + "\n\n"))
        var completion = Completion(choices: [CompletionChoice(parts: [Support.text("a")])])
        completion.serviceTier = tier
        #expect(Support.answer(completion, try Support.context()).hasSuffix(#""finish_reason":"stop"}]\#(member)}"#))
    }

    @Test func anAnswerThatNeverSaidWhyItEndedIsGivenAReason() throws {
        let finish = #"{},"logprobs":null,"finish_reason":"stop"}]}"# + "\n\n"
        let done = "data: [DONE]\n\n"
        let context = try Support.context()
        #expect(Support.stream([Self.start, .ended], context) == Self.role + Self.head + finish + done)
        let asked = Support.stream(
            [
                Self.start, .toolCallBegan(choice: 0, call: 0, id: "t", name: "f", isCustom: false, signature: nil),
                .ended,
            ], context)
        #expect(asked.hasSuffix(finish.replacing("stop", with: "tool_calls") + done))
        let one = Support.stream([Self.start, .finished(choice: 0, .length), .ended], context)
        #expect(one == Self.role + Self.head + finish.replacing("stop", with: "length") + done)
    }

    @Test func emptyUsageForgetsNothing() throws {
        var usage = ReportedUsage()
        usage.prompt = 9
        let text = Support.stream(
            [Self.start, .usage(usage), .usage(ReportedUsage()), .ended], try Support.context(includesUsageChunk: true))
        #expect(text.contains(#""prompt_tokens":9"#))
    }

    /// The finish leaves before the tail; the counts belong to it.
    @Test func theTailHoldsTheUsage() throws {
        var usage = ReportedUsage()
        usage.prompt = 9
        usage.completion = 4
        usage.cached = 8
        let events: [CompletionEvent] = [Self.start, .finished(choice: 0, .length), .usage(usage), .ended]
        let finish =
            #"data: {"id":"c1","object":"chat.completion.chunk","created":5,"model":"x","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}]"#
        #expect(Support.stream(events, try Support.context()) == Self.role + finish + "}\n\ndata: [DONE]\n\n")
        let asked = Support.stream(events, try Support.context(includesUsageChunk: true))
        #expect(
            asked.hasSuffix(
                finish + ",\"usage\":null}\n\n"
                    + #"data: {"id":"c1","object":"chat.completion.chunk","created":5,"model":"x","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":0}}}"#
                    + "\n\ndata: [DONE]\n\n"))
    }

    @Test func eachChoiceHasItsRole() throws {
        let text = Support.stream([Self.start, .text(choice: 2, "c"), .text(choice: 1, "b")], try Support.context())
        #expect(text.components(of: #""role":"assistant""#) == 3)
    }

    @Test func failuresEndTheStream() throws {
        var buffer = ByteBuffer()
        var writer = ChatStreamWriter(context: try Support.context())
        writer.write(
            failure: ClientError(
                status: 502, type: "api_error", code: "upstream_error", message: "m\n", requestID: "r"), into: &buffer)
        #expect(
            String(buffer: buffer)
                == #"data: {"error":{"message":"m\n","type":"api_error","param":null,"code":"upstream_error"}}"#
                + "\n\n")
    }

    /// What is written is read as it was.
    @Test func aStreamSurvivesARoundTrip() throws {
        let events = try #require(try Support.events(ChatStreamReaderTests.stream))
        let again = try #require(
            try Support.events(Support.stream(events, try Support.context(includesUsageChunk: true))))
        // A whole answer's annotations have no index, wherever they came from.
        let context = try Support.context()
        #expect(Support.answer(Support.folded(again), context) == Support.answer(Support.folded(events), context))
        #expect(again.last == .ended)
    }
}

extension String {
    fileprivate func components(of needle: String) -> Int { ranges(of: needle).count }
}
