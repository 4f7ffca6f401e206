import NIOCore
import Testing
import Wire

struct OperationAnswerTests {
    static func read(
        _ operation: Operation, _ text: String, format: Operation.AnswerFormat = .json
    ) throws(OperationAnswerError) -> OperationAnswer {
        var index = JSONIndex()
        return try OperationAnswer.read(
            ByteBuffer(string: text), operation: operation, format: format, index: &index)
    }

    @Test(arguments: [
        (
            "embeddings", Operation.embeddings,
            #"{"data":[{"embedding":[0.1]},{}],"usage":{"prompt_tokens":8,"total_tokens":8}}"#, 2, 8, 0
        ),
        ("a total alone", .embeddings, #"{"data":[{}],"usage":{"total_tokens":7}}"#, 1, 7, 0),
        (
            "an image", .imageGeneration,
            #"{"created":1,"data":[{"b64_json":"AA"}],"usage":{"input_tokens":50,"output_tokens":1000,"total_tokens":1050}}"#,
            1, 50, 1000
        ),
        (
            "Ark's image", .imageGeneration,
            #"{"data":[{"url":"u"},{"error":{"code":"x"}}],"usage":{"generated_images":1,"output_tokens":4096,"total_tokens":4096}}"#,
            1, 0, 4096
        ),
        (
            "an edit", .imageEdit,
            #"{"data":[{"b64_json":"AA"}],"usage":{"input_tokens":2,"output_tokens":3,"total_tokens":5},"error":null}"#,
            1, 2, 3
        ),
        (
            "a transcript", .transcription,
            #"{"text":"Hello","usage":{"type":"tokens","input_tokens":14,"output_tokens":45,"total_tokens":59}}"#, 1,
            14, 45
        ),
        (
            "a ranking", .rerank, #"{"results":[{"index":0,"relevance_score":0.9}],"usage":{"total_tokens":12}}"#, 1,
            12, 0
        ),
        ("a ranking's prompt", .rerank, #"{"results":[],"usage":{"prompt_tokens":12,"total_tokens":12}}"#, 0, 12, 0),
        (
            "SiliconFlow's", .rerank, #"{"results":[{}],"meta":{"tokens":{"input_tokens":9,"output_tokens":1}}}"#, 1, 9,
            1
        ),
        (
            "both", .rerank, #"{"meta":{"tokens":{"input_tokens":9}},"results":[{}],"usage":{"total_tokens":4}}"#, 1, 4,
            0
        ),
        (
            "a judgement that is counted", .moderation,
            #"{"results":[{"flagged":false}],"usage":{"prompt_tokens":3,"total_tokens":3}}"#, 1, 3, 0
        ),
    ])
    func tokensAreCounted(
        _ name: String, _ operation: Operation, _ text: String, _ items: Int, _ prompt: Int64, _ completion: Int64
    ) throws {
        let answer = try Self.read(operation, text)
        #expect(answer.itemCount == items, "\(name)")
        let usage = try #require(answer.usage, "\(name)")
        #expect(usage.prompt == prompt && usage.completion == completion && !usage.isMalformed, "\(name): \(usage)")
        #expect(textOf(text, usage.span).hasPrefix("{"), "\(name)")
    }

    @Test(arguments: [
        ("a free judgement", Operation.moderation, #"{"results":[{"flagged":true}]}"#),
        ("no usage", .embeddings, #"{"data":[]}"#), ("null", .embeddings, #"{"data":[],"usage":null}"#),
        ("an empty usage", .embeddings, #"{"data":[],"usage":{}}"#),
        ("a text", .embeddings, #"{"data":[],"usage":"x"}"#),
        ("seconds", .transcription, #"{"text":"","usage":{"type":"duration","seconds":4}}"#),
        ("search units", .rerank, #"{"results":[],"meta":{"billed_units":{"search_units":1}}}"#),
    ])
    func whatReportsNoTokensHasNone(_ name: String, _ operation: Operation, _ text: String) throws {
        #expect(try Self.read(operation, text).usage == nil, "\(name)")
    }

    @Test func detailsAndUnitsAreKept() throws {
        let image = try Self.read(
            .imageGeneration,
            #"{"data":[{"b64_json":"A"}],"usage":{"input_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40,"cached_tokens":5},"output_tokens":30,"output_tokens_details":{"image_tokens":28,"text_tokens":2},"total_tokens":80}}"#
        )
        #expect(image.units.inputImageTokens == 40 && image.units.outputImageTokens == 28)
        #expect(image.usage?.cached == 5 && image.usage?.total == 80)
        let drawing = try Self.read(
            .imageGeneration,
            #"{"data":[{"b64_json":"A"}],"usage":{"total_tokens":1},"svg_usage":{"model":"m","input_tokens":7,"output_tokens":9}}"#
        )
        #expect(drawing.units.svgInputTokens == 7 && drawing.units.svgOutputTokens == 9 && drawing.usage?.prompt == 1)
        let sound = try Self.read(
            .transcription,
            #"{"text":"a\nb","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":4,"audio_tokens":10},"output_tokens":1,"total_tokens":15}}"#
        )
        #expect(sound.usage?.promptAudio == 10 && sound.textBytes == 4)
        #expect(
            try Self.read(.transcription, #"{"text":"","usage":{"type":"duration","seconds":4.2505}}"#).units
                .soundMilliseconds == 4_251)
        #expect(
            try Self.read(.rerank, #"{"results":[],"meta":{"billed_units":{"search_units":2}}}"#).units.searchUnits == 2
        )
        #expect(
            try Self.read(.rerank, #"{"results":[],"usage":{"search_units":3,"total_tokens":1}}"#).units.searchUnits
                == 3)
        #expect(
            try Self.read(.imageGeneration, #"{"data":[{"url":"u"}],"usage":{"generated_images":1}}"#).units.images == 1
        )
    }

    @Test(arguments: [
        (#"{"image_count":2,"width":1328,"height":1328}"#, Int64?(2), Int64?.none, Int64?.none),
        (#"{"output_image_count":1,"input_image_count":3,"output_image_type":"qima_output_2k"}"#, 1, nil, nil),
        (#"{"characters":42}"#, nil, 42, nil),
        (#"{"input_tokens":7,"output_tokens":30,"total_tokens":37,"characters":0}"#, nil, 0, 37),
    ])
    func dashScopesOwnUsageIsRead(text: String, images: Int64?, characters: Int64?, tokens: Int64?) throws {
        let body = ByteBuffer(string: text)
        var index = JSONIndex()
        try body.withUnsafeReadableBytes { bytes in
            try index.read(bytes)
            let usage = OperationAnswer.usage(0, in: bytes, index: index)
            #expect(usage.units.images == images && usage.units.characters == characters)
            #expect(usage.tokens?.total == tokens && usage.tokens?.prompt == tokens.map { $0 - 30 })
        }
    }

    @Test(arguments: [
        #"{"total_tokens":-1}"#, #"{"prompt_tokens":1.5}"#, #"{"prompt_tokens":"8"}"#, #"{"total_tokens":1e300}"#,
        #"{"prompt_tokens":9,"total_tokens":8}"#, #"{"output_tokens":9,"total_tokens":8}"#,
        #"{"input_tokens":1,"input_tokens_details":{"cached_tokens":-1}}"#,
    ])
    func countsThatCannotBeAreMalformed(_ usage: String) throws {
        #expect(try Self.read(.embeddings, #"{"data":[{}],"usage":"# + usage + "}").usage?.isMalformed == true)
    }

    @Test(arguments: [
        ("nothing", Operation.embeddings, "", nil as OperationAnswerError.StaticReason?),
        ("cut", .embeddings, #"{"data":[{"embedding":[0.1"#, nil),
        ("two texts", .embeddings, #"{"data":[]}{"data":[]}"#, nil),
        ("HTML", .embeddings, "<html>", nil),
        ("an array", .embeddings, "[]", .notAnObject),
        ("no data", .embeddings, #"{"object":"list"}"#, .noData),
        ("data that is none", .embeddings, #"{"data":{}}"#, .noData),
        ("no image data", .imageGeneration, #"{"created":1}"#, .noData),
        ("no image", .imageGeneration, #"{"data":[]}"#, .noImage),
        ("all images failed", .imageEdit, #"{"data":[{"error":{"code":"x"}}]}"#, .noImage),
        ("no results", .rerank, #"{"data":[]}"#, .noResults),
        ("no verdicts", .moderation, #"{"results":null}"#, .noResults),
        ("no text", .transcription, #"{"usage":{}}"#, .noText),
        ("a number for text", .transcription, #"{"text":1}"#, .noText),
    ])
    func whatIsNoAnswerIsRefused(
        _ name: String, _ operation: Operation, _ text: String, _ reason: OperationAnswerError.StaticReason?
    ) {
        do throws(OperationAnswerError) {
            _ = try Self.read(operation, text)
            Issue.record("\(name) was taken")
        } catch {
            switch error {
            case .notJSON: #expect(reason == nil, "\(name)")
            case .notAnAnswer(let found): #expect(found == reason, "\(name)")
            case .upstream: Issue.record("\(name): \(error)")
            }
        }
    }

    @Test(arguments: Operation.allCases)
    func anErrorInAnAnswersPlaceIsOne(_ operation: Operation) {
        let text = #"{"error":{"message":"no credit","code":"insufficient_quota"}}"#
        #expect(throws: OperationAnswerError.upstream(UpstreamError(message: "no credit", code: "insufficient_quota")))
        {
            try Self.read(operation, text, format: operation.answerFormat)
        }
    }

    @Test func bytesPassAsTheyAre() throws {
        #expect(try Self.read(.speech, "ID3\u{0}", format: .bytes).itemCount == 1)
        #expect(try Self.read(.speech, "{not JSON", format: .bytes).itemCount == 1)
        #expect(throws: OperationAnswerError.notAnAnswer(.empty)) { try Self.read(.speech, "", format: .bytes) }
        #expect(try Self.read(.transcription, "1\n00:00", format: .bytes).textBytes == 7)
        #expect(try Self.read(.transcription, "", format: .bytes).itemCount == 1, "silence")
    }

    /// The cut answer is never taken for a whole one, wherever it is cut.
    @Test func anAnswerCutAnywhereIsRefused() {
        let text = Array(#"{"data":[{"embedding":[0.5,1]}],"usage":{"prompt_tokens":8,"total_tokens":8}}"#.utf8)
        for end in 0..<text.count {
            var index = JSONIndex()
            #expect(throws: OperationAnswerError.self, "cut at \(end)") {
                try OperationAnswer.read(ByteBuffer(bytes: text[..<end]), operation: .embeddings, index: &index)
            }
        }
    }

    @Test func mutatedAnswersAreReadOrRefused() {
        let seed: UInt64 = 0x616e_7377
        var random = SeededGenerator(seed: seed)
        let text =
            #"{"data":[{"url":"u"}],"results":[1],"text":"t","meta":{"billed_units":{"search_units":1},"tokens":{"input_tokens":2}},"usage":{"seconds":1.5,"input_tokens":9,"output_tokens":1,"total_tokens":10,"input_tokens_details":{"image_tokens":3}}}"#
        for round in 0..<5_000 {
            let operation = Operation.allCases[round % Operation.allCases.count]
            let bytes = random.mutate(Array(text.utf8), alphabet: Array(#"{}[]":,0129-.e"#.utf8))
            var index = JSONIndex()
            let answer = try? OperationAnswer.read(ByteBuffer(bytes: bytes), operation: operation, index: &index)
            if let usage = answer?.usage, !usage.isMalformed {
                #expect((usage.prompt ?? -1) >= 0 && (usage.completion ?? -1) >= 0, "seed \(seed), round \(round)")
            }
        }
    }
}
