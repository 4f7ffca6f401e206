/// Walks the members of an operation's JSON request once.
///
/// Refuses what every server of the form would, and a key that two parsers could read differently because it occurs twice.
/// `null` stands for an absent field, as it does with the vendors.
struct OperationReader {
    private let bytes: UnsafeRawBufferPointer
    private let index: JSONIndex
    private let operation: Operation

    private var model: Int?
    /// `input`, `prompt` or `documents`: what the operation works on.
    private var subject: Int?
    /// `query` of `rerank`.
    private var query: Int?
    private var isStream = false
    /// `image` or `images` names a picture.
    private var hasImage = false
    private var count: Int64 = 1
    private var answerFormat: Operation.AnswerFormat
    private var attachments: [PromptAttachment] = []

    init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex, operation: Operation) {
        self.bytes = bytes
        self.index = index
        self.operation = operation
        answerFormat = operation.answerFormat
    }

    mutating func read() throws(RequestError) -> OperationRequest {
        guard index.kind(of: 0) == .object else {
            throw .invalid(param: nil, message: "The request body must be a JSON object.")
        }
        if let duplicate = index.firstDuplicateKey(of: 0, in: bytes) {
            throw .duplicate(index.string(duplicate, in: bytes) ?? "")
        }
        for (key, value) in index.members(of: 0) {
            if index.means(key, "model", in: bytes) {
                model = value
            } else if index.kind(of: value) != .null {
                try read(key, value)
            }
        }
        return try request()
    }

    private mutating func read(_ key: Int, _ value: Int) throws(RequestError) {
        switch operation {
        case .embeddings:
            if means(key, "input") {
                try check(embedded: value)
                subject = value
            } else if means(key, "encoding_format") {
                try check(value, .string, "encoding_format", #"the string "float" or "base64""#)
            } else if means(key, "dimensions") {
                _ = try whole(value, "dimensions")
            }
        case .imageGeneration, .imageEdit:
            if means(key, "prompt") {
                try check(text: value, "prompt")
                subject = value
            } else if means(key, "n") {
                count = try whole(value, "n")
            } else if means(key, "stream") {
                isStream = try flag(value, "stream")
            } else if means(key, "image") || means(key, "images") {
                try check(images: value, means(key, "image") ? "image" : "images")
                hasImage = true
                attachments.append(PromptAttachment(kind: .image, span: index.span(value)))
            } else if means(key, "svg"), let second = index.member("model", of: value, in: bytes),
                index.kind(of: second) != .null
            {
                throw .secondModel
            }
        case .speech:
            if means(key, "input") {
                try check(text: value, "input")
                subject = value
            } else if means(key, "stream_format") {
                try check(value, .string, "stream_format", #"the string "audio" or "sse""#)
                isStream = means(value, "sse")
            } else if means(key, "voice") {
                guard index.kind(of: value) == .string || index.kind(of: value) == .object else {
                    throw .mistyped("voice", "a string or an object with an 'id'")
                }
            } else if means(key, "speed") {
                try check(value, .number, "speed", "a number")
            }
        case .moderation:
            if means(key, "input") {
                try check(moderated: value)
                subject = value
            }
        case .rerank:
            if means(key, "query") {
                try check(query: value)
                query = value
            } else if means(key, "documents") {
                try check(documents: value)
                subject = value
            } else if means(key, "top_n") {
                _ = try whole(value, "top_n")
            }
        case .transcription: break
        }
    }

    private func request() throws(RequestError) -> OperationRequest {
        let afterBrace = index.span(0).lowerBound &+ 1
        var name: String?
        if let model, index.kind(of: model) != .null {
            guard index.contentCount(model) > 0 else { throw .model }
            name = index.string(model, in: bytes)
        }
        guard let modelName = name ?? operation.defaultModel else { throw .model }
        guard let subject else { throw .missing(operation) }
        guard operation != .imageEdit || hasImage else { throw .noImages }
        let named = name == nil ? nil : model.map { index.span($0) }
        var view = PromptView(afterBrace: afterBrace, model: modelName, modelValue: named)
        view.messagesValue = try prompt(subject)
        view.isStream = isStream
        view.choices = count
        view.attachments = attachments.filter { view.messagesValue.overlaps($0.span) }
        return OperationRequest(
            operation: operation, view: view,
            modelPlace: model.map { .json(index.span($0)) } ?? .absent(afterBrace: afterBrace),
            answerFormat: answerFormat)
    }

    /// What is worked on; from the first of query and documents to the end of the other.
    private func prompt(_ subject: Int) throws(RequestError) -> Range<Int> {
        let span = index.span(subject)
        guard operation == .rerank else { return span }
        guard let query else {
            throw .invalid(param: "query", message: "'query' is required, a string that the documents are ranked by.")
        }
        let other = index.span(query)
        return min(span.lowerBound, other.lowerBound)..<max(span.upperBound, other.upperBound)
    }

    private func means(_ node: Int, _ name: StaticString) -> Bool {
        index.means(node, name, in: bytes)
    }
}

/// What values must be.
extension OperationReader {
    private func check(_ value: Int, _ kind: JSONKind, _ name: String, _ expected: String) throws(RequestError) {
        guard index.kind(of: value) == kind else { throw .mistyped(name, expected) }
    }

    /// Pictures by address. What else a vendor of the form may take in their place is its own to judge.
    private func check(images value: Int, _ name: String) throws(RequestError) {
        guard operation == .imageEdit else { return }
        switch index.kind(of: value) {
        case .string, .object: return
        case .array where value &+ 1 < index.childEnd(of: value): return
        case .array, .number, .true, .false, .null:
            throw .mistyped(name, #"a non-empty array of objects with an 'image_url' or a 'file_id'"#)
        }
    }

    private func check(text value: Int, _ name: String) throws(RequestError) {
        guard index.contentCount(value) > 0 else { throw .mistyped(name, "a non-empty string") }
    }

    private func flag(_ value: Int, _ name: String) throws(RequestError) -> Bool {
        guard let flag = index.bool(value) else { throw .mistyped(name, "true, false or null") }
        return flag
    }

    private func whole(_ value: Int, _ name: String) throws(RequestError) -> Int64 {
        guard let number = index.int64(value, in: bytes), number >= 1 else {
            throw .mistyped(name, "a whole number of at least 1")
        }
        return number
    }

    /// A text, several, a list of tokens, or several.
    private func check(embedded value: Int) throws(RequestError) {
        let expected = "a string, an array of strings, an array of tokens or an array of arrays of tokens"
        switch index.kind(of: value) {
        case .string: return
        case .array: break
        case .object, .number, .true, .false, .null: throw .mistyped("input", expected)
        }
        let first = value &+ 1
        guard first < index.childEnd(of: value) else { throw .mistyped("input", expected + ", and not empty") }
        let kind = index.kind(of: first)
        guard kind == .string || kind == .number || kind == .array else { throw .element(0, of: "input", expected) }
        var position = 0
        for element in index.elements(of: value) {
            guard index.kind(of: element) == kind else { throw .element(position, of: "input", expected) }
            switch kind {
            case .number: guard isToken(element) else { throw .element(position, of: "input", expected) }
            case .array: guard isTokens(element) else { throw .element(position, of: "input", expected) }
            case .string, .object, .true, .false, .null: break
            }
            position &+= 1
        }
    }

    private func isTokens(_ array: Int) -> Bool {
        var isEmpty = true
        for element in index.elements(of: array) {
            guard isToken(element) else { return false }
            isEmpty = false
        }
        return !isEmpty
    }

    private func isToken(_ node: Int) -> Bool {
        index.int64(node, in: bytes).map { $0 >= 0 } ?? false
    }

    /// A text, several, or objects of type `text` and `image_url`.
    private mutating func check(moderated value: Int) throws(RequestError) {
        let expected = "a string, an array of strings or an array of objects with a 'type'"
        switch index.kind(of: value) {
        case .string: return
        case .array: break
        case .object, .number, .true, .false, .null: throw .mistyped("input", expected)
        }
        guard value &+ 1 < index.childEnd(of: value) else { throw .mistyped("input", expected + ", and not empty") }
        var position = 0
        for element in index.elements(of: value) {
            switch index.kind(of: element) {
            case .string: break
            case .object:
                if let image = index.member("image_url", of: element, in: bytes) {
                    attachments.append(PromptAttachment(kind: .image, span: index.span(image)))
                }
            case .array, .number, .true, .false, .null: throw .element(position, of: "input", expected)
            }
            position &+= 1
        }
    }

    /// A text; an object where the model ranks images too.
    private func check(query value: Int) throws(RequestError) {
        guard index.kind(of: value) == .object || index.contentCount(value) > 0 else {
            throw .mistyped("query", "a non-empty string")
        }
    }

    private func check(documents value: Int) throws(RequestError) {
        guard index.kind(of: value) == .array, value &+ 1 < index.childEnd(of: value) else {
            throw .mistyped("documents", "a non-empty array of strings")
        }
        var position = 0
        for element in index.elements(of: value) {
            guard index.kind(of: element) == .string || index.kind(of: element) == .object else {
                throw .element(position, of: "documents", "a non-empty array of strings")
            }
            position &+= 1
        }
    }
}

extension RequestError {
    static func mistyped(_ name: String, _ expected: String) -> RequestError {
        .invalid(param: name, message: "'\(name)' must be \(expected).")
    }

    fileprivate static func element(_ position: Int, of name: String, _ expected: String) -> RequestError {
        .invalid(
            param: "\(name)[\(position)]",
            message: "'\(name)[\(position)]' cannot stand there: '\(name)' must be \(expected).")
    }

    /// The request names a model beside its own (`svg.model` of images, OpenAI's package 3.52.0), which nobody has allowed
    /// or priced.
    static let secondModel = RequestError.invalid(
        param: "svg.model", message: "'svg.model' chooses a second model, which cannot be done here. Leave 'svg' out.")

    /// Nothing to edit, in a request in JSON.
    fileprivate static let noImages = RequestError.invalid(
        param: "images",
        message:
            "'images' is required: an array of objects with an 'image_url' or a 'file_id', or files in 'multipart/form-data'."
    )

    /// What the operation works on is not there.
    static func missing(_ operation: Operation) -> RequestError {
        switch operation {
        case .embeddings, .speech, .moderation:
            .invalid(param: "input", message: "'input' is required, a string such as \"Hello\".")
        case .imageGeneration, .imageEdit:
            .invalid(param: "prompt", message: "'prompt' is required, a string that describes the image.")
        case .rerank: .invalid(param: "documents", message: "'documents' is required, a non-empty array of strings.")
        case .transcription:
            .invalid(param: "file", message: "'file' is required: the sound to transcribe, sent as a file.")
        }
    }
}
