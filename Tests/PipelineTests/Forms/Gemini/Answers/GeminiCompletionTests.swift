import NIOCore
import Pipeline
import Testing
import Wire

struct GeminiCompletionTests {
    static let whole = [
        #"{"candidates":[{"content":{"role":"model","parts":[{"text":"Think","thought":true},{"text":"ing","thought":true,"thoughtSignature":"c2ln"},"#,
        #"{"text":"It is "},{"text":"warm.","thoughtSignature":"dGV4dA=="},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}},"#,
        #"{"functionCall":{"name":"f","args":{"x": 1},"id":"own"},"thoughtSignature":"Y2FsbA=="},{"functionCall":{"name":"g"}},{"executableCode":{"code":"1"}}]},"#,
        #""finishReason":"STOP","index":0,"logprobsResult":{"chosenCandidates":[{"token":"It","tokenId":5,"logProbability":-0.25}],"topCandidates":[{"candidates":[{"token":"It","logProbability":-0.25},{"token":"A","logProbability":-2}]}]}},"#,
        #"{"content":{"parts":[{"text":"two"}],"role":"model"},"finishReason":"MAX_TOKENS","index":1}],"#,
        #""usageMetadata":{"promptTokenCount":80,"cachedContentTokenCount":30,"candidatesTokenCount":11,"thoughtsTokenCount":25,"toolUsePromptTokenCount":4,"totalTokenCount":120,"promptTokensDetails":[{"modality":"TEXT","tokenCount":70},{"modality":"AUDIO","tokenCount":10}]},"#,
        #""modelVersion":"gemini-3.8-flash","responseId":"r-1"}"#,
    ].joined()

    static func signature(_ value: JSONText) -> Signature { Signature(origin: .geminiGenerate, value: value) }

    @Test func readsAWholeAnswer() throws {
        let read = try GeminiSupport.completion(Self.whole)
        #expect(read.id == "r-1")
        #expect(read.model == "gemini-3.8-flash")
        #expect(read.choices.map(\.stop) == [.toolCalls, .length])
        let parts = try #require(read.choices.first?.parts)
        try #require(parts.count == 6)
        #expect(parts[0] == Part(.reasoning(Reasoning(text: "Thinking", signature: Self.signature("c2ln")))))
        #expect(parts[1] == Part(.text("It is warm.")))
        #expect(parts[2] == Part(.reasoning(Reasoning(signature: Self.signature("dGV4dA==")))))
        #expect(parts[3] == Part(.image(Media(.base64("iVBORw0KGgo="), mediaType: "image/png"))))
        let arguments = GeminiSupport.object(#"{"x": 1}"#)
        #expect(
            parts[4]
                == Part(
                    .toolCall(
                        ToolCall(
                            id: "own", name: "f", arguments: .object(arguments), signature: Self.signature("Y2FsbA==")))
                ))
        guard case .toolCall(let second) = parts[5].content else {
            Issue.record("the second call is read")
            return
        }
        #expect(second.name == "g")
        #expect(second.arguments == .object(.emptyObject))
        #expect(second.id.string.hasPrefix("call_") && second.id.string.hasSuffix("1"))
        #expect(read.choices[1].parts == [Part(.text("two"))])
        #expect(
            read.choices[0].logprobs.map { String(buffer: $0.bytes) }
                == #"{"content":[{"token":"It","logprob":-0.25,"bytes":null,"top_logprobs":[{"token":"It","logprob":-0.25,"bytes":null},{"token":"A","logprob":-2,"bytes":null}]}]}"#
        )
        let usage = try #require(read.usage)
        #expect(usage.prompt == 84 && usage.cached == 30 && usage.completion == 36 && usage.reasoning == 25)
        #expect(usage.total == 120 && usage.promptAudio == 10 && !usage.isMalformed)
        #expect(Array(Self.whole.utf8)[usage.span].starts(with: #"{"promptTokenCount""#.utf8))
    }

    @Test func mintsTheSameIDsForTheSameAnswer() throws {
        func ids(_ response: String) throws -> [JSONText] {
            try GeminiSupport.completion(
                #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"}},{"functionCall":{"name":"f","id":""}}]}}],"responseId":"\#(response)"}"#
            ).choices[0].parts.compactMap { part in
                if case .toolCall(let call) = part.content { call.id } else { nil }
            }
        }
        #expect(try ids("a") == ids("a"))
        #expect(try Set(ids("a") + ids("b")).count == 4)
    }

    @Test(
        arguments: [
            ("STOP", StopReason.endOfTurn), ("MAX_TOKENS", .length), ("CONTINUATION", .length), ("SAFETY", .filtered),
            ("RECITATION", .filtered), ("LANGUAGE", .filtered), ("BLOCKLIST", .filtered),
            ("PROHIBITED_CONTENT", .filtered), ("SPII", .filtered), ("IMAGE_SAFETY", .filtered),
            ("IMAGE_OTHER", .filtered), ("NO_IMAGE", .filtered), ("ESCALATION", .filtered), ("MODEL_ARMOR", .filtered),
            ("MALFORMED_FUNCTION_CALL", .brokenToolCall), ("UNEXPECTED_TOOL_CALL", .brokenToolCall),
            ("TOO_MANY_TOOL_CALLS", .brokenToolCall), ("MISSING_THOUGHT_SIGNATURE", .brokenToolCall),
            ("MALFORMED_RESPONSE", .brokenToolCall), ("SOMETHING_NEW", .endOfTurn),
        ] as [(String, StopReason)])
    func bringsEndsToTheirMeaning(word: String, stop: StopReason) throws {
        let text = #"{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"\#(word)"}]}"#
        #expect(try GeminiSupport.completion(text).choices[0].stop == stop)
        #expect(try GeminiSupport.events(GeminiSupport.sse([text]))?.contains(.finished(choice: 0, stop)) == true)
    }

    @Test func takesABlockedPromptForAFilteredAnswer() throws {
        let text =
            #"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9},"responseId":"r"}"#
        let read = try GeminiSupport.completion(text)
        #expect(read.choices == [CompletionChoice(stop: .filtered)])
        #expect(read.usage?.prompt == 9 && read.usage?.completion == 0)
        let events = try #require(try GeminiSupport.events(GeminiSupport.sse([text])))
        #expect(events.suffix(2) == [.finished(choice: 0, .filtered), .ended])
    }

    @Test(
        arguments: [
            "", "{", "[]", "7", #"{"candidates":[]}"#, #"{"usageMetadata":{}}"#,
        ])
    func takesNothingElseForAnAnswer(text: String) {
        #expect {
            _ = try GeminiSupport.completion(text)
        } throws: { error in
            if case .malformed = error as? CompletionError { true } else { false }
        }
    }

    @Test(
        arguments: [
            #"{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}"#,
            #"[{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}]"#,
        ])
    func readsErrors(text: String) throws {
        let expected = UpstreamError(message: "slow down", type: "RESOURCE_EXHAUSTED", code: "429")
        #expect(throws: CompletionError.upstream(expected)) { _ = try GeminiSupport.completion(text) }
        let events = try #require(try GeminiSupport.events(GeminiSupport.sse([text])))
        #expect(events == [.began(CompletionStart()), .failed(expected)])
    }

    @Test func takesAnUnsaidReasonForAFailure() throws {
        let text =
            #"{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"OTHER","finishMessage":"odd"}]}"#
        let expected = UpstreamError(message: "odd", type: "OTHER")
        #expect(throws: CompletionError.upstream(expected)) { _ = try GeminiSupport.completion(text) }
        #expect(try GeminiSupport.events(GeminiSupport.sse([text]))?.last == .failed(expected))
    }

    @Test func writesAWholeAnswer() throws {
        var completion = Completion(choices: [
            CompletionChoice(
                parts: [
                    Part(
                        .reasoning(
                            Reasoning(text: "T", signature: Signature(origin: .anthropicMessages, value: "Eq+/=")))),
                    Part(.reasoning(Reasoning(redacted: Signature(origin: .anthropicMessages, value: "cmVk")))),
                    Part(.text("")), Part(.text("A é")), Part(.refusal("No.")),
                    Part(.toolCall(ToolCall(id: "c1", name: "f", arguments: .encoded(JSONText(#"{"x":"é"}"#))))),
                    Part(.toolCall(ToolCall(id: "c2", name: "g", arguments: .encoded("not json")))),
                    Part(.image(Media(.base64("iVBORw0KGgo="), mediaType: "image/png"))),
                ], stop: .toolCalls),
            CompletionChoice(stop: .length), CompletionChoice(stop: .filtered),
        ])
        completion.usage = ReportedUsage()
        completion.usage?.prompt = 84
        completion.usage?.cached = 30
        completion.usage?.completion = 36
        completion.usage?.reasoning = 25
        #expect(
            GeminiSupport.answer(completion)
                == [
                    #"{"candidates":[{"content":{"role":"model","parts":[{"text":"T","thought":true,"thoughtSignature":"dHIxLmEuRXErLz0="},"#,
                    #"{"text":"","thought":true,"thoughtSignature":"dHIxLmEucmVkYWN0ZWQuY21Waw=="},{"text":"A é"},{"text":"No."},"#,
                    #"{"functionCall":{"name":"f","args":{"x":"é"},"id":"c1"}},{"functionCall":{"name":"g","args":{"input":"not json"},"id":"c2"}},"#,
                    #"{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]},"finishReason":"STOP","index":0},"#,
                    #"{"content":{"role":"model","parts":[{"text":"","thoughtSignature":"dHIxLmMu"}]},"finishReason":"MAX_TOKENS","index":1},{"finishReason":"SAFETY","index":2}],"#,
                    #""usageMetadata":{"promptTokenCount":84,"cachedContentTokenCount":30,"candidatesTokenCount":11,"thoughtsTokenCount":25,"totalTokenCount":120},"#,
                    #""modelVersion":"up","responseId":"s1"}"#,
                ].joined())
    }

    @Test func givesRedactedThoughtsBackAsTheyWere() throws {
        let redacted = Reasoning(redacted: Signature(origin: .anthropicMessages, value: "cmVk"))
        let answer = GeminiSupport.answer(Completion(choices: [CompletionChoice(parts: [Part(.reasoning(redacted))])]))
        let parts =
            try #require(answer.firstRange(of: #""parts":["#))
            .upperBound..<#require(answer.firstRange(of: "]}")).lowerBound
        let read = try GeminiSupport.conversation(#"{"contents":[{"role":"model","parts":[\#(answer[parts])]}]}"#)
        #expect(read.messages == [Message(role: .assistant, parts: [Part(.reasoning(redacted))])])
    }

    @Test func readsWhatItWrites() throws {
        let read = try GeminiSupport.completion(Self.whole)
        let again = try GeminiSupport.completion(GeminiSupport.answer(read))
        var plain = read
        // Signatures behind a text come back as a block of thought, which it is.
        plain.usage?.total = again.usage?.total
        plain.usage?.span = again.usage?.span ?? 0..<0
        plain.usage?.promptAudio = again.usage?.promptAudio
        #expect(again == plain)
    }
}
