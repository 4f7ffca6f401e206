import NIOCore
import Pipeline
import Testing
import Wire

/// OpenAI's operations at vendors that have them in words of their own; what goes in JSON and comes as text is held by fixtures.
struct NativeOperationTests {
    private static let context = RenderContext(createdSeconds: 1_795_219_200)

    private static func rendered(
        _ operation: Operation, _ body: ByteBuffer, kind: String = "qwen", model: String = "up",
        basePath: String = "/compatible-mode/v1", contentType: String = "application/json", isStrict: Bool = false
    ) throws -> RenderedRequest {
        let dialect = try #require(DialectRegistry.dialect(kind: kind))
        var index = JSONIndex()
        let inbound = try PromptPipeline.read(
            body, kind: .operation(operation), contentType: contentType, index: &index)
        var options = PipelineOptions()
        options.isStrict = isStrict
        let pipeline = PromptPipeline(options: options)
        var tools = ToolMemory()
        let prepared = try pipeline.prepare(inbound, body: body, index: index, tools: &tools)
        var context = Self.context
        context.contentType = contentType
        return try pipeline.render(
            prepared, body: body, for: OutboundTarget(dialect: dialect, model: model, basePath: basePath),
            context: context,
            index: &index)
    }

    private static func rendered(_ operation: Operation, _ text: String, basePath: String = "/compatible-mode/v1")
        throws
        -> RenderedRequest
    {
        try rendered(operation, ByteBuffer(string: text), basePath: basePath)
    }

    @Test(arguments: [
        ("/compatible-mode/v1", "/api/v1"), ("/api/v1", "/api/v1"), ("/compatible-api/v1", "/api/v1"),
        ("/proxy/dashscope/compatible-mode/v1", "/proxy/dashscope/api/v1"),
    ])
    func theOwnAPIIsFoundBesideTheOther(basePath: String, root: String) throws {
        let rendered = try Self.rendered(.rerank, #"{"model":"m","query":"q","documents":["d"]}"#, basePath: basePath)
        #expect(rendered.path == root + "/services/rerank/text-rerank/text-rerank" && rendered.isPathWhole)
    }

    @Test(arguments: ["", "/v1", "/compatible-mode/v2"])
    func aBaseURLThatDoesNotTellIsNamed(basePath: String) throws {
        let refusal = try #require(throws: PipelineError.self) {
            try Self.rendered(.rerank, #"{"model":"m","query":"q","documents":["d"]}"#, basePath: basePath)
        }
        guard case .invalidRequest(let message, _) = refusal else { return }
        #expect(message.contains("base_url must end with /compatible-mode/v1"))
        let embeddings = try Self.rendered(.embeddings, #"{"model":"m","input":"a"}"#, basePath: basePath)
        #expect(embeddings.path == "/embeddings" && !embeddings.isPathWhole, "what compatible mode has needs no other")
    }

    @Test(arguments: [
        ("a stream of pictures", Operation.imageGeneration, #"{"model":"m","prompt":"p","stream":true}"#, "stream"),
        (
            "a file of another vendor", .imageEdit,
            #"{"model":"m","prompt":"p","images":[{"image_url":"u"},{"file_id":"f"}]}"#,
            "images[1].file_id"
        ),
        ("no address", .imageEdit, #"{"model":"m","prompt":"p","images":[{"x":1}]}"#, "images[0]"),
    ])
    func whatTheVendorCannotBeToldIsRefused(
        _ name: String, _ operation: Operation, _ text: String, _ param: String
    ) throws {
        let refusal = try #require(throws: PipelineError.self) { try Self.rendered(operation, text) }
        guard case .invalidRequest(_, let field) = refusal else { return }
        #expect(field == param, "\(name)")
    }

    @Test func aStrictModelRefusesWhatIsDropped() throws {
        let body = ByteBuffer(string: #"{"model":"m","prompt":"p","style":"vivid"}"#)
        let refusal = try #require(throws: PipelineError.self) {
            try Self.rendered(.imageGeneration, body, isStrict: true)
        }
        guard case .invalidRequest(_, let field) = refusal else { return }
        #expect(field == "style")
        #expect(try Self.rendered(.imageGeneration, body).report.dropped == ["style"])
    }

    private static func part(_ head: String, _ content: [UInt8]) -> [UInt8] {
        Array("--b\r\ncontent-disposition: form-data; \(head)\r\n\r\n".utf8) + content + Array("\r\n".utf8)
    }

    @Test func filesToEditBecomeDataURLs() throws {
        let body = ByteBuffer(
            bytes: Self.part(#"name="model""#, Array("draw".utf8))
                + Self.part(#"name="prompt""#, Array("12 \"hats\"".utf8))
                + Self.part(#"name="image[]"; filename="a""#, [0xFF, 0xD8, 0xFF, 0xE0])
                + Self.part(#"name="image[]"; filename="b""#, [0x89, 0x50, 0x4E, 0x47])
                + Self.part(#"name="mask"; filename="c""#, [1]) + Self.part(#"name="n""#, Array("2".utf8))
                + Self.part(#"name="watermark""#, Array("false".utf8)) + Array("--b--\r\n".utf8))
        let rendered = try Self.rendered(.imageEdit, body, contentType: "multipart/form-data; boundary=b")
        #expect(rendered.contentType == nil, "JSON goes out")
        #expect(rendered.report.dropped == ["mask"])
        #expect(
            String(buffer: Requests.upstream(rendered, of: body))
                == #"{"model":"up","input":{"messages":[{"role":"user","content":[{"image":"data:image/jpeg;base64,/9j/4A=="},{"image":"data:image/png;base64,iVBORw=="},{"text":"12 \"hats\""}]}]},"parameters":{"n":2,"watermark":false}}"#
        )
    }

    /// One event for each piece, and the vendor's end.
    private static func events(_ pieces: [[UInt8]], end: String = #","url":"http://x"},"finish_reason":"stop"}"#)
        -> String
    {
        let data = pieces.map { String(buffer: Base64.encoded(ByteBuffer(bytes: $0))) }
        let first = data.map { #"data:{"output":{"audio":{"data":"\#($0)"},"finish_reason":"null"}}"# + "\n\n" }
        return "id:1\nevent:result\n:HTTP_STATUS/200\n" + first.joined() + #"data:{"output":{"audio":{"data":"""#
            + end + #","usage":{"characters":2}}"# + "\n\n"
    }

    private static func spoken(_ format: String?, _ answer: String) throws -> AnswerSummary {
        let wish = format.map { #","response_format":"\#($0)""# } ?? ""
        let rendered = try rendered(.speech, #"{"model":"m","input":"Hi","voice":"Cherry"\#(wish)}"#)
        #expect(rendered.asksForEvents && rendered.headers.contains { $0 == ("x-dashscope-sse", "enable") })
        var index = JSONIndex()
        return try AnswerReader.readUnary(ByteBuffer(string: answer), route: rendered.answer, index: &index)
    }

    private static let wave: [UInt8] =
        Array("RIFF\u{24}\0\0\0WAVEfmt \u{10}\0\0\0".utf8) + [UInt8](repeating: 1, count: 16)
        + Array("data\u{4}\0\0\0".utf8)

    @Test(arguments: [
        ("an MP3", String?.none, [Array("ID3".utf8), [4, 5]], Array("ID3".utf8) + [4, 5], "audio/mpeg"),
        ("its frames", "mp3", [[0xFF, 0xFB, 0x90], [0]], [0xFF, 0xFB, 0x90, 0], "audio/mpeg"),
        ("an Opus", "opus", [Array("OggS".utf8)], Array("OggS".utf8), "audio/ogg"),
        ("a WAV", "wav", [wave, [9, 9]], wave + [9, 9], "audio/wav"),
        ("a WAV whose samples are wanted", "pcm", [wave, [9, 9]], [9, 9], "audio/pcm"),
        ("samples", "pcm", [[0xFF, 0xFF], [0, 0]], [0xFF, 0xFF, 0, 0], "audio/pcm"),
    ])
    func theSoundIsJoinedAndNamed(
        _ name: String, _ format: String?, _ pieces: [[UInt8]], _ sound: [UInt8], _ mediaType: String
    ) throws {
        let summary = try Self.spoken(format, Self.events(pieces))
        #expect(Array(buffer: summary.body) == sound && summary.mediaType == mediaType, "\(name)")
        #expect(
            summary.usage == nil
                && summary.usageText.map { String(decoding: $0, as: UTF8.self) } == #"{"characters":2}"#)
    }

    @Test func samplesNobodyAskedForBecomeAWave() throws {
        let summary = try Self.spoken("mp3", Self.events([[0xFF, 0xFF, 0xFE], [0xFF, 1, 0]]))
        let bytes = Array(buffer: summary.body)
        #expect(summary.mediaType == "audio/wav" && bytes.count == 50)
        #expect(Array(bytes[0..<8]) == Array("RIFF".utf8) + [42, 0, 0, 0])
        #expect(Array(bytes[24..<28]) == [0xC0, 0x5D, 0, 0], "24,000 a second")
        #expect(Array(bytes[40...]) == [6, 0, 0, 0, 0xFF, 0xFF, 0xFE, 0xFF, 1, 0])
    }

    @Test(arguments: [
        ("no end", events([[1, 2]], end: #"},"finish_reason":"null"}"#)), ("no sound", events([])), ("nothing", ""),
        ("a link alone", #"{"output":{"audio":{"data":"","url":"http://x"},"finish_reason":"stop"},"usage":{}}"#),
        ("no base64", #"data:{"output":{"audio":{"data":"*","url":"u"}}}"# + "\n\n"),
        ("half an event", "data:{\"out\n\n"),
    ])
    func aSoundThatIsNotWholeIsNoAnswer(_ name: String, _ answer: String) throws {
        let error = try #require(throws: AnswerError.self) { try Self.spoken(nil, answer) }
        guard case .malformed = error else { throw error }
    }

    @Test(arguments: [
        (Operation.speech, "data:"), (.speech, ""), (.imageGeneration, ""), (.rerank, ""),
    ])
    func anErrorInAnAnswersPlaceIsOne(_ operation: Operation, _ prefix: String) throws {
        let rendered = try Self.rendered(
            operation, #"{"model":"m","input":"Hi","prompt":"p","query":"q","documents":["d"]}"#)
        let answer = prefix + #"{"code":"DataInspectionFailed","message":"Unsafe.","request_id":"r"}"# + "\n\n"
        var index = JSONIndex()
        let error = try #require(throws: AnswerError.self) {
            try AnswerReader.readUnary(ByteBuffer(string: answer), route: rendered.answer, index: &index)
        }
        #expect(error == .upstream(UpstreamError(message: "Unsafe.", code: "DataInspectionFailed")))
    }

    @Test(arguments: [
        (Operation.imageGeneration, #"{"output":{"task_id":"t","task_status":"PENDING"},"request_id":"r"}"#),
        (.imageGeneration, #"{"output":{"choices":[{"message":{"content":[{"text":"no"}]}}]}}"#),
        (.imageGeneration, "[]"), (.imageGeneration, ""), (.rerank, #"{"output":{}}"#),
        (.rerank, #"{"output":{"results":{}}}"#), (.rerank, #"{"results":[]"#),
    ])
    func whatIsNoAnswerIsNone(_ operation: Operation, _ answer: String) throws {
        let rendered = try Self.rendered(operation, #"{"model":"m","prompt":"p","query":"q","documents":["d"]}"#)
        var index = JSONIndex()
        let error = try #require(throws: AnswerError.self) {
            try AnswerReader.readUnary(ByteBuffer(string: answer), route: rendered.answer, index: &index)
        }
        guard case .malformed = error else { throw error }
    }

    /// The vendor's other service has its own path and its own words.
    @Test func aSynthesizerIsAskedInItsWords() throws {
        let body = ByteBuffer(
            string: #"{"model":"m","input":"Hi","voice":"longanhuan","response_format":"pcm","speed":0.5}"#)
        let rendered = try Self.rendered(.speech, body, model: "cosyvoice-v3-flash")
        #expect(rendered.path == "/api/v1/services/audio/tts/SpeechSynthesizer")
        #expect(
            String(buffer: Requests.upstream(rendered, of: body))
                == #"{"model":"cosyvoice-v3-flash","input":{"text":"Hi","voice":"longanhuan","rate":0.5,"format":"pcm"}}"#
        )
    }

    @Test(arguments: ["openai", "openai-compatible", "simulator"])
    func editsInJSONPassAsTheyAre(kind: String) throws {
        let text =
            #"{ "images":[{"image_url":"data:image/png;base64,AA=="},{"file_id":"f"}],"model":"m", "prompt":"p" }"#
        let body = ByteBuffer(string: text)
        let rendered = try Self.rendered(.imageEdit, body, kind: kind, basePath: "/v1")
        #expect(rendered.path == "/images/edits" && rendered.contentType == nil && !rendered.isPathWhole)
        #expect(
            String(buffer: Requests.upstream(rendered, of: body))
                == text.replacing(#""model":"m""#, with: #""model":"up""#))
    }

    /// Whatever a vendor's answers and streams are made of, there is an answer or an error.
    @Test func hostileAnswersAreReadOrRefused() throws {
        let seed: UInt64 = 0x7177_656E
        var random = SeededGenerator(seed: seed)
        let requests: [(Operation, String, String)] = [
            (.speech, #"{"model":"m","input":"Hi","stream_format":"sse"}"#, Self.events([Self.wave, [1, 2, 3]])),
            (.speech, #"{"model":"m","input":"Hi"}"#, Self.events([[1, 2], [3, 4]])),
            (
                .imageGeneration, #"{"model":"m","prompt":"p"}"#,
                #"{"output":{"choices":[{"message":{"content":[{"image":"u"}]}}]},"usage":{"image_count":1}}"#
            ),
            (
                .rerank, #"{"model":"m","query":"q","documents":["d"]}"#,
                #"{"output":{"results":[{"index":0}]},"usage":{"total_tokens":1}}"#
            ),
        ]
        for _ in 0..<4_000 {
            let (operation, request, answer) = try #require(requests.randomElement(using: &random))
            var bytes = Array(answer.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = Array("\n{}[]\":,0u".utf8).randomElement(using: &random) ?? 0
            }
            if random.chance(30) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            let rendered = try Self.rendered(operation, request)
            var index = JSONIndex()
            _ = try? AnswerReader.readUnary(ByteBuffer(bytes: bytes), route: rendered.answer, index: &index)
            guard request.contains("sse") else { continue }
            var relay = Relay(rendered.answer, form: .openAIChat)
            try? relay.append(ByteBuffer(bytes: bytes))
            relay.finish()
            let said = String(buffer: relay.client)
            #expect(
                said.contains("speech.audio.done") || said.contains("upstream_error"),
                "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
