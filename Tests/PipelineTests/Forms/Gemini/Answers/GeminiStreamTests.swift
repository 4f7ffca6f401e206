import NIOCore
import Pipeline
import Testing
import Wire

struct GeminiStreamTests {
    static let chunks = [
        #"{"candidates":[{"content":{"role":"model","parts":[{"text":"Löök","thought":true}]},"index":0}],"usageMetadata":{"promptTokenCount":80,"thoughtsTokenCount":12,"totalTokenCount":92},"modelVersion":"gemini-3.8-flash","responseId":"r-2"}"#,
        #"{"candidates":[{"content":{"parts":[{"text":"Hel"},{"text":"lo"}]},"index":0},{"content":{"parts":[{"text":"Other 😀"}]},"index":1}]}"#,
        #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"city":"Öslo"},"id":"fc1"},"thoughtSignature":"CsIB"},{"functionCall":{"name":"g","args":{}}}]},"index":0},{"finishReason":"MAX_TOKENS","index":1}]}"#,
        #"{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"bGFzdA=="}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":80,"cachedContentTokenCount":0,"candidatesTokenCount":11,"thoughtsTokenCount":25,"totalTokenCount":116},"modelVersion":"gemini-3.8-flash","responseId":"r-2"}"#,
    ]

    @Test func readsAStream() throws {
        let events = try #require(try GeminiSupport.events(GeminiSupport.sse(Self.chunks)))
        let usages = events.compactMap { if case .usage(let usage) = $0 { usage } else { nil } }
        #expect(usages.map(\.prompt) == [80, 80])
        #expect(usages.map(\.completion) == [12, 36])
        #expect(usages.map(\.reasoning) == [12, 25])
        var minted: JSONText?
        let plain = events.filter { if case .usage = $0 { false } else { true } }.map { event in
            switch event {
            case .began(var start):
                #expect(start.usage?.prompt == 80)
                start.usage = nil
                return CompletionEvent.began(start)
            case .toolCallBegan(0, 1, let id, let name, let isCustom, let signature):
                minted = id
                return .toolCallBegan(
                    choice: 0, call: 1, id: "minted", name: name, isCustom: isCustom, signature: signature)
            default: return event
            }
        }
        #expect(minted?.string.hasPrefix("call_") == true)
        let signature = GeminiCompletionTests.signature
        #expect(
            plain == [
                .began(CompletionStart(id: "r-2", model: "gemini-3.8-flash")), .reasoning(choice: 0, "Löök"),
                .text(choice: 0, "Hel"), .text(choice: 0, "lo"), .text(choice: 1, "Other 😀"),
                .toolCallBegan(choice: 0, call: 0, id: "fc1", name: "f", isCustom: false, signature: signature("CsIB")),
                .toolCallArguments(choice: 0, call: 0, JSONText(#"{"city":"Öslo"}"#)),
                .toolCallBegan(choice: 0, call: 1, id: "minted", name: "g", isCustom: false, signature: nil),
                .toolCallArguments(choice: 0, call: 1, "{}"), .finished(choice: 1, .length),
                .reasoningSignature(choice: 0, signature("bGFzdA=="), itemID: nil), .finished(choice: 0, .toolCalls),
                .ended,
            ])
    }

    @Test(arguments: ["\n", "\r\n"])
    func readsTheSameHoweverItIsCut(lineEnd: String) throws {
        let text = (": warm\n\n" + GeminiSupport.sse(Self.chunks)).replacing("\n", with: lineEnd)
        let whole = try #require(try GeminiSupport.events(text))
        let bytes = Array(text.utf8)
        #expect(try GeminiSupport.events(bytes.map { ByteBuffer(bytes: [$0]) }) == whole)
        for cut in 0...bytes.count {
            let pieces = [ByteBuffer(bytes: bytes[..<cut]), ByteBuffer(bytes: bytes[cut...])]
            #expect(try GeminiSupport.events(pieces) == whole, "cut at \(cut)")
        }
    }

    @Test func foldsIntoTheWholeAnswer() throws {
        let whole = GeminiCompletionTests.whole
        // The same answer, a part at a time.
        let read = try GeminiSupport.completion(whole)
        let events = try #require(try GeminiSupport.events(GeminiSupport.sse([whole])))
        var fold = CompletionFold()
        for event in events { fold.take(event) }
        var folded = fold.finish()
        for (place, part) in (folded.choices.first?.parts ?? []).enumerated() {
            guard case .toolCall(var call) = part.content else { continue }
            var index = JSONIndex()
            call.arguments = .object(call.arguments.object(index: &index))
            folded.choices[0].parts[place].content = .toolCall(call)
        }
        #expect(folded == read)
    }

    @Test func endsOnlyWhereEveryChoiceDid() throws {
        let open = #"{"candidates":[{"content":{"parts":[{"text":"a"}]},"index":0}]}"#
        let closed = #"{"candidates":[{"finishReason":"STOP","index":0}]}"#
        #expect(try GeminiSupport.events(GeminiSupport.sse([open]))?.contains(.ended) == false)
        #expect(try GeminiSupport.events(GeminiSupport.sse([open, closed]))?.last == .ended)
        #expect(try GeminiSupport.events("")?.isEmpty == true)
        let two = GeminiSupport.sse([open, #"{"candidates":[{"content":{"parts":[{"text":"b"}]},"index":1}]}"#, closed])
        #expect(try GeminiSupport.events(two)?.contains(.ended) == false)
    }

    @Test func takesNothingAfterAnEnd() throws {
        let closed = #"{"candidates":[{"finishReason":"STOP","index":0}]}"#
        let more = #"{"candidates":[{"content":{"parts":[{"text":"a"}]},"index":0}]}"#
        #expect(try GeminiSupport.events(GeminiSupport.sse([closed, more])) == nil)
        let usage = #"{"usageMetadata":{"promptTokenCount":1}}"#
        #expect(try GeminiSupport.events(GeminiSupport.sse([closed, closed, usage]))?.last == .ended)
    }

    @Test(arguments: ["data: 7\n\n", "data: {\n\n", "data: []\n\n", "data: text\n\n"])
    func refusesWhatIsNoAnswer(text: String) throws {
        #expect(try GeminiSupport.events(text) == nil)
    }

    @Test func passesOverWhatSaysNothing() throws {
        let text = ": ping\n\ndata:\n\ndata: [DONE]\n\n"
        #expect(try GeminiSupport.events(text) == [])
    }

    @Test func writesAStream() throws {
        var usage = ReportedUsage()
        usage.prompt = 10
        usage.completion = 5
        let foreign = Signature(origin: .anthropicMessages, value: "Eq+/=")
        let datas = try GeminiSupport.stream([
            .began(CompletionStart(id: "r", model: "m")), .reasoning(choice: 0, "T"),
            .reasoningSignature(choice: 0, foreign, itemID: nil), .redactedReasoning(choice: 0, foreign),
            .text(choice: 0, ""), .text(choice: 0, "A"),
            .toolCallBegan(choice: 0, call: 0, id: "c1", name: "f", isCustom: false, signature: nil),
            .toolCallArguments(choice: 0, call: 0, #"{\"x\":"#.text),
            .toolCallBegan(choice: 0, call: 1, id: "c2", name: "g", isCustom: false, signature: nil),
            .toolCallArguments(choice: 0, call: 1, ""), .toolCallArguments(choice: 0, call: 0, #"\"é\"}"#.text),
            .text(choice: 0, "B"),
            .toolCallBegan(choice: 0, call: 2, id: "c3", name: "h", isCustom: true, signature: nil),
            .toolCallArguments(choice: 0, call: 2, "raw"), .serviceTier("x"), .finished(choice: 0, .toolCalls),
            .usage(usage), .ended,
        ])
        func chunk(_ parts: String) -> String {
            #"{"candidates":[{"content":{"role":"model","parts":[\#(parts)]},"index":0}],"modelVersion":"m","responseId":"r"}"#
        }
        #expect(
            datas == [
                chunk(#"{"text":"","thoughtSignature":"dHIxLmMu"}"#), chunk(#"{"text":"T","thought":true}"#),
                chunk(#"{"text":"","thought":true,"thoughtSignature":"dHIxLmEuRXErLz0="}"#),
                chunk(#"{"text":"","thought":true,"thoughtSignature":"dHIxLmEucmVkYWN0ZWQuRXErLz0="}"#),
                chunk(#"{"text":"A"}"#),
                chunk(
                    #"{"functionCall":{"name":"f","args":{"x":"é"},"id":"c1"}},{"functionCall":{"name":"g","args":{},"id":"c2"}}"#
                ),
                chunk(#"{"text":"B"}"#), chunk(#"{"functionCall":{"name":"h","args":{"input":"raw"},"id":"c3"}}"#),
                #"{"candidates":[{"content":{"role":"model","parts":[{"text":"","thoughtSignature":"dHIxLmMu"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":15},"modelVersion":"m","responseId":"r"}"#,
            ])
    }

    @Test func writesWhatIsKnownAtOnce() throws {
        var buffer = ByteBuffer()
        var writer = GeminiStreamWriter(context: GeminiSupport.context)
        writer.write(.began(CompletionStart()), into: &buffer)
        #expect(
            try GeminiSupport.datas(buffer) == [
                #"{"candidates":[{"content":{"role":"model","parts":[{"text":"","thoughtSignature":"dHIxLmMu"}]},"index":0}],"modelVersion":"up","responseId":"s1"}"#
            ])
        buffer.clear()
        writer.write(.finished(choice: 0, .endOfTurn), into: &buffer)
        writer.write(.usage(ReportedUsage()), into: &buffer)
        // The tail is held until the end.
        #expect(buffer.readableBytes == 0)
        writer.write(.ended, into: &buffer)
        #expect(buffer.readableBytes > 0)
    }

    @Test func readsWhatItWrites() throws {
        let events = try #require(try GeminiSupport.events(GeminiSupport.sse(Self.chunks)))
        let again = try #require(try GeminiSupport.events(GeminiSupport.sse(try GeminiSupport.stream(events))))
        func folded(_ events: [CompletionEvent]) -> Completion {
            var fold = CompletionFold()
            for event in events { fold.take(event) }
            var completion = fold.finish()
            completion.usage?.span = 0..<0
            return completion
        }
        var (first, second) = (folded(events), folded(again))
        #expect(first.usage?.completion == second.usage?.completion)
        first.usage = nil
        second.usage = nil
        #expect(first == second)
    }

    @Test(
        arguments: [
            (400, nil, nil, "INVALID_ARGUMENT"), (401, nil, nil, "UNAUTHENTICATED"),
            (403, nil, nil, "PERMISSION_DENIED"),
            (404, nil, nil, "NOT_FOUND"), (413, nil, nil, "INVALID_ARGUMENT"), (429, nil, 17, "RESOURCE_EXHAUSTED"),
            (500, nil, nil, "INTERNAL"), (502, nil, nil, "UNAVAILABLE"), (503, nil, 1, "UNAVAILABLE"),
            (504, nil, nil, "DEADLINE_EXCEEDED"), (422, "contents[0].role", nil, "INVALID_ARGUMENT"),
        ] as [(Int, String?, Int?, String)])
    func writesErrors(status: Int, param: String?, seconds: Int?, word: String) throws {
        let error = ClientError(
            status: status, type: "t", code: "the_code", message: "said \"so\"", param: param, requestID: "q",
            retryAfterSeconds: seconds)
        let type = #"{"@type":"type.googleapis.com/google.rpc."#
        let details =
            [#"\#(type)ErrorInfo","reason":"the_code","domain":"tokenrouter"}"#]
            + (param.map {
                [#"\#(type)BadRequest","fieldViolations":[{"field":"\#($0)","description":"said \"so\""}]}"#]
            } ?? [])
            + (seconds.map { [#"\#(type)RetryInfo","retryDelay":"\#($0)s"}"#] } ?? [])
        let expected =
            #"{"error":{"code":\#(status),"message":"said \"so\"","status":"\#(word)","details":[\#(details.joined(separator: ","))]}}"#
        var buffer = ByteBuffer()
        GeminiErrorWriter.write(error, into: &buffer)
        #expect(String(buffer: buffer) == expected)
        buffer.clear()
        GeminiErrorWriter.writeEvent(error, into: &buffer)
        #expect(try GeminiSupport.datas(buffer) == [expected])
    }

    @Test func countsTokens() throws {
        var buffer = ByteBuffer()
        var index = JSONIndex()
        GeminiTokenCount.write(totalTokens: 31, into: &buffer)
        #expect(String(buffer: buffer) == #"{"totalTokens":31}"#)
        #expect(try GeminiTokenCount.read(buffer, index: &index) == 31)
        #expect(try GeminiTokenCount.read(ByteBuffer(string: "{}"), index: &index) == 0)
        for text in [#"{"totalTokens":-1}"#, #"{"totalTokens":"x"}"#, "[]", ""] {
            #expect(throws: CompletionError.self) {
                _ = try GeminiTokenCount.read(ByteBuffer(string: text), index: &index)
            }
        }
    }
}

extension String {
    /// Text as it stands between the quotes of a JSON string.
    fileprivate var text: JSONText { JSONText(content: ByteBuffer(string: self)) }
}
