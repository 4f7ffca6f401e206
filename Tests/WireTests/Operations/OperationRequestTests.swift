import NIOCore
import Testing
import Wire

/// Reads a JSON request.
func operationRequest(_ operation: Operation, _ text: String) throws(RequestError) -> OperationRequest {
    var index = JSONIndex()
    return try OperationRequest.read(
        ByteBuffer(string: text), operation: operation, contentType: "application/json", index: &index)
}

/// Reads a form with boundary `b`, the closing line added.
func operationRequest(_ operation: Operation, form fields: String...) throws(RequestError) -> OperationRequest {
    var index = JSONIndex()
    return try OperationRequest.read(
        ByteBuffer(string: fields.joined() + "--b--\r\n"), operation: operation,
        contentType: "multipart/form-data; boundary=b", index: &index)
}

func textOf(_ text: String, _ range: Range<Int>) -> String {
    String(decoding: Array(text.utf8)[range], as: UTF8.self)
}

struct OperationRequestTests {
    @Test(arguments: [
        ("a text", Operation.embeddings, #"{"model":"m","input":"hi"}"#, #""hi""#),
        ("no text", .embeddings, #"{"model":"m","input":""}"#, #""""#),
        ("texts", .embeddings, #"{"input": ["a","b"] ,"model":"m"}"#, #"["a","b"]"#),
        ("tokens", .embeddings, #"{"model":"m","input":[1,2,100257]}"#, "[1,2,100257]"),
        ("lists of tokens", .embeddings, #"{"model":"m","input":[[1],[2,3]],"dimensions":256}"#, "[[1],[2,3]]"),
        (
            "what is unknown", .embeddings, #"{"model":"m","input":"a","task":{"x":[1]},"encoding_format":"base64"}"#,
            #""a""#
        ),
        ("an image", .imageGeneration, #"{"model":"m","prompt":"a cat","n":null}"#, #""a cat""#),
        ("an image from others", .imageGeneration, #"{"model":"m","image":["data:x"],"prompt":"a cat"}"#, #""a cat""#),
        ("a drawing", .imageGeneration, #"{"model":"m","prompt":"a cat","svg":{"model":null}}"#, #""a cat""#),
        (
            "an edit", .imageEdit, #"{"model":"m","prompt":"a hat","images":[{"image_url":"data:x"},{"file_id":"f"}]}"#,
            #""a hat""#
        ),
        ("an edit of one", .imageEdit, #"{"model":"m","image":"https://x/y.png","prompt":"a hat"}"#, #""a hat""#),
        ("speech", .speech, #"{"model":"m","input":"hi","voice":"alloy","speed":1.5}"#, #""hi""#),
        ("a voice of one's own", .speech, #"{"model":"m","input":"hi","voice":{"id":"v"}}"#, #""hi""#),
        ("no voice", .speech, #"{"model":"m","input":"hi"}"#, #""hi""#),
        ("a judgement", .moderation, #"{"model":"m","input":"hi"}"#, #""hi""#),
        ("several", .moderation, #"{"model":"m","input":["a","b"]}"#, #"["a","b"]"#),
        (
            "of an image", .moderation, #"{"model":"m","input":[{"type":"image_url","image_url":{"url":"u"}}]}"#,
            #"[{"type":"image_url","image_url":{"url":"u"}}]"#
        ),
        ("a ranking", .rerank, #"{"model":"m","query":"q","documents":["a"],"top_n":1}"#, #""q","documents":["a"]"#),
        (
            "documents first", .rerank, #"{"documents":["a"],"model":"m","query":"q"}"#,
            #"["a"],"model":"m","query":"q""#
        ),
        (
            "documents with fields", .rerank, #"{"model":"m","query":"q","documents":[{"text":"a"},"b"]}"#,
            #""q","documents":[{"text":"a"},"b"]"#
        ),
    ])
    func whatIsWorkedOnIsFound(_ name: String, _ operation: Operation, _ text: String, _ prompt: String) throws {
        let read = try operationRequest(operation, text)
        #expect(textOf(text, read.view.messagesValue) == prompt, "\(name)")
        let model = try #require(read.view.modelValue)
        #expect(read.view.model == "m" && textOf(text, model) == #""m""#, "\(name)")
        #expect(read.view.messages.isEmpty && !read.view.isStream && read.view.choices == 1, "\(name)")
        #expect(read.operation == operation && read.answerFormat == operation.answerFormat, "\(name)")
    }

    static let refusals: [(String, Operation, String, String?)] = [
        ("an array", .embeddings, "[]", nil),
        ("no JSON", .embeddings, "{", nil),
        ("no model", .embeddings, #"{"input":"a"}"#, "model"),
        ("null for a model", .embeddings, #"{"model":null,"input":"a"}"#, "model"),
        ("an empty model", .embeddings, #"{"model":"","input":"a"}"#, "model"),
        ("a number for a model", .embeddings, #"{"model":1,"input":"a"}"#, "model"),
        ("two models", .embeddings, #"{"model":"m","input":"a","model":"n"}"#, "model"),
        ("two models, one escaped", .embeddings, #"{"model":"m","input":"a","mod\u0065l":"n"}"#, "model"),
        ("an unknown key twice", .embeddings, #"{"model":"m","input":"a","x":1,"x":2}"#, "x"),
        ("no input", .embeddings, #"{"model":"m"}"#, "input"),
        ("null for input", .embeddings, #"{"model":"m","input":null}"#, "input"),
        ("a number for input", .embeddings, #"{"model":"m","input":1}"#, "input"),
        ("an object for input", .embeddings, #"{"model":"m","input":{}}"#, "input"),
        ("an empty input", .embeddings, #"{"model":"m","input":[]}"#, "input"),
        ("null in the input", .embeddings, #"{"model":"m","input":[null]}"#, "input[0]"),
        ("an object in the input", .embeddings, #"{"model":"m","input":[{}]}"#, "input[0]"),
        ("text and tokens", .embeddings, #"{"model":"m","input":["a",1]}"#, "input[1]"),
        ("half a token", .embeddings, #"{"model":"m","input":[1,1.5]}"#, "input[1]"),
        ("a token below zero", .embeddings, #"{"model":"m","input":[-1]}"#, "input[0]"),
        ("a giant token", .embeddings, #"{"model":"m","input":[1e99]}"#, "input[0]"),
        ("an empty list of tokens", .embeddings, #"{"model":"m","input":[[1],[]]}"#, "input[1]"),
        ("a text among lists", .embeddings, #"{"model":"m","input":[["a"]]}"#, "input[0]"),
        ("no dimensions", .embeddings, #"{"model":"m","input":"a","dimensions":0}"#, "dimensions"),
        ("a number for a format", .embeddings, #"{"model":"m","input":"a","encoding_format":1}"#, "encoding_format"),
        ("no prompt", .imageGeneration, #"{"model":"m"}"#, "prompt"),
        ("an empty prompt", .imageGeneration, #"{"model":"m","prompt":""}"#, "prompt"),
        ("an array for a prompt", .imageGeneration, #"{"model":"m","prompt":["a"]}"#, "prompt"),
        ("no images", .imageGeneration, #"{"model":"m","prompt":"a","n":0}"#, "n"),
        ("a text for stream", .imageGeneration, #"{"model":"m","prompt":"a","stream":"true"}"#, "stream"),
        ("a second model", .imageGeneration, #"{"model":"m","prompt":"a","svg":{"model":"big"}}"#, "svg.model"),
        ("no picture to edit", .imageEdit, #"{"model":"m","prompt":"a"}"#, "images"),
        ("an empty list to edit", .imageEdit, #"{"model":"m","prompt":"a","images":[]}"#, "images"),
        ("a number to edit", .imageEdit, #"{"model":"m","prompt":"a","image":1}"#, "image"),
        ("no image model", .imageGeneration, #"{"prompt":"a"}"#, "model"),
        ("nothing to say", .speech, #"{"model":"m","input":""}"#, "input"),
        ("several things to say", .speech, #"{"model":"m","input":["a"]}"#, "input"),
        ("a number for a voice", .speech, #"{"model":"m","input":"a","voice":1}"#, "voice"),
        ("a text for speed", .speech, #"{"model":"m","input":"a","speed":"1"}"#, "speed"),
        ("true for a stream's format", .speech, #"{"model":"m","input":"a","stream_format":true}"#, "stream_format"),
        ("nothing to judge", .moderation, #"{"model":"m"}"#, "input"),
        ("no input to judge", .moderation, #"{"model":"m","input":[]}"#, "input"),
        ("a number to judge", .moderation, #"{"model":"m","input":["a",1]}"#, "input[1]"),
        ("a number for its model", .moderation, #"{"model":1,"input":"a"}"#, "model"),
        ("no query", .rerank, #"{"model":"m","documents":["a"]}"#, "query"),
        ("an empty query", .rerank, #"{"model":"m","query":"","documents":["a"]}"#, "query"),
        ("no documents", .rerank, #"{"model":"m","query":"q"}"#, "documents"),
        ("none to rank", .rerank, #"{"model":"m","query":"q","documents":[]}"#, "documents"),
        ("a text for documents", .rerank, #"{"model":"m","query":"q","documents":"a"}"#, "documents"),
        ("a number for a document", .rerank, #"{"model":"m","query":"q","documents":["a",1]}"#, "documents[1]"),
        ("none at the top", .rerank, #"{"model":"m","query":"q","documents":["a"],"top_n":0}"#, "top_n"),
    ]

    @Test(arguments: refusals)
    func whatNoServerWouldTakeIsRefused(
        _ name: String, _ operation: Operation, _ text: String, _ param: String?
    ) throws {
        do throws(RequestError) {
            _ = try operationRequest(operation, text)
            Issue.record("\(name) was taken")
        } catch {
            guard case .invalid(let found, let message) = error else { return }
            #expect(found == param, "\(name)")
            if let param { #expect(message.contains("'\(param)'"), "\(name): \(message)") }
        }
    }

    @Test func wishesAreRead() throws {
        let image = try operationRequest(
            .imageGeneration, #"{"model":"m","prompt":"a","n":3,"stream":true,"partial_images":2}"#)
        #expect(image.view.isStream && image.view.choices == 3)
        let speech = try operationRequest(.speech, #"{"model":"m","input":"a","stream_format":"sse"}"#)
        #expect(speech.view.isStream && speech.answerFormat == .bytes)
        let audio = try operationRequest(.speech, #"{"model":"m","input":"a","stream_format":"audio"}"#)
        #expect(!audio.view.isStream)
        let judged = try operationRequest(
            .moderation, #"{"input":[{"type":"image_url","image_url":{"url":"data:x"}}]}"#)
        #expect(judged.view.attachments.map(\.kind) == [.image])
    }

    @Test(arguments: [
        ("absent", #"{"input":"a"}"#, #"{"model":"v","input":"a"}"#),
        ("null", #"{"input":"a","model":null}"#, #"{"input":"a","model":"v"}"#),
        ("absent, with space", " { \"input\" : \"a\" } ", " {\"model\":\"v\", \"input\" : \"a\" } "),
    ])
    func aModelThatIsNotNamedIsOpenAIsDefault(_ name: String, _ text: String, _ rewritten: String) throws {
        let read = try operationRequest(.moderation, text)
        #expect(read.view.model == "omni-moderation-latest" && read.view.modelValue == nil, "\(name)")
        #expect(try edited(text, read, model: "v") == rewritten, "\(name)")
        let kept = try edited(text, read, model: read.view.model)
        #expect(kept.contains(#""model":"omni-moderation-latest""#), "said even so: \(kept)")
    }

    @Test(arguments: [
        ("plain", "vendor/m-2", #"{"model":"vendor/m-2","input":"a"}"#),
        ("its own", "m", #"{"model":"m","input":"a"}"#),
        ("what must be escaped", "a\"b", #"{"model":"a\"b","input":"a"}"#),
    ])
    func theModelIsRenamed(_ name: String, _ model: String, _ expected: String) throws {
        let text = #"{"model":"m","input":"a"}"#
        #expect(try edited(text, try operationRequest(.embeddings, text), model: model) == expected, "\(name)")
    }

    private func edited(_ text: String, _ read: OperationRequest, model: String) throws -> String {
        var edits = JSONEdits()
        try read.setModel(model, in: &edits)
        var result = ByteBuffer()
        ByteBuffer(string: text).withUnsafeReadableBytes { edits.apply(to: $0, into: &result) }
        return String(buffer: result)
    }

    @Test func viewsAreTheRequestsOwn() throws {
        let text = #"{"model":"m","input":"a","prompt":"p","query":"q","documents":["d"]}"#
        try ByteBuffer(string: text).withUnsafeReadableBytes { bytes in
            var index = JSONIndex()
            try index.read(bytes)
            #expect(try PromptView(embeddings: bytes, index: index) == operationRequest(.embeddings, text).view)
            #expect(
                try PromptView(imageGeneration: bytes, index: index) == operationRequest(.imageGeneration, text).view)
            #expect(try PromptView(speech: bytes, index: index) == operationRequest(.speech, text).view)
            #expect(try PromptView(moderation: bytes, index: index) == operationRequest(.moderation, text).view)
            #expect(try PromptView(rerank: bytes, index: index) == operationRequest(.rerank, text).view)
        }
    }

    @Test func pathsAreTheContracts() {
        #expect(
            Operation.allCases.map(\.path) == [
                "/embeddings", "/images/generations", "/images/edits", "/audio/speech", "/audio/transcriptions",
                "/moderations", "/rerank",
            ])
        for operation in Operation.allCases { #expect(Operation(path: operation.path) == operation) }
        #expect(Operation(path: "/chat/completions") == nil && Operation(path: "/embeddings/") == nil)
        for form in [nil, "multipart/form-data; boundary=b", "text/plain"] {
            #expect(
                Operation.allCases.filter { $0.requestFormat(contentType: form) == .multipart } == [
                    .imageEdit, .transcription,
                ])
        }
        for json in ["application/json", "Application/JSON; charset=utf-8"] {
            #expect(
                Operation.allCases.filter { $0.requestFormat(contentType: json) == .multipart } == [.transcription])
        }
        #expect(Operation.allCases.filter { $0.answerFormat == .bytes } == [.speech])
    }

    @Test func mutatedRequestsAreReadOrRefused() {
        let seed: UInt64 = 0x6f70_6572
        var random = SeededGenerator(seed: seed)
        let bodies: [(Operation, String)] = [
            (.embeddings, #"{"model":"m","input":[[1,2],[3]],"dimensions":3,"encoding_format":"float"}"#),
            (.imageGeneration, #"{"model":"m","prompt":"a","n":2,"stream":true,"image":["x"]}"#),
            (.speech, #"{"model":"m","input":"a","voice":{"id":"v"},"speed":1,"stream_format":"sse"}"#),
            (.moderation, #"{"model":null,"input":[{"type":"image_url","image_url":{"url":"u"}}]}"#),
            (.rerank, #"{"model":"m","query":"q","documents":["a",{"text":"b"}],"top_n":1}"#),
        ]
        for round in 0..<5_000 {
            let (operation, body) = bodies[round % bodies.count]
            let bytes = random.mutate(Array(body.utf8), alphabet: Array(#"{}[]":,01-.eamnultrfsx\"#.utf8))
            var index = JSONIndex()
            let read = try? OperationRequest.read(
                ByteBuffer(bytes: bytes), operation: operation, contentType: nil, index: &index)
            if let view = read?.view {
                #expect(view.messagesValue.upperBound <= bytes.count, "seed \(seed), round \(round)")
                #expect(!view.model.isEmpty, "seed \(seed), round \(round)")
            }
        }
    }
}
