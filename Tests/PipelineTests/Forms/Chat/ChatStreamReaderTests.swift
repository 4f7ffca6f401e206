import NIOCore
import Pipeline
import Testing
import Wire

struct ChatStreamReaderTests {
    private typealias Support = ChatSupport

    /// A stream with all that the form can say, comments and two choices.
    static let stream =
        ": OPENROUTER PROCESSING\n\n"
        + chunk("", #","prompt_filter_results":[]"#)
        + chunk(#"{"index":0,"delta":{"role":"assistant","content":"","refusal":null}}"#)
        + chunk(#"{"index":0,"delta":{"reasoning_content":"hm"}}"#)
        + chunk(
            #"{"index":0,"delta":{"content":"caf\u00e9 😀","annotations":[{"type":"url_citation","url_citation":{"url":"u"}}]},"logprobs":{"content":[{"token":"c"}]}}"#
        )
        + ": keep-alive\n\n"
        + chunk(#"{"index":1,"delta":{"role":"assistant","content":"\ud83d"},"finish_reason":null}"#)
        + chunk(
            #"{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]}}"#
        )
        + chunk(#"{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}}"#)
        + chunk(
            #"{"index":0,"delta":{"tool_calls":[{"index":1,"id":"t2","type":"custom","custom":{"name":"g","input":"fr"}}]}}"#
        )
        + chunk(
            #"{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}},{"index":1,"custom":{"input":"ee"}}]}}"#
        )
        + chunk(#"{"index":1,"delta":{"refusal":"no"},"finish_reason":"stop"}"#)
        + chunk(#"{"index":0,"delta":{},"finish_reason":"tool_calls"}"#)
        + chunk("", #","service_tier":"default","usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}"#)
        + "data: [DONE]\n\n"

    static func chunk(_ choices: String, _ members: String = "") -> String {
        #"data: {"id":"c1","object":"chat.completion.chunk","created":5,"model":"x","choices":[\#(choices)]\#(members)}"#
            + "\n\n"
    }

    @Test func everythingIsRead() throws {
        var usage = ReportedUsage()
        usage.prompt = 3
        usage.completion = 4
        usage.total = 7
        let expected: [CompletionEvent] = [
            .began(CompletionStart(id: "c1", model: "x", createdSeconds: 5)), .reasoning(choice: 0, "hm"),
            .text(choice: 0, Support.escaped(#"caf\u00e9 😀"#)),
            .citation(choice: 0, Support.json(#"{"type":"url_citation","url_citation":{"url":"u"}}"#, .object)),
            .logprobs(choice: 0, Support.json(#"[{"token":"c"}]"#, .array)),
            .text(choice: 1, Support.escaped(#"\ud83d"#)),
            .toolCallBegan(choice: 0, call: 0, id: "t1", name: "f", isCustom: false, signature: nil),
            .toolCallArguments(choice: 0, call: 0, Support.escaped(#"{\"x\":"#)),
            .toolCallBegan(choice: 0, call: 1, id: "t2", name: "g", isCustom: true, signature: nil),
            .toolCallArguments(choice: 0, call: 1, "fr"), .toolCallArguments(choice: 0, call: 0, "1}"),
            .toolCallArguments(choice: 0, call: 1, "ee"), .refusal(choice: 1, "no"), .finished(choice: 1, .endOfTurn),
            .finished(choice: 0, .toolCalls), .usage(usage), .serviceTier("default"), .ended,
        ]
        let events = try #require(try Support.events(Self.stream)).map(Self.placeless)
        #expect(events.count == expected.count)
        for (found, wanted) in zip(events, expected) { #expect(found == wanted) }
    }

    private static func placeless(_ event: CompletionEvent) -> CompletionEvent {
        guard case .usage(var usage) = event else { return event }
        usage.span = 0..<0
        return .usage(usage)
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
        let answer = try Support.completion(
            #"{"id":"c1","created":5,"model":"x","service_tier":"default","choices":[{"index":0,"message":{"reasoning_content":"hm","content":"caf\u00e9 😀","annotations":[{"type":"url_citation","url_citation":{"url":"u"}}],"tool_calls":[{"id":"t1","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"t2","custom":{"name":"g","input":"free"}}]},"logprobs":{"content":[{"token":"c"}]},"finish_reason":"tool_calls"},"#
                + #"{"index":1,"message":{"content":"\ud83d","refusal":"no"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}"#
        )
        let folded = Support.folded(try #require(try Support.events(Self.stream)))
        #expect(Support.placeless(folded) == Support.placeless(answer))
    }

    @Test(arguments: [
        (
            "indexes",
            [
                #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]}"#,
                #"{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"["}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":"}"}},{"index":1,"function":{"arguments":"]"}}]}"#,
            ]
        ),
        (
            "repeated ids and names",
            [
                #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}},{"index":1,"id":"b","function":{"name":"g","arguments":"["}}]}"#,
                #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"}"}},{"index":1,"id":"b","function":{"name":"g","arguments":"]"}}]}"#,
            ]
        ),
        (
            "ids alone",
            [
                #"{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{"}}]}"#,
                #"{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"["}}]}"#,
                #"{"tool_calls":[{"id":"a","function":{"arguments":"}"}},{"id":"b","function":{"arguments":"]"}}]}"#,
            ]
        ),
        (
            "positions",
            [
                #"{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{"}},{"id":"b","function":{"name":"g","arguments":"["}}]}"#,
                #"{"tool_calls":[{"function":{"arguments":"}"}},{"function":{"arguments":"]"}}]}"#,
            ]
        ),
        (
            "whole calls",
            [
                #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}},{"index":1,"id":"b","function":{"name":"g","arguments":"[]"}}]}"#
            ]
        ),
        (
            "one index for all",
            [
                #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}"#,
                #"{"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":"[]"}}]}"#,
            ]
        ),
        (
            "strange indexes",
            [
                #"{"tool_calls":[{"index":7,"id":"a","function":{"name":"f","arguments":"{}"}}]}"#,
                #"{"tool_calls":[{"index":-3,"id":"b","function":{"name":"g","arguments":"[]"}}]}"#,
            ]
        ),
    ])
    func callsAreToldApart(_ name: String, _ deltas: [String]) throws {
        let events = try #require(try Support.events(Support.stream(of: deltas)))
        #expect(
            Support.folded(events).choices.first?.parts
                == [Support.call("a", "f", .encoded("{}")), Support.call("b", "g", .encoded("[]"))], "\(name)")
        #expect(events.contains(.finished(choice: 0, .toolCalls)))
    }

    @Test(arguments: [
        (
            "of the call opened last",
            [
                #"{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}"#,
                #"{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"["}}]}"#,
                #"{"tool_calls":[{"function":{"arguments":"]"}}]}"#,
            ]
        ),
        (
            "opened and gone on with in one delta",
            [
                #"{"tool_calls":[{"id":"a","function":{"name":"f"}},{"function":{"arguments":"{}"}}]}"#,
                #"{"tool_calls":[{"id":"b","function":{"name":"g","arguments":""}},{"function":{"arguments":"[]"}}]}"#,
            ]
        ),
        (
            "names behind ids",
            [
                #"{"tool_calls":[{"index":0,"id":"a","type":"function"}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}"#,
                #"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"}"}}]}"#,
                #"{"tool_calls":[{"id":"b"}]}"#, #"{"tool_calls":[{"function":{"name":"g","arguments":"[]"}}]}"#,
            ]
        ),
        (
            "a new id and no name",
            [
                #"{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}"#,
                #"{"tool_calls":[{"id":"b","function":{"arguments":"["}}]}"#,
                #"{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"]"}}]}"#,
            ]
        ),
        (
            "a call nobody names",
            [
                #"{"tool_calls":[{"id":"x","function":{"arguments":"lost"}}]}"#,
                #"{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}"#,
                #"{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"[]"}}]}"#,
            ]
        ),
    ])
    func piecesFindTheirCall(_ name: String, _ deltas: [String]) throws {
        try callsAreToldApart(name, deltas)
    }

    @Test(arguments: [
        #"{"tool_calls":[{"index":0,"id":"t","type":"custom","custom":{"name":"g","input":""}}]}"#,
        #"{"tool_calls":[{"index":0,"id":"t","custom":{"name":"g"}}]}"#,
        #"{"tool_calls":[{"id":"t","type":"custom"}]}"#,
    ])
    func customCallsArePiecedTogether(_ opening: String) throws {
        let deltas = [
            opening, #"{"tool_calls":[{"index":0,"custom":{"name":"g","input":"fr\"e"}}]}"#,
            #"{"tool_calls":[{"index":0,"custom":{"input":"e"}}]}"#,
        ]
        let loose = deltas.map {
            $0.contains("index") && !opening.contains("index") ? $0.replacing(#""index":0,"#, with: "") : $0
        }
        let events = try #require(try Support.events(Support.stream(of: loose)))
        #expect(
            events.contains(.toolCallBegan(choice: 0, call: 0, id: "t", name: "g", isCustom: true, signature: nil)))
        #expect(
            Support.folded(events).choices.first?.parts
                == [Support.call("t", "g", .text(Support.escaped(#"fr\"ee"#)))])
    }

    @Test(arguments: [
        (
            "whole, nameless otherwise",
            [
                #"{"tool_calls":[{"function":{"name":"f","arguments":"{\"a\":1}"}},{"function":{"name":"f","arguments":"{\"a\":2}"}}]}"#
            ]
        ),
        (
            "whole, one behind the other",
            [
                #"{"tool_calls":[{"function":{"name":"f","arguments":"{\"a\":1}"}}]}"#,
                #"{"tool_calls":[{"function":{"name":"f","arguments":{"a":2}}}]}"#,
            ]
        ),
    ])
    func callsWithoutIDsGetOnes(_ name: String, _ deltas: [String]) throws {
        let calls = Support.folded(try #require(try Support.events(Support.stream(of: deltas)))).choices[0].parts
            .compactMap {
                if case .toolCall(let call) = $0.content { call } else { nil }
            }
        #expect(calls.map(\.arguments.encoded.string) == [#"{"a":1}"#, #"{"a":2}"#], "\(name)")
        #expect(calls.count == 2 && calls[0].id != calls[1].id && calls.allSatisfy { !$0.id.isEmpty })
    }

    @Test(arguments: [
        ("vLLM's thoughts", #"{"reasoning":"hm"}"#, [CompletionEvent.reasoning(choice: 0, "hm")]),
        ("DeepSeek's nulls", #"{"content":"","reasoning_content":null}"#, []),
        (
            "both names", #"{"reasoning_content":"","reasoning":"hm"}"#, [.reasoning(choice: 0, "hm")]
        ),
        (
            "Mistral's thoughts",
            #"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"}]}"#,
            [.reasoning(choice: 0, "hm"), .text(choice: 0, "a")]
        ),
        (
            "both at once", #"{"content":"a","reasoning_content":"hm"}"#,
            [.reasoning(choice: 0, "hm"), .text(choice: 0, "a")]
        ),
        ("parts", #"{"content":[{"type":"text","text":"a"}]}"#, [.text(choice: 0, "a")]),
        ("a function", #"{"function_call":{"name":"f","arguments":"{}"}}"#, nil),
        (
            "a picture", #"{"images":[{"image_url":{"url":"data:image/png;base64,aa"}}]}"#,
            [.media(choice: 0, Part(.image(Media(.base64("aa"), mediaType: "image/png"))))]
        ),
        (
            "a sound", #"{"audio":{"data":"UklG","transcript":"hi"}}"#,
            [.text(choice: 0, "hi"), .media(choice: 0, Part(.audio(Media(.base64("UklG")))))]
        ),
        (
            "a seal", #"{"reasoning_signature":"tr1.a.s","redacted_reasoning":["tr1.a.d"]}"#,
            [
                .reasoningSignature(choice: 0, Signature(origin: .anthropicMessages, value: "s"), itemID: nil),
                .redactedReasoning(choice: 0, Signature(origin: .anthropicMessages, value: "d")),
            ]
        ),
        ("other kinds", #"{"content":5,"tool_calls":"x","reasoning_content":{},"function_call":[],"images":7}"#, []),
    ])
    func dialectsAreRead(_ name: String, _ delta: String, _ expected: [CompletionEvent]?) throws {
        let events = try #require(try Support.events(Support.stream(of: [delta])))
        let said = Array(events.dropFirst().dropLast(2))
        if let expected {
            #expect(said == expected, "\(name)")
        } else {
            #expect(said.count == 2 && events.contains(.finished(choice: 0, .toolCalls)), "\(name)")
        }
    }

    @Test(arguments: [
        (
            "on the finish chunk",
            [#"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":USAGE}"#]
        ),
        (
            "behind it",
            [
                #"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":null}"#,
                #"{"choices":[],"usage":USAGE}"#,
            ]
        ),
        (
            "on every chunk",
            [
                #"{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":210,"completion_tokens":1}}"#,
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":USAGE}"#,
            ]
        ),
        (
            "without choices",
            [#"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#, #"{"usage":USAGE}"#]
        ),
        (
            "before empty ones",
            [
                #"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":USAGE}"#,
                #"{"choices":[],"usage":{}}"#, #"{"choices":[],"usage":null}"#, #"{"choices":[],"usage":[]}"#,
            ]
        ),
    ])
    func usageIsTakenWhereverItComes(_ name: String, _ chunks: [String]) throws {
        let usage = #"{"completion_tokens":30,"prompt_cache_hit_tokens":128,"prompt_cache_miss_tokens":82}"#
        let text = chunks.map { "data: " + $0.replacing("USAGE", with: usage) + "\n\n" }.joined() + "data: [DONE]\n\n"
        let found = Support.folded(try #require(try Support.events(text))).usage
        #expect(found?.prompt == 210 && found?.cached == 128 && found?.completion == 30, "\(name)")
    }

    @Test(arguments: [
        #"{"error":{"message":"slow","code":"x"}}"#, #"{"choices":[],"error":{"message":"slow","code":"x"}}"#,
    ])
    func failuresAreTold(_ data: String) throws {
        let begun = try #require(try Support.events("data: \(data)\n\ndata: [DONE]\n\n"))
        #expect(begun == [.began(CompletionStart()), .failed(UpstreamError(message: "slow", code: "x"))])
        let late = try #require(
            try Support.events(Self.chunk(#"{"index":0,"delta":{"content":"a"}}"#) + "data: \(data)\n\n"))
        #expect(late.last == .failed(UpstreamError(message: "slow", code: "x")) && late.count == 3)
    }

    @Test(arguments: [
        (
            "vLLM's", #"{"object":"error","message":"slow","type":"t","param":null,"code":400}"#,
            UpstreamError(message: "slow", type: "t", code: "400")
        ),
        ("DashScope's", #"{"code":"x","message":"slow","request_id":"r"}"#, UpstreamError(message: "slow", code: "x")),
        (
            "beside no choices", #"{"choices":[],"code":"x","message":"slow"}"#,
            UpstreamError(message: "slow", code: "x")
        ),
        (
            "a choice's", #"{"choices":[{"index":0,"delta":{"content":""},"error":{"message":"slow","code":502}}]}"#,
            UpstreamError(message: "slow", code: "502")
        ),
        ("a finish", #"{"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}"#, UpstreamError()),
    ])
    func errorsInAChunksPlaceAreFailures(_ name: String, _ data: String, _ error: UpstreamError) throws {
        let text = Self.chunk(#"{"index":0,"delta":{"content":"a"}}"#) + "data: \(data)\n\n"
        let events = try #require(try Support.events(text + "data: [DONE]\n\n"))
        #expect(Array(events.dropFirst()) == [.text(choice: 0, "a"), .failed(error)], "\(name)")
    }

    @Test func anEventNamedErrorIsAFailure() throws {
        let events = try Support.events("event: error\ndata: {\"message\":\"slow\"}\n\n")
        #expect(events == [.began(CompletionStart()), .failed(UpstreamError(message: "slow"))])
    }

    /// Azure's first chunk.
    @Test func whatIsEmptyNamesNothing() throws {
        let first =
            #"data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0}]}"#
            + "\n\n"
        let call = Self.chunk(
            #"{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}}"#)
        let events = try #require(try Support.events(first + call))
        #expect(events.first == .began(CompletionStart()))
        #expect(events.count == 2)
        let other = try #require(try Support.events(first + call.replacing("c1", with: "c2")))
        #expect(events.last != other.last, "calls of different answers have different ids")
    }

    @Test(arguments: ["[DONE]x", "[DONE] x", "[DON", "x[DONE]"])
    func onlyTheEndIsTheEnd(_ data: String) throws {
        #expect(try Support.events("data: \(data)\n\n") == nil)
        #expect(try Support.events("data:  [DONE] \n\n") == [.began(CompletionStart()), .ended])
    }

    @Test func aStreamWithoutItsEndHasEndedWhereAllChoicesHave() throws {
        let cut = try #require(Self.stream.firstRange(of: "data: [DONE]"))
        #expect(try Support.events(String(Self.stream[..<cut.lowerBound]))?.last == .ended)
        let finish = Self.chunk(#"{"index":0,"delta":{},"finish_reason":"tool_calls"}"#)
        let early = try #require(Self.stream.firstRange(of: finish))
        #expect(try Support.events(String(Self.stream[..<early.lowerBound]))?.contains(.ended) == false)
        #expect(try Support.events("") == [])
    }

    @Test(arguments: ["data: {", "data: []", "data: x", #"data: {"choices":{}}"#])
    func otherEventsAreRefused(_ text: String) throws {
        #expect(try Support.events(text + "\n\n") == nil)
    }

    @Test(arguments: [#"{}"#, #"{"choices":null}"#, #"{"choices":[]}"#, #"{"choices":[{}]}"#, #"{"choices":[5]}"#])
    func theFirstEventBegins(_ data: String) throws {
        #expect(try Support.events("data: \(data)\n\n") == [.began(CompletionStart())])
    }

    @Test func choicesHaveALimit() throws {
        let text = Self.chunk(
            #"{"index":9223372036854775807,"delta":{"content":"a"}},{"index":-1,"delta":{"content":"b"}}"#)
        #expect(try Support.events(text)?.dropFirst() == [.text(choice: 127, "a"), .text(choice: 0, "b")])
    }
}
