import NIOCore
import Testing
import Wire

struct OperationFormTests {
    @Test func aTranscriptionIsRead() throws {
        let body = formFile("file", "RIFF") + formField("model", "whisper-1") + formField("stream", "true")
        let read = try operationRequest(.transcription, form: body)
        #expect(read.view.model == "whisper-1" && read.view.isStream && read.answerFormat == .json)
        #expect(textOf(body, try #require(read.view.modelValue)) == "whisper-1", "no quotes")
        #expect(read.modelPlace == .text(try #require(read.view.modelValue)))
        #expect(read.view.attachments.map(\.kind) == [.audio])
        #expect(read.view.attachments.map { textOf(body, $0.span) } == ["RIFF"])
        #expect(read.view.messagesValue == 0..<(body.utf8.count - 2))
    }

    @Test func anEditIsRead() throws {
        let read = try operationRequest(
            .imageEdit, form: formFile("image[]", "1"), formFile("image[]", "2"), formFile("mask", "3"),
            formField("prompt", "a hat"), formField("model", "gpt-image-1"), formField("n", "2"),
            formField("size", "auto"))
        #expect(read.view.model == "gpt-image-1" && read.view.choices == 2 && !read.view.isStream)
        #expect(read.view.attachments.map(\.kind) == [.image, .image, .image])
    }

    @Test(arguments: [
        ("json", Operation.AnswerFormat.json), ("verbose_json", .json), ("diarized_json", .json), ("text", .bytes),
        ("srt", .bytes), ("vtt", .bytes), ("", .json),
    ])
    func theAnswersFormatIsKnown(_ name: String, _ format: Operation.AnswerFormat) throws {
        let read = try operationRequest(
            .transcription, form: formFile("file", "x"), formField("model", "m"), formField("response_format", name))
        #expect(read.answerFormat == format)
    }

    @Test(arguments: [
        ("no model", Operation.transcription, formFile("file", "x"), "model"),
        ("an empty model", .transcription, formFile("file", "x") + formField("model", ""), "model"),
        (
            "two models", .transcription, formFile("file", "x") + formField("model", "a") + formField("model", "a"),
            "model"
        ),
        ("a file for a model", .transcription, formFile("file", "x") + formFile("model", "a"), "model"),
        ("a line break in the model", .transcription, formFile("file", "x") + formField("model", "a\r\nb"), "model"),
        ("no file", .transcription, formField("model", "m"), "file"),
        ("an empty file", .transcription, formField("model", "m") + formFile("file", ""), "file"),
        ("a text for a file", .transcription, formField("model", "m") + formField("file", "x"), "file"),
        ("two files", .transcription, formField("model", "m") + formFile("file", "x") + formFile("file", "y"), "file"),
        (
            "a stream of maybe", .transcription,
            formField("model", "m") + formFile("file", "x") + formField("stream", "maybe"),
            "stream"
        ),
        (
            "two streams", .transcription,
            formField("model", "m") + formFile("file", "x") + formField("stream", "true")
                + formField("stream", "false"), "stream"
        ),
        (
            "two formats", .transcription,
            formField("model", "m") + formFile("file", "x") + formField("response_format", "srt")
                + formField("response_format", "json"),
            "response_format"
        ),
        (
            "a second model as svg[model]", .imageEdit,
            formField("model", "m") + formFile("image", "x") + formField("prompt", "a")
                + formField("svg[model]", "big"),
            "svg.model"
        ),
        (
            "a second model as svg.model", .imageEdit,
            formField("model", "m") + formFile("image", "x") + formField("prompt", "a") + formField("svg.model", "big"),
            "svg.model"
        ),
        (
            "a second model as svg", .imageEdit,
            formField("model", "m") + formFile("image", "x") + formField("prompt", "a") + formField("svg", "big"),
            "svg.model"
        ),
        ("no prompt", .imageEdit, formField("model", "m") + formFile("image", "x"), "prompt"),
        (
            "two prompts", .imageEdit,
            formField("model", "m") + formFile("image", "x") + formField("prompt", "a") + formField("prompt", "b"),
            "prompt"
        ),
        ("no image", .imageEdit, formField("model", "m") + formField("prompt", "a"), "image"),
        (
            "no images", .imageEdit,
            formField("model", "m") + formFile("image", "x") + formField("prompt", "a") + formField("n", "0"),
            "n"
        ),
        (
            "many images", .imageEdit,
            formField("model", "m") + formFile("image", "x") + formField("prompt", "a")
                + formField("n", "99999999999999999999"), "n"
        ),
    ])
    func whatCannotBeReliedOnIsRefused(_ name: String, _ operation: Operation, _ body: String, _ param: String) {
        do throws(RequestError) {
            _ = try operationRequest(operation, form: body)
            Issue.record("\(name) was taken")
        } catch {
            guard case .invalid(let found, let message) = error else { return }
            #expect(found == param && message.contains("'\(param)'"), "\(name): \(message)")
        }
    }

    @Test(arguments: [
        ("no type", nil as String?), ("JSON", "application/json"), ("no boundary", "multipart/form-data"),
        ("another boundary", "multipart/form-data; boundary=c"),
    ])
    func aBodyThatIsNoFormIsRefused(_ name: String, _ type: String?) {
        var index = JSONIndex()
        #expect(throws: RequestError.self, "\(name)") {
            try OperationRequest.read(
                ByteBuffer(string: formField("model", "m") + formFile("file", "x") + "--b--"),
                operation: .transcription,
                contentType: type, index: &index)
        }
    }

    @Test func bytesThatAreNoTextAreNoModel() throws {
        var body = ByteBuffer(
            string: formFile("file", "x") + "--b\r\nContent-Disposition: form-data; name=model\r\n\r\n")
        body.writeBytes([0xFF, 0xFE])
        body.writeString("\r\n--b--")
        var index = JSONIndex()
        #expect(throws: RequestError.self) {
            try OperationRequest.read(
                body, operation: .transcription, contentType: "multipart/form-data; boundary=b", index: &index)
        }
    }

    /// The rewritten form is the client's, byte for byte, but for the name, and reads as the same form again.
    @Test func theModelIsRenamedAsPlainText() throws {
        let (before, after) = (
            formFile("file", "a\r\nb") + formField("x", "1"), formField("language", "de") + "--b--\r\n"
        )
        let read = try operationRequest(
            .transcription, form: before + formField("model", "whisper-1") + formField("language", "de"))
        var edits = JSONEdits()
        try read.setModel("vendor\"s\r\nmodel", in: &edits)
        var result = ByteBuffer()
        ByteBuffer(string: before + formField("model", "whisper-1") + after)
            .withUnsafeReadableBytes { edits.apply(to: $0, into: &result) }
        #expect(String(buffer: result) == before + formField("model", "vendor\"smodel") + after)
        var unchanged = JSONEdits()
        try read.setModel("whisper-1", in: &unchanged)
        #expect(unchanged.isEmpty)
    }

    @Test func mutatedFormsAreReadOrRefused() {
        let seed: UInt64 = 0x666f_726d
        var random = SeededGenerator(seed: seed)
        let whole = Array(
            (formFile("image", "x") + formField("model", "m") + formField("prompt", "p") + formField("n", "2")
                + formField("stream", "false") + "--b--\r\n").utf8)
        let alphabet = Array("\r\n-b\";=: nmodel[]01\u{0}".utf8)
        for round in 0..<5_000 {
            let bytes = random.mutate(whole, alphabet: alphabet)
            var index = JSONIndex()
            let read = try? OperationRequest.read(
                ByteBuffer(bytes: bytes), operation: .imageEdit, contentType: "multipart/form-data; boundary=b",
                index: &index)
            guard let read else { continue }
            var edits = JSONEdits()
            try? read.setModel("other", in: &edits)
            var result = ByteBuffer()
            bytes.withUnsafeBytes { edits.apply(to: $0, into: &result) }
            let again = try? OperationRequest.read(
                result, operation: .imageEdit, contentType: "multipart/form-data; boundary=b", index: &index)
            #expect(again?.view.model == "other", "seed \(seed), round \(round)")
        }
    }
}
