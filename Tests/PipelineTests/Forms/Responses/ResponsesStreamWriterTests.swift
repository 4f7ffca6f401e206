import NIOCore
import Pipeline
import Testing
import Wire

struct ResponsesStreamWriterTests {
    private typealias Support = ResponsesSupport

    static var usage: ReportedUsage {
        var usage = ReportedUsage()
        usage.prompt = 10
        usage.completion = 5
        return usage
    }

    /// An answer of another vendor with all that the form can say.
    static let events: [CompletionEvent] = [
        .began(CompletionStart(id: "msg_1", model: "claude", createdSeconds: 1_795_219_201)),
        .reasoning(choice: 0, "h"), .reasoning(choice: 0, "m"),
        .reasoningSignature(choice: 0, Signature(origin: .anthropicMessages, value: "Eq"), itemID: nil),
        .redactedReasoning(choice: 0, Signature(origin: .anthropicMessages, value: "ZZ")),
        .text(choice: 0, ""), .text(choice: 0, "so"),
        .text(choice: 0, JSONText(content: ByteBuffer(string: #"\ud83d"#))),
        .logprobs(
            choice: 0,
            JSONFragment(
                trusted: ByteBuffer(string: #"[{"token":"so","logprob":-1,"bytes":[115,111],"top_logprobs":[]}]"#),
                kind: .array)),
        .citation(
            choice: 0,
            JSONFragment(
                trusted: ByteBuffer(
                    string: #"{"type":"url_citation","url":"u","title":"t","start_index":0,"end_index":2}"#),
                kind: .object)),
        .refusal(choice: 0, "no"),
        .toolCallBegan(choice: 0, call: 0, id: "c1", name: "f", isCustom: false, signature: nil),
        .toolCallBegan(choice: 0, call: 1, id: "c2", name: "g", isCustom: true, signature: nil),
        .toolCallArguments(choice: 0, call: 0, "{"), .toolCallArguments(choice: 0, call: 1, "free"),
        .toolCallArguments(choice: 0, call: 0, "}"),
        .toolCallBegan(choice: 0, call: 2, id: "c3", name: "h", isCustom: false, signature: nil),
        .media(choice: 0, Part(.image(Media(.base64("aa"), mediaType: "image/png")))),
        .finished(choice: 0, .toolCalls), .usage(usage), .serviceTier("priority"), .ended,
    ]

    /// The payloads of a stream, and whether each event's line says the payload's type.
    private static func payloads(_ stream: String) throws -> [(type: String, data: String)] {
        var decoder = SSEDecoder()
        decoder.append(ByteBuffer(string: stream))
        var payloads: [(type: String, data: String)] = []
        while let event = try decoder.next() {
            let name = event.name.map { String(buffer: $0) } ?? ""
            let data = String(buffer: event.data)
            #expect(data.hasPrefix(#"{"type":"\#(name)","sequence_number":\#(payloads.count)"#))
            payloads.append((name, data))
        }
        return payloads
    }

    @Test func eventsComeInTheirOrder() throws {
        let payloads = try Self.payloads(Support.stream(Self.events, try Support.context()))
        #expect(
            payloads.map { $0.type.replacing("response.", with: "") } == [
                "created", "in_progress",
                "output_item.added", "reasoning_summary_part.added", "reasoning_summary_text.delta",
                "reasoning_summary_text.delta", "reasoning_summary_text.done", "reasoning_summary_part.done",
                "output_item.done",
                "output_item.added", "output_item.done",
                "output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
                "output_text.delta",
                "output_text.annotation.added", "output_text.done", "content_part.done",
                "content_part.added", "refusal.delta", "refusal.done", "content_part.done", "output_item.done",
                "output_item.added", "output_item.added", "function_call_arguments.delta",
                "custom_tool_call_input.delta",
                "function_call_arguments.delta", "output_item.added",
                "function_call_arguments.done", "output_item.done", "custom_tool_call_input.done", "output_item.done",
                "function_call_arguments.delta", "function_call_arguments.done", "output_item.done",
                "output_item.added", "image_generation_call.completed", "output_item.done",
                "completed",
            ])
    }

    @Test func eventsSayWhatTheFormWants() throws {
        let payloads = try Self.payloads(Support.stream(Self.events, try Support.context())).map(\.data)
        for expected in [
            #"{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"rs_s1_0","type":"reasoning","summary":[]}}"#,
            #"{"type":"response.reasoning_summary_text.done","sequence_number":6,"item_id":"rs_s1_0","output_index":0,"summary_index":0,"text":"hm"}"#,
            #"{"type":"response.output_item.done","sequence_number":8,"output_index":0,"item":{"id":"rs_s1_0","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"tr1.a.Eq"}}"#,
            #"{"type":"response.output_text.delta","sequence_number":13,"item_id":"msg_s1_2","output_index":2,"content_index":0,"delta":"so","logprobs":[]}"#,
            #"{"type":"response.output_text.delta","sequence_number":15,"item_id":"msg_s1_2","output_index":2,"content_index":0,"delta":"","logprobs":[{"token":"so","logprob":-1,"bytes":[115,111],"top_logprobs":[]}]}"#,
            #"{"type":"response.output_text.done","sequence_number":17,"item_id":"msg_s1_2","output_index":2,"content_index":0,"text":"so\ud83d","logprobs":[{"token":"so","logprob":-1,"bytes":[115,111],"top_logprobs":[]}]}"#,
            #"{"type":"response.refusal.done","sequence_number":21,"item_id":"msg_s1_2","output_index":2,"content_index":1,"refusal":"no"}"#,
            #"{"type":"response.function_call_arguments.delta","sequence_number":28,"item_id":"fc_s1_3","output_index":3,"delta":"}"}"#,
            #"{"type":"response.function_call_arguments.done","sequence_number":30,"item_id":"fc_s1_3","output_index":3,"arguments":"{}"}"#,
            #"{"type":"response.output_item.done","sequence_number":33,"output_index":4,"item":{"id":"ctc_s1_4","type":"custom_tool_call","call_id":"c2","name":"g","input":"free"}}"#,
            #"{"type":"response.function_call_arguments.done","sequence_number":35,"item_id":"fc_s1_5","output_index":5,"arguments":"{}"}"#,
        ] {
            #expect(payloads.contains(expected), "\(expected)")
        }
    }

    /// Whatever is streamed, its last event holds the answer that would have been given whole.
    @Test(arguments: [StopReason.toolCalls, .length, .filtered, .endOfTurn, .brokenToolCall])
    func theLastEventHoldsTheWholeAnswer(_ stop: StopReason) throws {
        let context = try Support.context()
        let events = Self.events.map { event -> CompletionEvent in
            if case .finished = event { .finished(choice: 0, stop) } else { event }
        }
        let last = try #require(try Self.payloads(Support.stream(events, context)).last)
        let response = try #require(last.data.firstRange(of: #""response":"#))
        #expect(
            last.data[response.upperBound...].dropLast() == Support.answer(Support.folded(events), context)[...])
    }

    @Test func theBeginningIsWrittenAtOnce() throws {
        let stream = Support.stream([.began(CompletionStart())], try Support.context())
        let payloads = try Self.payloads(stream)
        #expect(payloads.map(\.type) == ["response.created", "response.in_progress"])
        for payload in payloads {
            #expect(
                payload.data.contains(
                    #""id":"resp_s1","object":"response","created_at":1795219200,"status":"in_progress""#))
            #expect(payload.data.contains(#""usage":null"#) && payload.data.contains(#""model":"up""#))
        }
    }

    @Test func onlyTheLastItemIsIncomplete() throws {
        let stream = Support.stream(
            [
                .began(CompletionStart()), .text(choice: 0, "a"),
                .toolCallBegan(choice: 0, call: 0, id: "c", name: "f", isCustom: false, signature: nil),
                .finished(choice: 0, .length), .ended,
            ], try Support.context())
        #expect(stream.contains(#""type":"message","status":"completed""#))
        #expect(stream.contains(#""type":"function_call","status":"incomplete""#))
        #expect(stream.contains("event: response.incomplete\n"))
    }

    @Test func otherChoicesAreLeftOut() throws {
        let stream = Support.stream(
            [.began(CompletionStart()), .text(choice: 1, "x"), .finished(choice: 1, .length)], try Support.context())
        #expect(try Self.payloads(stream).count == 2)
    }

    private static let failure = ClientError(
        status: 502, type: "server_error", code: "upstream_error", message: "The \"vendor\" failed.", requestID: "r")

    /// Some clients know a failure by the response's state, others by an event with an `error` in it.
    @Test func aFailureIsTheResponsesEndAndTheFormsErrorEvent() throws {
        var writer = ResponsesStreamWriter(context: try Support.context())
        var buffer = ByteBuffer()
        writer.write(.began(CompletionStart(id: "resp_7")), into: &buffer)
        writer.write(.text(choice: 0, "x"), into: &buffer)
        buffer.clear()
        writer.write(failure: Self.failure, into: &buffer)
        let told = String(buffer: buffer)
        #expect(
            told.hasPrefix(
                "event: response.failed\ndata: "
                    + #"{"type":"response.failed","sequence_number":5,"response":{"id":"resp_7","object":"response","created_at":1795219200,"status":"failed","#
                    + #""error":{"code":"server_error","message":"The \"vendor\" failed."},"incomplete_details":null,"#))
        #expect(
            told.hasSuffix(
                "event: error\ndata: "
                    + #"{"type":"error","sequence_number":6,"code":"upstream_error","message":"The \"vendor\" failed.","param":null,"#
                    + #""error":{"message":"The \"vendor\" failed.","type":"server_error","param":null,"code":"upstream_error"}}"#
                    + "\n\n"))
        buffer.clear()
        ResponsesErrorWriter.write(Self.failure, into: &buffer)
        #expect(
            String(buffer: buffer)
                == #"{"error":{"message":"The \"vendor\" failed.","type":"server_error","param":null,"code":"upstream_error"}}"#
        )
    }

    @Test func aFailureBeforeTheBeginningIsTheErrorEventAlone() throws {
        var writer = ResponsesStreamWriter(context: try Support.context())
        var buffer = ByteBuffer()
        writer.write(failure: Self.failure, into: &buffer)
        #expect(String(buffer: buffer).hasPrefix(#"event: error\#ndata: {"type":"error","sequence_number":0,"code""#))
    }

    private static let citation = JSONFragment(kind: .object) {
        $0.object {
            $0.member("type", "url_citation")
            $0.member("url", "https://x")
        }
    }

    private static let annotation =
        #"{"type":"url_citation","url":"https://x"}"#

    /// What a late citation is of has been told as done: the response's end has it.
    @Test func aCitationBehindItsTextIsKept() throws {
        let stream = Support.stream(
            [
                .began(CompletionStart()), .text(choice: 0, "one"), .refusal(choice: 0, "no"),
                .citation(choice: 0, Self.citation),
                .toolCallBegan(choice: 0, call: 0, id: "c", name: "f", isCustom: false, signature: nil),
                .citation(choice: 0, Self.citation), .finished(choice: 0, .toolCalls), .ended,
            ], try Support.context())
        let added = try Self.payloads(stream).filter { $0.type.hasSuffix("annotation.added") }
        #expect(added.count == 2)
        for (place, event) in added.enumerated() {
            #expect(
                event.data.hasSuffix(
                    #""item_id":"msg_s1_0","output_index":0,"content_index":0,"annotation_index":\#(place),"annotation":\#(Self.annotation)}"#
                ))
        }
        let end = try #require(try Self.payloads(stream).last?.data)
        #expect(
            end.contains(
                #""content":[{"type":"output_text","text":"one","annotations":[\#(Self.annotation),\#(Self.annotation)],"logprobs":[]},{"type":"refusal","refusal":"no"}]"#
            ))
        let done = try #require(try Self.payloads(stream).first { $0.type.hasSuffix("item.done") }?.data)
        #expect(done.contains(#""annotations":[\#(Self.annotation)],"#))
    }

    @Test func aCitationOfNothingIsNone() throws {
        let stream = Support.stream(
            [.began(CompletionStart()), .citation(choice: 0, Self.citation), .finished(choice: 0, .endOfTurn), .ended],
            try Support.context())
        #expect(!stream.contains("annotation.added") && stream.contains("event: response.completed\n"))
    }

    /// A stream of the form, told anew, says the same.
    @Test func aStreamOfTheFormComesBackTheSame() throws {
        let events = try #require(try Support.events(ResponsesStreamReaderTests.stream))
        let again = try #require(try Support.events(Support.stream(events, try Support.context())))
        func bare(_ events: [CompletionEvent]) -> Completion {
            var completion = Support.placeless(Support.folded(events))
            for place in completion.choices[0].parts.indices {
                guard case .reasoning(var reasoning) = completion.choices[0].parts[place].content else { continue }
                reasoning.id = nil
                completion.choices[0].parts[place].content = .reasoning(reasoning)
            }
            return completion
        }
        var expected = bare(events)
        // What the vendor left unsaid is none.
        expected.usage?.cached = 0
        expected.usage?.cacheWrite = 0
        expected.usage?.reasoning = 0
        #expect(bare(again) == expected)
    }

    /// Steps in orders that readers may give: what is streamed ends with the answer that would have been given whole.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func mixedStepsLoseNothing(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var events: [CompletionEvent] = [.began(CompletionStart())]
        var calls = 0
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            switch Int.random(in: 0...6, using: &random) {
            case 0: events.append(.text(choice: 0, "t"))
            case 1: events.append(.reasoning(choice: 0, "h"))
            case 2: events.append(.refusal(choice: 0, "r"))
            case 3:
                events.append(
                    .reasoningSignature(choice: 0, Signature(origin: .anthropicMessages, value: "s"), itemID: nil))
            case 4:
                events.append(
                    .toolCallBegan(
                        choice: 0, call: calls, id: JSONText("c\(calls)"), name: "f", isCustom: false, signature: nil))
                calls += 1
            default:
                guard calls > 0 else { continue }
                events.append(.toolCallArguments(choice: 0, call: Int.random(in: 0..<calls, using: &random), "a"))
            }
        }
        let stop: StopReason = Bool.random(using: &random) ? .toolCalls : .length
        events += [.finished(choice: 0, stop), .usage(Self.usage), .ended]
        let context = try Support.context()
        let last = try #require(try Self.payloads(Support.stream(events, context)).last)
        let response = try #require(last.data.firstRange(of: #""response":"#))
        #expect(
            last.data[response.upperBound...].dropLast() == Support.answer(Support.folded(events), context)[...],
            "seed \(seed)")
    }
}
