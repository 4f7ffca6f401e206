/// Reads the fields of an operation's multipart request (OpenAI's reference of `/images/edits` and `/audio/transcriptions`,
/// read 2026-11).
///
/// A field that the gateway acts on may come once and must be text: of two, vendors take either.
struct OperationFormReader {
    private let bytes: UnsafeRawBufferPointer
    private let form: MultipartIndex
    private let operation: Operation

    init(_ bytes: UnsafeRawBufferPointer, form: MultipartIndex, operation: Operation) {
        self.bytes = bytes
        self.form = form
        self.operation = operation
    }

    func read() throws(RequestError) -> OperationRequest {
        guard let (span, model) = try text("model"), !model.isEmpty, model.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw .model }
        var view = PromptView(afterBrace: 0, model: model, modelValue: span)
        view.messagesValue = whole
        view.attachments = form.parts.filter { $0.filename != nil }.map {
            PromptAttachment(kind: operation == .transcription ? .audio : .image, span: $0.content)
        }
        view.isStream = try flag("stream")
        var format = operation.answerFormat
        switch operation {
        case .transcription:
            try requireFile("file")
            format = try transcriptFormat()
        case .imageEdit:
            guard let (_, prompt) = try text("prompt"), !prompt.isEmpty else { throw .missing(operation) }
            try requireImage()
            guard !form.parts.contains(where: namesSecondModel) else { throw .secondModel }
            view.choices = try count("n")
        case .embeddings, .imageGeneration, .speech, .moderation, .rerank: break
        }
        return OperationRequest(operation: operation, view: view, modelPlace: .text(span), answerFormat: format)
    }

    /// From the first part to the last one's end.
    private var whole: Range<Int> {
        guard let first = form.parts.first, let last = form.parts.last else { return 0..<0 }
        return first.span.lowerBound..<last.span.upperBound
    }

    /// The one field of that name, which must be text; nil without one.
    private func text(_ name: StaticString) throws(RequestError) -> (Range<Int>, String)? {
        guard let part = form.part(name, in: bytes) else { return nil }
        guard form.firstDuplicate(name, in: bytes) == nil else { throw .duplicate(name.description) }
        guard part.filename == nil, let text = form.text(part, in: bytes) else {
            throw .mistyped(name.description, "a text field in UTF-8, not a file")
        }
        return (part.content, text)
    }

    private func flag(_ name: StaticString) throws(RequestError) -> Bool {
        guard let (_, text) = try text(name), !text.isEmpty else { return false }
        switch text.lowercased() {
        case "true", "1": return true
        case "false", "0", "null": return false
        default: throw .mistyped(name.description, "'true' or 'false'")
        }
    }

    private func count(_ name: StaticString) throws(RequestError) -> Int64 {
        guard let (_, text) = try text(name), !text.isEmpty else { return 1 }
        guard let number = Int64(text), number >= 1 else {
            throw .mistyped(name.description, "a whole number of at least 1")
        }
        return number
    }

    /// Plain text and subtitles are no JSON.
    private func transcriptFormat() throws(RequestError) -> Operation.AnswerFormat {
        switch try text("response_format")?.1 {
        case "text", "srt", "vtt": .bytes
        case nil, .some: .json
        }
    }

    private func requireFile(_ name: StaticString) throws(RequestError) {
        guard let part = form.part(name, in: bytes), part.filename != nil, !part.content.isEmpty else {
            throw .missing(operation)
        }
        guard form.firstDuplicate(name, in: bytes) == nil else { throw .duplicate(name.description) }
    }

    /// `svg[model]` chooses the model that draws it. Servers spell such fields in several ways: none of `svg` is passed.
    private func namesSecondModel(_ part: MultipartPart) -> Bool {
        let name = MultipartIndex.slice(part.name, of: bytes)
        guard name.starts(with: "svg".utf8) else { return false }
        return name.count == 3 || name[3] == UInt8(ascii: "[") || name[3] == UInt8(ascii: ".")
    }

    private func requireImage() throws(RequestError) {
        let hasImage = form.parts.contains {
            (form.isNamed($0, "image", in: bytes) || form.isNamed($0, "image[]", in: bytes)) && !$0.content.isEmpty
        }
        guard hasImage else {
            throw .invalid(
                param: "image",
                message: "'image' is required: the image to edit, sent as a file. Send several as 'image[]'.")
        }
    }
}
