package import NIOCore
package import Wire

/// Embeddings in Gemini's form: `:embedContent` and `:batchEmbedContents` (package google-genai 3.4.0, read 2026-11).
package enum GeminiEmbedding {
    /// Reads a client's body. Settings stand beside the content, or in `embedContentConfig`.
    ///
    /// - Parameters:
    ///   - isBatch: of `:batchEmbedContents`; its requests must agree on their settings.
    ///   - index: scratch.
    package static func readRequest(
        _ body: ByteBuffer, path: PathParameters, isBatch: Bool, index: inout JSONIndex
    ) throws(ConversationError) -> EmbeddingRequest {
        let root = try EmbeddingReading.request(body, index: &index)
        guard isBatch else {
            return try read(root, shape: .geminiSingle, path: path, prefix: "")
        }
        guard let requests = root["requests"], requests.kind == .array, !requests.elements.isEmpty else {
            throw ConversationError("'requests' must be a non-empty array of objects.", param: "requests")
        }
        var whole: EmbeddingRequest?
        for (position, request) in requests.elements.enumerated() {
            let name = "requests[\(position)]"
            let read = try read(request, shape: .geminiBatch, path: path, prefix: name + ".")
            guard var gathered = whole else {
                whole = read
                continue
            }
            guard gathered.dimensions == read.dimensions, gathered.taskType == read.taskType,
                gathered.title == read.title
            else {
                throw ConversationError(
                    "'\(name)' must have the task type, title and dimensions of the others: this model's vendor takes one of each in a request.",
                    param: name)
            }
            gathered.inputs += read.inputs
            whole = gathered
        }
        guard var request = whole else {
            throw ConversationError("'requests' must be a non-empty array of objects.", param: "requests")
        }
        request.others += root.geminiOthers(than: ["requests", "model"])
        return request
    }

    private static func read(
        _ object: JSONView, shape: EmbeddingRequest.AnswerShape, path: PathParameters, prefix: String
    ) throws(ConversationError) -> EmbeddingRequest {
        guard object.isObject, let content = object["content"], content.isObject else {
            throw ConversationError(
                "'\(prefix)content' is required, an object with 'parts'.", param: prefix + "content")
        }
        var request = EmbeddingRequest(
            shape: shape, model: path.model, inputs: [try text(of: content, prefix + "content.parts")])
        try readSettings(object, prefix, into: &request)
        // Members of a batch's requests are said without the position.
        let place = shape == .geminiBatch ? "requests." : ""
        request.others = object.geminiOthers(
            than: settings + ["content", "model", "embedContentConfig"], prefix: place)
        if let config = object["embedContentConfig", "embed_content_config"] {
            try readSettings(config, prefix + "embedContentConfig.", into: &request)
            request.others += config.geminiOthers(than: settings, prefix: place + "embedContentConfig.")
        }
        return request
    }

    private static let settings: FieldNames = ["taskType", "title", "outputDimensionality"]

    private static func readSettings(
        _ object: JSONView, _ prefix: String, into request: inout EmbeddingRequest
    ) throws(ConversationError) {
        if let dimensions = object["outputDimensionality", "output_dimensionality"] {
            request.dimensions = try EmbeddingReading.count(dimensions, prefix + "outputDimensionality")
        }
        if let type = object["taskType", "task_type"] {
            request.taskType = try EmbeddingReading.string(type, prefix + "taskType")
        }
        if let title = object["title"] { request.title = try EmbeddingReading.string(title, prefix + "title") }
    }

    /// The texts of a content, which make one vector together.
    private static func text(of content: JSONView, _ name: String) throws(ConversationError) -> JSONText {
        var text = JSONText.empty
        for (position, part) in (content["parts"]?.elements ?? []).enumerated() {
            guard let piece = part["text"]?.text else {
                let place = "\(name)[\(position)]"
                throw ConversationError(
                    "'\(place)' must be a text: this model's vendor embeds nothing else.", param: place)
            }
            text = text.joined(with: piece, separator: "\\n")
        }
        guard !text.isEmpty else {
            throw ConversationError("'\(name)' must hold a non-empty text.", param: name)
        }
        return text
    }

    /// A `:batchEmbedContents` body, whatever the client's shape was.
    ///
    /// - Parameter model: what the vendor is asked for, with or without `models/` before it.
    package static func write(_ request: EmbeddingRequest, model: String) -> WrittenRequest {
        let name = model.hasPrefix("models/") ? model : "models/" + model
        var body = ByteBuffer()
        JSONWriter.write(into: &body) { writer in
            writer.object { object in
                object.array("requests") { list in
                    for input in request.inputs {
                        list.object { item in
                            item.member("model", name)
                            item.object("content") { content in
                                content.array("parts") { parts in parts.object { $0.member("text", input) } }
                            }
                            item.member("taskType", ifPresent: request.taskType)
                            item.member("title", ifPresent: request.title)
                            item.member("outputDimensionality", ifPresent: request.dimensions)
                        }
                    }
                }
            }
        }
        var report = FidelityReport()
        if request.userID != nil { report.drop("user") }
        for other in request.others { report.drop(other.name) }
        return WrittenRequest(body: body, report: report)
    }

    /// Reads a vendor's answer, to one text or to several.
    ///
    /// - Parameter index: scratch.
    package static func readAnswer(
        _ body: ByteBuffer, index: inout JSONIndex
    ) throws(CompletionError) -> EmbeddingAnswer {
        let root = try EmbeddingReading.answer(body, index: &index)
        let embeddings = root["embeddings"]?.elements ?? root["embedding"].map { [$0] } ?? []
        var vectors: [JSONFragment] = []
        for embedding in embeddings {
            guard let vector = EmbeddingReading.vector(embedding["values"]) else {
                throw .malformed("An embedding of the answer has no 'values' of numbers.")
            }
            vectors.append(vector)
        }
        guard !vectors.isEmpty else { throw .malformed("The answer has no embeddings.") }
        var usage = EmbeddingReading.usage(
            root["usageMetadata"], prompt: "promptTokenCount", total: "totalTokenCount")
        let total = usage?.total
        if usage?.prompt == nil { usage?.prompt = total }
        return EmbeddingAnswer(vectors: vectors, usage: usage)
    }

    /// Writes an answer to a client of Gemini's form.
    ///
    /// - Parameter isBatch: the client asked by `:batchEmbedContents`; false: the first vector alone is written.
    package static func write(_ answer: EmbeddingAnswer, isBatch: Bool, into buffer: inout ByteBuffer) {
        func write(_ vector: JSONFragment, to writer: inout JSONWriter) {
            writer.object { $0.member("values", vector) }
        }
        JSONWriter.write(into: &buffer) { writer in
            writer.object { object in
                if isBatch {
                    object.array("embeddings") { list in for vector in answer.vectors { write(vector, to: &list) } }
                } else if let vector = answer.vectors.first {
                    object.key("embedding")
                    write(vector, to: &object)
                }
                guard let tokens = answer.usage?.prompt else { return }
                object.object("usageMetadata") { usage in
                    usage.member("promptTokenCount", tokens)
                    usage.member("totalTokenCount", tokens)
                }
            }
        }
    }
}
