import NIOCore
import Testing
import Wire

struct OperationStreamTests {
    struct Outcome: Equatable {
        var steps: [OperationStreamStep] = []
        var prompt: Int64?
        var completion: Int64?
        var units = OperationUnits()
        var isComplete = false
    }

    /// What a stream that comes in these pieces is taken for.
    static func follow(_ pieces: [ByteBuffer], _ operation: Operation, expected: Int64 = 1) throws -> Outcome {
        var decoder = SSEDecoder()
        var reader = OperationStreamReader(operation, expected: expected)
        var index = JSONIndex()
        var outcome = Outcome()
        for piece in pieces {
            decoder.append(piece)
            while let event = try decoder.next() { outcome.steps.append(reader.read(event, index: &index)) }
        }
        while let event = decoder.finish() { outcome.steps.append(reader.read(event, index: &index)) }
        outcome.prompt = reader.usage?.prompt
        outcome.completion = reader.usage?.completion
        outcome.units = reader.units
        outcome.isComplete = reader.isComplete
        return outcome
    }

    static func follow(_ text: String, _ operation: Operation, expected: Int64 = 1) throws -> Outcome {
        try follow([ByteBuffer(string: text)], operation, expected: expected)
    }

    static func events(_ data: String...) -> String { data.map { "data: \($0)\n\n" }.joined() }

    static let image = events(
        #"{"type":"image_generation.partial_image","b64_json":"AA","partial_image_index":0}"#,
        #"{"type":"image_generation.partial_image","b64_json":"AB","partial_image_index":1}"#,
        #"{"type":"image_generation.completed","b64_json":"AC","usage":{"input_tokens":5,"output_tokens":9,"total_tokens":14,"output_tokens_details":{"image_tokens":9}}}"#
    )
    static let transcript = events(
        #"{"type":"transcript.text.delta","delta":""}"#, #"{"type":"transcript.text.delta","delta":"Grüß"}"#,
        #"{"type":"transcript.text.delta","delta":" dich"}"#,
        #"{"type":"transcript.text.done","text":"Grüß dich","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"audio_tokens":14},"output_tokens":4,"total_tokens":18}}"#
    )
    static let speech = events(
        #"{"type":"speech.audio.delta","audio":"AAAA"}"#,
        #"{"type":"speech.audio.done","usage":{"input_tokens":6,"output_tokens":72,"total_tokens":78}}"#)

    static let content = OperationStreamStep.forward(isFirstContent: true, contentBytes: 0)
    static let more = OperationStreamStep.forward(isFirstContent: false, contentBytes: 0)

    @Test func anImageBecomesClear() throws {
        let outcome = try Self.follow(Self.image, .imageGeneration)
        #expect(outcome.steps == [Self.content, Self.more, .complete])
        #expect(outcome.prompt == 5 && outcome.completion == 9 && outcome.units.outputImageTokens == 9)
        let edit = Self.image.replacing("image_generation", with: "image_edit")
        #expect(try Self.follow(edit, .imageEdit) == outcome)
    }

    @Test func eachImageHasAnEndOfItsOwn() throws {
        let outcome = try Self.follow(Self.image + Self.image, .imageGeneration, expected: 2)
        #expect(outcome.steps == [Self.content, Self.more, Self.content, Self.more, Self.more, .complete])
    }

    @Test func aTranscriptIsMeasured() throws {
        let outcome = try Self.follow(Self.transcript, .transcription)
        #expect(
            outcome.steps == [
                Self.more, .forward(isFirstContent: true, contentBytes: 6),
                .forward(isFirstContent: false, contentBytes: 5), .complete,
            ])
        #expect(outcome.prompt == 14 && outcome.completion == 4)
    }

    @Test func speakersWordsCountOnce() throws {
        let segment = #"{"type":"transcript.text.segment","text":"Hello","speaker":"A"}"#
        let alone = try Self.follow(Self.events(segment), .transcription)
        #expect(alone.steps == [.forward(isFirstContent: true, contentBytes: 5)] && !alone.isComplete)
        let told = try Self.follow(
            Self.events(#"{"type":"transcript.text.delta","delta":"Hello"}"#, segment), .transcription)
        #expect(told.steps == [.forward(isFirstContent: true, contentBytes: 5), Self.more])
    }

    @Test func soundComesWithItsUsage() throws {
        let outcome = try Self.follow(Self.speech, .speech)
        #expect(outcome.steps == [Self.content, .complete] && outcome.prompt == 6 && outcome.completion == 72)
    }

    @Test func arksImagesMayFailOneByOne() throws {
        let outcome = try Self.follow(
            Self.events(
                #"{"type":"image_generation.partial_failed","image_index":0,"error":{"code":"x","message":"no"}}"#,
                #"{"type":"image_generation.partial_succeeded","image_index":1,"url":"u"}"#,
                #"{"type":"image_generation.completed","usage":{"generated_images":1,"output_tokens":4096,"total_tokens":4096}}"#,
                "[DONE]"), .imageGeneration)
        #expect(outcome.steps == [Self.more, Self.content, .complete, .complete])
        #expect(outcome.prompt == 0 && outcome.completion == 4096 && outcome.units.images == 1)
    }

    @Test(arguments: [
        ("an error event", #"{"type":"error","error":{"message":"overloaded","type":"server_error"}}"#, "overloaded"),
        ("an error in an event's place", #"{"error":{"message":"overloaded"}}"#, "overloaded"),
        ("an error at the top", #"{"type":"error","message":"overloaded"}"#, "overloaded"),
        ("a failure", #"{"type":"image_generation.failed","error":{"message":"overloaded"}}"#, "overloaded"),
    ])
    func aFailureIsTheUpstreams(_ name: String, _ data: String, _ message: String) throws {
        guard case .failed(let error) = try Self.follow(Self.events(data), .imageGeneration).steps.first else {
            Issue.record("\(name) was not seen")
            return
        }
        #expect(error.message == message, "\(name)")
    }

    @Test func aNamedErrorNeedsNoJSON() throws {
        let outcome = try Self.follow("event: error\ndata: it broke\n\n", .speech)
        #expect(outcome.steps == [.failed(UpstreamError(message: "it broke"))])
    }

    @Test func theEventsNameStandsForItsType() throws {
        let outcome = try Self.follow(
            "event: speech.audio.delta\ndata: {\"audio\":\"A\"}\n\nevent: speech.audio.done\ndata: {}\n\n", .speech)
        #expect(outcome.steps == [Self.content, .complete])
    }

    @Test(arguments: [
        ("a comment", ": ping\n\n", OperationStreamStep.hide), ("no data", "event: x\n\n", .hide),
        ("an unknown event", "data: {\"type\":\"new\"}\n\n", more), ("no JSON", "data: x\n\n", .malformed),
        ("an array", "data: []\n\n", .malformed), ("cut JSON", "data: {\"type\":\n\n", .malformed),
        ("an end before anything", "data: [DONE]\n\n", .malformed),
    ])
    func whatIsNoContentIsToldApart(_ name: String, _ text: String, _ step: OperationStreamStep) throws {
        #expect(try Self.follow(text, .transcription).steps == [step], "\(name)")
    }

    @Test(arguments: [(Operation.imageGeneration, image), (.transcription, transcript), (.speech, speech)])
    func anyCutGivesTheSameSteps(_ operation: Operation, _ text: String) throws {
        let whole = try Self.follow(text, operation)
        let bytes = Array(text.utf8)
        #expect(try Self.follow(bytes.map { ByteBuffer(bytes: [$0]) }, operation) == whole, "byte by byte")
        for cut in 1..<bytes.count {
            let pieces = [ByteBuffer(bytes: bytes[..<cut]), ByteBuffer(bytes: bytes[cut...])]
            #expect(try Self.follow(pieces, operation) == whole, "cut at \(cut)")
        }
    }

    /// What broke off is never taken for whole: only a stream whose last event came is.
    @Test func aStreamThatBreaksOffIsNotComplete() throws {
        let bytes = Array(Self.transcript.utf8)
        for end in 0..<(bytes.count - 2) {
            #expect(try !Self.follow([ByteBuffer(bytes: bytes[..<end])], .transcription).isComplete, "cut at \(end)")
        }
    }

    @Test func mutatedStreamsAreFollowed() {
        let seed: UInt64 = 0x7374_7265
        var random = SeededGenerator(seed: seed)
        let streams = [
            (Operation.imageGeneration, Self.image), (.transcription, Self.transcript), (.speech, Self.speech),
        ]
        for round in 0..<5_000 {
            let (operation, text) = streams[round % streams.count]
            let bytes = random.mutate(Array(text.utf8), alphabet: Array("{}[]\":,019-.\ndataevent\r".utf8))
            let outcome = try? Self.follow([ByteBuffer(bytes: bytes)], operation)
            if let prompt = outcome?.prompt { #expect(prompt >= 0, "seed \(seed), round \(round)") }
        }
    }
}
