import NIOCore
import Pipeline
import Testing
import Wire

struct ResponsesStreamReaderTests {
    private typealias Support = ResponsesSupport

    /// A vendor's stream with all kinds of items.
    static let stream =
        event(
            "response.created",
            #""response":{"id":"resp_1","created_at":1795219200,"status":"in_progress","model":"gpt-x","output":[],"usage":null}"#
        )
        + event("response.in_progress", #""response":{"id":"resp_1"}"#)
        + event(
            "response.output_item.added",
            #""output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"early"}"#)
        + event(
            "response.reasoning_summary_part.added",
            #""output_index":0,"item_id":"rs_1","summary_index":0,"part":{"type":"summary_text","text":""}"#)
        + event(
            "response.reasoning_summary_text.delta",
            #""output_index":0,"item_id":"rs_1","summary_index":0,"delta":"a","obfuscation":"x""#)
        + event(
            "response.reasoning_summary_text.done", #""output_index":0,"item_id":"rs_1","summary_index":0,"text":"a""#)
        + event(
            "response.reasoning_summary_text.delta", #""output_index":0,"item_id":"rs_1","summary_index":1,"delta":"b""#
        )
        + event(
            "response.output_item.done",
            #""output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"encrypted_content":"gAA"}"#
        )
        + event(
            "response.output_item.added",
            #""output_index":1,"item":{"type":"message","id":"msg_1","role":"assistant","content":[]}"#)
        + event(
            "response.content_part.added",
            #""output_index":1,"item_id":"msg_1","content_index":0,"part":{"type":"output_text","text":""}"#)
        + event(
            "response.output_text.delta",
            #""output_index":1,"item_id":"msg_1","content_index":0,"delta":"caf\u00e9 😀","logprobs":[{"token":"c","logprob":-1,"bytes":[99],"top_logprobs":[]}]"#
        )
        + event(
            "response.output_text.delta",
            #""output_index":1,"item_id":"msg_1","content_index":0,"delta":"\ud83d","logprobs":[]"#)
        + event(
            "response.output_text.annotation.added",
            #""output_index":1,"item_id":"msg_1","content_index":0,"annotation_index":0,"annotation":{"type":"url_citation","url":"u"}"#
        )
        + event(
            "response.output_text.done",
            #""output_index":1,"item_id":"msg_1","content_index":0,"text":"café 😀\ud83d","logprobs":[]"#)
        + event("response.refusal.delta", #""output_index":1,"item_id":"msg_1","content_index":1,"delta":"no""#)
        + event(
            "response.output_item.done",
            #""output_index":1,"item":{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"x"}]}"#
        )
        + event(
            "response.output_item.added",
            #""output_index":2,"item":{"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":""}"#)
        + event(
            "response.output_item.added",
            #""output_index":3,"item":{"type":"custom_tool_call","id":"ctc_1","call_id":"c2","name":"g","input":""}"#)
        + event("response.function_call_arguments.delta", #""output_index":2,"item_id":"fc_1","delta":"{\"x\":""#)
        + event("response.custom_tool_call_input.delta", #""item_id":"ctc_1","delta":"fr""#)
        + event("response.function_call_arguments.delta", #""item_id":"fc_1","delta":"1}""#)
        + event("response.custom_tool_call_input.delta", #""output_index":3,"delta":"ee""#)
        + event("response.function_call_arguments.done", #""output_index":2,"item_id":"fc_1","arguments":"{\"x\":1}""#)
        + event(
            "response.output_item.done",
            #""output_index":2,"item":{"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{\"x\":1}"}"#
        )
        + ": keep-alive\n\nevent: response.future\ndata: {\"type\":\"response.future\"}\n\n"
        + event(
            "response.completed",
            #""response":{"id":"resp_1","status":"completed","model":"gpt-x","service_tier":"default","output":[{"type":"message","content":[{"type":"output_text","text":"never read"}]}],"usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7}}"#
        )
        + "data: [DONE]\n\n"

    static func event(_ type: String, _ members: String) -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\",\(members)}\n\n"
    }

    private static func escaped(_ text: String) -> JSONText { JSONText(content: ByteBuffer(string: text)) }

    @Test func everyItemIsRead() throws {
        var usage = ReportedUsage()
        usage.prompt = 3
        usage.completion = 4
        usage.total = 7
        var events = try #require(try Support.events(Self.stream))
        if let place = events.firstIndex(where: { if case .usage = $0 { true } else { false } }),
            case .usage(var found) = events[place]
        {
            found.span = 0..<0
            events[place] = .usage(found)
        }
        let expected: [CompletionEvent] = [
            .began(CompletionStart(id: "resp_1", model: "gpt-x", createdSeconds: 1_795_219_200)),
            .reasoning(choice: 0, "a"), .reasoning(choice: 0, Self.escaped(#"\n\n"#)), .reasoning(choice: 0, "b"),
            .reasoningSignature(choice: 0, Signature(origin: .openAIResponses, value: "gAA"), itemID: "rs_1"),
            .text(choice: 0, Self.escaped(#"caf\u00e9 😀"#)),
            .logprobs(
                choice: 0,
                JSONFragment(
                    trusted: ByteBuffer(string: #"[{"token":"c","logprob":-1,"bytes":[99],"top_logprobs":[]}]"#),
                    kind: .array)),
            .text(choice: 0, Self.escaped(#"\ud83d"#)),
            .citation(
                choice: 0,
                JSONFragment(trusted: ByteBuffer(string: #"{"type":"url_citation","url":"u"}"#), kind: .object)),
            .refusal(choice: 0, "no"),
            .toolCallBegan(choice: 0, call: 0, id: "c1", name: "f", isCustom: false, signature: nil),
            .toolCallBegan(choice: 0, call: 1, id: "c2", name: "g", isCustom: true, signature: nil),
            .toolCallArguments(choice: 0, call: 0, Self.escaped(#"{\"x\":"#)),
            .toolCallArguments(choice: 0, call: 1, "fr"), .toolCallArguments(choice: 0, call: 0, "1}"),
            .toolCallArguments(choice: 0, call: 1, "ee"), .usage(usage), .serviceTier("default"),
            .finished(choice: 0, .toolCalls), .ended,
        ]
        #expect(events.count == expected.count)
        for (found, wanted) in zip(events, expected) { #expect(found == wanted) }
    }

    @Test func cutsChangeNothing() throws {
        let bytes = Array(Self.stream.utf8)
        let whole = try #require(try Support.events(Self.stream))
        #expect(try Support.events(bytes.map { ByteBuffer(bytes: [$0]) }) == whole)
        for cut in 1..<bytes.count {
            let pieces = [ByteBuffer(bytes: bytes[..<cut]), ByteBuffer(bytes: bytes[cut...])]
            #expect(try Support.events(pieces) == whole, "cut at \(cut)")
        }
    }

    @Test func aFoldedStreamIsTheWholeAnswer() throws {
        let output = #"""
            {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"encrypted_content":"gAA"},{"type":"message","content":[{"type":"output_text","text":"caf\u00e9 😀\ud83d","annotations":[{"type":"url_citation","url":"u"}],"logprobs":[{"token":"c","logprob":-1,"bytes":[99],"top_logprobs":[]}]},{"type":"refusal","refusal":"no"}]},{"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{\"x\":1}"},{"type":"custom_tool_call","id":"ctc_1","call_id":"c2","name":"g","input":"free"}
            """#
        let answer = try Support.completion(
            #"{"id":"resp_1","created_at":1795219200,"status":"completed","model":"gpt-x","service_tier":"default","output":[\#(output)],"usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7}}"#
        )
        let events = try #require(try Support.events(Self.stream))
        let folded = Support.folded(events)
        #expect(Support.placeless(folded) == Support.placeless(answer))
    }

    @Test(arguments: [
        (
            "only at items' ends", #"{"type":"response.output_item.done","output_index":0,"item":ITEM}"#, "completed",
            "[]"
        ),
        ("only in the response", "", "completed", "ITEM"),
    ])
    func whatComesWholeIsGivenWhole(_ name: String, _ event: String, _ status: String, _ output: String) throws {
        let items = [
            #"{"type":"reasoning","id":"rs","summary":[{"text":"hm"}],"encrypted_content":"g"}"#,
            #"{"type":"message","content":[{"type":"output_text","text":"so"}]}"#,
            #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}"#,
            #"{"type":"image_generation_call","result":"aa","output_format":"webp"}"#,
        ]
        var stream = ""
        for (index, item) in items.enumerated() where !event.isEmpty {
            let data = event.replacing("ITEM", with: item).replacing(
                #""output_index":0"#, with: #""output_index":\#(index)"#)
            stream += "data: \(data)\n\n"
        }
        let whole = output == "[]" ? "" : items.joined(separator: ",")
        stream += Self.event("response.completed", #""response":{"status":"completed","output":[\#(whole)]}"#)
        let events = try #require(try Support.events(stream))
        let choice = try #require(Support.folded(events).choices.first)
        #expect(
            choice.parts == [
                Part(
                    .reasoning(
                        Reasoning(text: "hm", signature: Signature(origin: .openAIResponses, value: "g"), id: "rs"))),
                Support.text("so"), Support.call("c", "f", .encoded("{}")),
                Part(.image(Media(.base64("aa"), mediaType: "image/webp"))),
            ], "\(name)")
        #expect(choice.stop == .toolCalls)
    }

    @Test(arguments: [
        (
            "response.incomplete",
            #""response":{"status":"incomplete","incomplete_details":{"reason":"content_filter"}}"#, StopReason.filtered
        ),
        ("response.incomplete", #""response":{}"#, .length), ("response.completed", #""response":{}"#, .endOfTurn),
    ])
    func endsAreRead(_ type: String, _ members: String, _ stop: StopReason) throws {
        let events = try #require(try Support.events(Self.event(type, members)))
        #expect(events == [.began(CompletionStart()), .finished(choice: 0, stop), .ended])
    }

    @Test(arguments: [
        (
            "an event",
            #"event: error\#ndata: {"type":"error","code":"rate_limit_exceeded","message":"slow","param":null}"#,
            "rate_limit_exceeded"
        ),
        (
            "a failed response",
            #"data: {"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"slow"}}}"#,
            "server_error"
        ),
        ("a bare error", #"data: {"error":{"message":"slow","code":"x"}}"#, "x"),
        ("a nested error", #"data: {"type":"error","error":{"message":"slow","code":"y"}}"#, "y"),
    ])
    func failuresAreTold(_ name: String, _ text: String, _ code: String) throws {
        let events = try #require(
            try Support.events(text + "\n\n" + Self.event("response.completed", #""response":{}"#)))
        #expect(events == [.began(CompletionStart()), .failed(UpstreamError(message: "slow", code: code))], "\(name)")
    }

    @Test(arguments: ["data: {", "data: []", "data: {\"type\":\"response.completed\"}", "data: x"])
    func otherEventsAreRefused(_ text: String) throws {
        #expect(try Support.events(text + "\n\n") == nil)
    }

    @Test func aStreamThatBreaksOffHasNoEnd() throws {
        let cut = try #require(Self.stream.firstRange(of: "event: response.completed"))
        let events = try #require(try Support.events(String(Self.stream[..<cut.lowerBound])))
        #expect(!events.contains(.ended) && !events.contains(.finished(choice: 0, .toolCalls)))
    }
}
