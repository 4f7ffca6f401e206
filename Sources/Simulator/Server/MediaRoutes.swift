import Hummingbird
import NIOCore

/// OpenAI's paths that are no chat.
struct MediaRoutes: Sendable {
    let chat: ChatRoutes

    private var engine: SimulatorEngine { chat.engine }

    @Sendable func embeddings(_ call: ChatRoutes.Call) async throws -> Response {
        try await json(call) { (body, _) throws(RequestProblem) in try Embedding.answer(to: body) }
    }

    @Sendable func moderations(_ call: ChatRoutes.Call) async throws -> Response {
        try await json(call, hasModel: false) { (body, identifier) throws(RequestProblem) in
            try Moderation.answer(to: body, identifier: identifier)
        }
    }

    @Sendable func rerank(_ call: ChatRoutes.Call) async throws -> Response {
        try await json(call) { (body, identifier) throws(RequestProblem) in
            try Reranking.answer(to: body, identifier: identifier)
        }
    }

    /// `POST /images/generations`
    @Sendable func imageGenerations(_ call: ChatRoutes.Call) async throws -> Response {
        try await chat.reply(call, in: .openAI) { (_) throws(RequestProblem) in
            let body = try call.body.tree()
            let request = try SimulatedRequest(body: body, header: call.header)
            let image = try ImageAnswer(sources: nil, created: engine.created) { name in
                body[name].flatMap { $0.isNull ? nil : $0.text ?? $0.compactText }
            }
            return (request.directives, Self.reply(image, request))
        }
    }

    /// `POST /images/edits`: a form with files, or JSON that names them.
    @Sendable func imageEdits(_ call: ChatRoutes.Call) async throws -> Response {
        try await chat.reply(call, in: .openAI) { (_) throws(RequestProblem) in
            if call.request.headers[.contentType]?.lowercased().hasPrefix("application/json") ?? false {
                return try namedEdit(call)
            }
            let form = try call.form()
            let request = try Self.request(of: form, call)
            let files = form.files("image")
            guard !files.isEmpty else {
                throw RequestProblem(
                    message: "Missing required parameter: 'image'.", parameter: "image",
                    code: "missing_required_parameter")
            }
            for file in files where !Self.isPicture(file.bytes) {
                throw RequestProblem(
                    message: "Invalid image file or mode for image, please check your image file.",
                    parameter: "image", code: "invalid_image_file")
            }
            let image = try ImageAnswer(
                sources: files.count + form.files("mask").count, created: engine.created, value: form.field)
            return (request.directives, Self.reply(image, request))
        }
    }

    private func namedEdit(
        _ call: ChatRoutes.Call
    ) throws(RequestProblem) -> (directives: RequestDirectives, reply: Reply) {
        let body = try call.body.tree()
        let request = try SimulatedRequest(body: body, header: call.header)
        guard let images = body["images"]?.elements, !images.isEmpty else {
            throw RequestProblem(
                message: "Missing required parameter: 'images'.", parameter: "images",
                code: "missing_required_parameter")
        }
        for (position, image) in images.enumerated() {
            let isAddress = image["image_url"]?.text.map(MediaRules.isAddress) ?? false
            guard isAddress != (image["file_id"]?.text != nil) else {
                throw RequestProblem(
                    message: "Exactly one of 'image_url' and 'file_id' is needed.", parameter: "images[\(position)]",
                    code: "invalid_value")
            }
        }
        let image = try ImageAnswer(sources: images.count, created: engine.created) { name in
            body[name].flatMap { $0.isNull ? nil : $0.text ?? $0.compactText }
        }
        return (request.directives, Self.reply(image, request))
    }

    /// `POST /audio/speech`
    @Sendable func speech(_ call: ChatRoutes.Call) async throws -> Response {
        try await chat.reply(call, in: .openAI) { (_) throws(RequestProblem) in
            let body = try call.body.tree()
            let request = try SimulatedRequest(body: body, header: call.header)
            let speech = try Speech(body)
            let hidesUsage = request.directives.hidesUsage
            let content: Reply.Content =
                speech.isEvents
                ? .stream { speech.stream(hidesUsage: hidesUsage) }
                : .whole(tokens: speech.tokens) { ByteBuffer(bytes: speech.bytes) }
            return (request.directives, Reply(content: content, type: speech.type))
        }
    }

    /// `POST /audio/transcriptions`, which is a form with a file.
    @Sendable func transcriptions(_ call: ChatRoutes.Call) async throws -> Response {
        try await chat.reply(call, in: .openAI) { (_) throws(RequestProblem) in
            let form = try call.form()
            let request = try Self.request(of: form, call)
            let transcript = try Transcript(form)
            let hidesUsage = request.directives.hidesUsage
            guard !request.streams || request.baseModel.hasPrefix("whisper") else {
                let content = Reply.Content.stream { transcript.stream(hidesUsage: hidesUsage) }
                return (request.directives, Reply(content: content, type: "text/event-stream"))
            }
            let (text, type) = transcript.whole(hidesUsage: hidesUsage)
            let content = Reply.Content.whole(tokens: transcript.tokens) { ByteBuffer(string: text) }
            return (request.directives, Reply(content: content, type: type))
        }
    }
}

extension MediaRoutes {
    /// A path that takes JSON and answers JSON.
    /// - Parameter hasModel: false: the model may be absent.
    private func json(
        _ call: ChatRoutes.Call, hasModel: Bool = true,
        answer: (_ body: JSONTree, _ identifier: String) throws(RequestProblem) -> JSONTree
    ) async throws -> Response {
        try await chat.reply(call, in: .openAI) { (identifier) throws(RequestProblem) in
            let body = try call.body.tree()
            let isUnnamed = !hasModel && body.members != nil && body["model"] == nil
            let request =
                isUnnamed
                ? try SimulatedRequest(model: "", header: call.header)
                : try SimulatedRequest(body: body, header: call.header)
            let tree = try answer(body, identifier)
            return (request.directives, .json(request.directives.hidesUsage ? tree.removing("usage") : tree))
        }
    }

    /// The fields every form has.
    private static func request(
        of form: Multipart, _ call: ChatRoutes.Call
    ) throws(RequestProblem) -> SimulatedRequest {
        guard let model = form.field("model"), !model.isEmpty else {
            throw RequestProblem(message: "You must provide a model parameter.", parameter: "model")
        }
        var request = try SimulatedRequest(model: model, header: call.header)
        request.streams = form.field("stream") == "true"
        return request
    }

    private static func reply(_ image: ImageAnswer, _ request: SimulatedRequest) -> Reply {
        let hidesUsage = request.directives.hidesUsage
        guard request.streams else { return .json(image.body(hidesUsage: hidesUsage), tokens: image.tokens) }
        return Reply(content: .stream { image.stream(hidesUsage: hidesUsage) }, type: "text/event-stream")
    }

    /// PNG, JPEG, WebP or GIF by its first bytes.
    private static func isPicture(_ bytes: [UInt8]) -> Bool {
        [[0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF], [0x52, 0x49, 0x46, 0x46], [0x47, 0x49, 0x46, 0x38]].contains {
            bytes.starts(with: $0)
        }
    }
}

extension ChatRoutes.Call {
    func form() throws(RequestProblem) -> Multipart {
        try Multipart(Array(body.readableBytesView), type: request.headers[.contentType])
    }
}
