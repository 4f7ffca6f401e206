import NIOCore
import Pipeline
import Testing
import Wire

struct StreamReaderTests {
    /// A step without its bytes, which are the event's own.
    enum Step: Equatable {
        case forward(isFirstContent: Bool, contentBytes: Int)
        case hide
        case done
        case failed(message: String)
        case malformed

        init(_ step: StreamStep) {
            switch step {
            case .forward(_, let isFirst, let bytes): self = .forward(isFirstContent: isFirst, contentBytes: bytes)
            case .hide: self = .hide
            case .done: self = .done
            case .failed(let message): self = .failed(message: message)
            case .malformed: self = .malformed
            }
        }
    }

    /// What a stream comes to, event by event.
    struct Run {
        var steps: [Step] = []
        var reader: StreamReader
        /// If the framing ended here, the answer would be whole.
        var isComplete = false
    }

    static func run(_ stream: String, kind: String = "openai", hides: Bool = true) throws -> Run {
        let style = try #require(DialectRegistry.dialect(kind: kind)).usageStyle
        var run = Run(reader: StreamReader(route: .sameForm(.openAIChat, style, hidesUsageChunk: hides)))
        var index = JSONIndex()
        var decoder = SSEDecoder()
        decoder.append(ByteBuffer(string: stream))
        while let event = try decoder.next() {
            run.steps.append(Step(run.reader.read(event, index: &index)))
        }
        while let event = decoder.finish() {
            run.steps.append(Step(run.reader.read(event, index: &index)))
        }
        run.isComplete = run.reader.finish() != nil
        return run
    }

    static func events(_ payloads: String...) -> String {
        payloads.map { "data: \($0)\n\n" }.joined()
    }

    private static let role =
        #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}"#
    private static let text = #"{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"usage":null}"#
    private static let stop = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"#
    private static let usage = #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}"#

    @Test func aWholeStreamIsForwardedAndItsUsageHidden() throws {
        let run = try Self.run(Self.events(Self.role, Self.text, Self.text, Self.stop, Self.usage, "[DONE]"))
        #expect(
            run.steps == [
                .forward(isFirstContent: false, contentBytes: 0), .forward(isFirstContent: true, contentBytes: 2),
                .forward(isFirstContent: false, contentBytes: 2), .forward(isFirstContent: false, contentBytes: 0),
                .hide, .done,
            ])
        #expect(run.isComplete)
        #expect(run.reader.usage?.prompt == 9 && run.reader.usage?.completion == 2)
        #expect(
            run.reader.usageText.map { String(decoding: $0, as: UTF8.self) }
                == #"{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}"#)
    }

    @Test func theUsageChunkIsForwardedToWhoAskedForIt() throws {
        let run = try Self.run(Self.events(Self.stop, Self.usage, "[DONE]"), hides: false)
        #expect(
            run.steps == [
                .forward(isFirstContent: false, contentBytes: 0), .forward(isFirstContent: false, contentBytes: 0),
                .done,
            ])
    }

    @Test(arguments: [
        ("nothing", "", false),
        ("done alone", events("[DONE]"), true),
        ("no finish", events(text), false),
        ("finish without done", events(text, stop), true),
        ("one of two choices", events(#"{"choices":[{"index":0,"finish_reason":"stop"},{"index":1}]}"#), false),
        (
            "both",
            events(
                #"{"choices":[{"index":1}]}"#, #"{"choices":[{"index":0,"finish_reason":"stop"}]}"#,
                #"{"choices":[{"index":1,"finish_reason":"length"}]}"#), true
        ),
        ("a last line without its blank line", "data: [DONE]", true),
        ("filter results alone", events(#"{"choices":[],"prompt_filter_results":[]}"#), false),
    ])
    func aStreamIsCompleteWithDoneOrWithEveryFinish(_ name: String, _ stream: String, _ isComplete: Bool) throws {
        #expect(try Self.run(stream).isComplete == isComplete, "\(name)")
    }

    @Test func hitsAndMissesBecomeAPromptThatIncludesThem() throws {
        let finish =
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":210,"completion_tokens":30,"prompt_cache_hit_tokens":128,"prompt_cache_miss_tokens":82,"completion_tokens_details":{"reasoning_tokens":21}}}"#
        let run = try Self.run(Self.events(finish, "[DONE]"), kind: "deepseek")
        #expect(run.steps == [.forward(isFirstContent: false, contentBytes: 0), .done])
        let usage = try #require(run.reader.usage)
        #expect(usage.prompt == 210 && usage.cached == 128 && usage.completion == 30 && usage.reasoning == 21)
        #expect(try Self.run(Self.events(finish), kind: "openai").reader.usage?.cached == nil)
    }

    @Test(arguments: [
        (
            "too large to add", #"{"prompt_cache_hit_tokens":9223372036854775807,"prompt_cache_miss_tokens":1}"#,
            nil as Int64?, true
        ),
        ("hits only", #"{"prompt_tokens":5,"prompt_cache_hit_tokens":3}"#, 5, false),
        ("neither", #"{"prompt_tokens":5}"#, 5, false),
    ])
    func hitsAndMissesThatDoNotAddUpAreNotMadeUp(_ name: String, _ usage: String, _ prompt: Int64?, _ isMalformed: Bool)
        throws
    {
        let run = try Self.run(Self.events(#"{"choices":[],"usage":"# + usage + "}"), kind: "deepseek")
        #expect(run.reader.usage?.prompt == prompt && run.reader.usage?.isMalformed == isMalformed, "\(name)")
    }

    @Test func theLastUsageThatIsNotNullCounts() throws {
        let run = try Self.run(
            Self.events(
                #"{"choices":[{"index":0}],"usage":{"prompt_tokens":9,"completion_tokens":1}}"#,
                #"{"choices":[{"index":0}],"usage":{"prompt_tokens":9,"completion_tokens":2}}"#, Self.stop, "[DONE]"))
        #expect(run.reader.usage?.completion == 2)
    }

    @Test(arguments: [
        (
            "an error object", #"data: {"error":{"message":"overloaded","type":"server_error"}}"#,
            Step.failed(message: "overloaded")
        ),
        ("an error without words", #"data: {"error":{}}"#, .failed(message: "The upstream's stream failed.")),
        ("a named error", "event: error\ndata: {\"message\":\"no\"}", .failed(message: "no")),
        ("a named error in plain text", "event: error\ndata: boom", .failed(message: "boom")),
        ("no JSON", "data: oops", .malformed),
        ("cut JSON", #"data: {"choices":["#, .malformed),
        ("a comment", ": ping", .hide),
        ("an empty payload", "data:", .hide),
        ("fields alone", "id: 5", .hide),
        ("another object", #"data: {"type":"ping"}"#, .forward(isFirstContent: false, contentBytes: 0)),
        ("lines that join", "data: {\"choices\":[],\ndata: \"usage\":{\"prompt_tokens\":1}}", .hide),
    ])
    func everyOtherEventHasItsStep(_ name: String, _ event: String, _ step: Step) throws {
        #expect(try Self.run(event + "\n\n").steps == [step], "\(name)")
    }
}

struct AnswerReaderTests {
    private func read(_ text: String, kind: String = "openai") throws -> AnswerSummary {
        var index = JSONIndex()
        let dialect = try #require(DialectRegistry.dialect(kind: kind))
        return try AnswerReader.readUnary(
            ByteBuffer(string: text), route: .sameForm(.openAIChat, dialect.usageStyle, hidesUsageChunk: false), index: &index)
    }

    @Test func anAnswerIsSummedUp() throws {
        let summary = try read(
            #"{"choices":[{"index":0,"message":{"content":"Oslo"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5}}"#
        )
        #expect(
            summary.usage?.prompt == 5 && summary.contentBytes == 4 && summary.choiceCount == 1 && summary.isFinished)
        #expect(summary.usageText.map { String(decoding: $0, as: UTF8.self) } == #"{"prompt_tokens":5}"#)
    }

    @Test func aBufferThatWasReadFromGivesTheSameText() throws {
        var body = ByteBuffer(string: "????" + #"{"choices":[{"message":{}}],"usage":{"prompt_tokens":5}}"#)
        body.moveReaderIndex(forwardBy: 4)
        var index = JSONIndex()
        let summary = try AnswerReader.readUnary(
            body, route: .sameForm(.openAIChat, .inclusive, hidesUsageChunk: false), index: &index)
        #expect(summary.usageText.map { String(decoding: $0, as: UTF8.self) } == #"{"prompt_tokens":5}"#)
    }

    @Test func missesAndHitsAreResolved() throws {
        let text =
            #"{"choices":[{"message":{}}],"usage":{"prompt_tokens":1,"prompt_cache_hit_tokens":128,"prompt_cache_miss_tokens":82}}"#
        #expect(try read(text, kind: "deepseek").usage?.prompt == 210)
        #expect(try read(text, kind: "deepseek").usage?.cached == 128)
        #expect(try read(text).usage?.prompt == 1)
    }

    @Test(arguments: [
        ("no JSON", "<html>", AnswerError.malformed("the body is not one whole JSON text")),
        ("no choices", "{}", .malformed("'choices' is missing or no array")),
        ("an error", #"{"error":{"message":"no"}}"#, .upstream(UpstreamError(message: "no"))),
    ])
    func whatIsNoAnswerSaysWhy(_ name: String, _ text: String, _ expected: AnswerError) {
        #expect(throws: expected, "\(name)") { try read(text) }
    }

    /// The numbers of a Responses stream go on where the vendor's events that the client has seen left off.
    @Test(arguments: [
        ([], #"event: error\#ndata: {"type":"error","sequence_number":0,"#, nil),
        (
            [
                #"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","created_at":5,"model":"m"}}"#,
                #"{"type":"response.in_progress","sequence_number":4,"response":{"id":"resp_1"}}"#,
            ],
            #"event: response.failed\#ndata: {"type":"response.failed","sequence_number":5,"response":{"id":"resp_1","object":"response","created_at":5,"status":"failed","error":{"code":"rate_limit_exceeded","message":"Too much."},"#,
            #"event: error\#ndata: {"type":"error","sequence_number":6,"#
        ),
        (
            [
                #"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1"}}"#,
                #"{"type":"error","code":"x","message":"theirs","param":null,"sequence_number":1}"#,
            ],
            #"event: response.failed\#ndata: {"type":"response.failed","sequence_number":1,"#,
            #"event: error\#ndata: {"type":"error","sequence_number":2,"#
        ),
    ] as [([String], String, String?)])
    func aFailureInTheClientsOwnFormIsNumbered(seen: [String], first: String, second: String?) throws {
        var reader = StreamReader(route: .sameForm(.openAIResponses, .inclusive, hidesUsageChunk: false))
        var index = JSONIndex()
        var decoder = SSEDecoder()
        decoder.append(ByteBuffer(string: seen.map { "data: \($0)\n\n" }.joined()))
        while let event = try decoder.next() { _ = reader.read(event, index: &index) }
        let error = ClientError(
            status: 429, type: "rate_limit_error", code: "rate_limit_exceeded", message: "Too much.", requestID: "r")
        let told = String(buffer: reader.failureEvent(error, form: .openAIResponses))
        #expect(told.hasPrefix(first))
        if let second { #expect(told.contains("\n\n" + second)) }
        #expect(told.contains(#""error":{"message":"Too much.","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}"#))
    }
}
