package import NIOCore
package import Wire

/// Embeddings in OpenAI's form: `/embeddings` (package openai 3.52.0, read 2026-11).
package enum OpenAIEmbedding {
    private static let known: FieldNames = ["model", "input", "dimensions", "encoding_format", "user"]

    /// Reads a client's body. Tokens in a text's place are refused: no other vendor has the same.
    ///
    /// - Parameter index: scratch.
    package static func readRequest(
        _ body: ByteBuffer, index: inout JSONIndex
    ) throws(ConversationError) -> EmbeddingRequest {
        let root = try EmbeddingReading.request(body, index: &index)
        guard let model = root["model"]?.string, !model.isEmpty else {
            throw ConversationError("'model' must be a non-empty string that names a model.", param: "model")
        }
        let format = root["encoding_format"]
        let isBase64 = format?.means("base64") ?? false
        if let format, !isBase64, !format.means("float") {
            throw ConversationError(
                "'encoding_format' must be \"float\" or \"base64\".", param: "encoding_format")
        }
        var request = EmbeddingRequest(
            shape: .openAI(isBase64: isBase64), model: model, inputs: try inputs(root["input"]))
        if let dimensions = root["dimensions"] {
            request.dimensions = try EmbeddingReading.count(dimensions, "dimensions")
        }
        if let user = root["user"] { request.userID = try EmbeddingReading.string(user, "user") }
        request.others = root.others(than: known)
        return request
    }

    private static func inputs(_ input: JSONView?) throws(ConversationError) -> [JSONText] {
        guard let input else {
            throw ConversationError("'input' is required, a string or an array of strings.", param: "input")
        }
        let values = input.kind == .array ? input.elements : [input]
        guard !values.isEmpty else {
            throw ConversationError("'input' must be a string or a non-empty array of strings.", param: "input")
        }
        var texts: [JSONText] = []
        texts.reserveCapacity(values.count)
        for (position, value) in values.enumerated() {
            let name = input.kind == .array ? "input[\(position)]" : "input"
            guard let text = value.text else {
                throw ConversationError(
                    "'\(name)' must be a string: this model's vendor takes texts, not tokens.", param: name)
            }
            guard !text.isEmpty else { throw ConversationError("'\(name)' must not be empty.", param: name) }
            texts.append(text)
        }
        return texts
    }

    /// An `/embeddings` body that asks for numbers, never for base64.
    ///
    /// - Parameter model: what the vendor is asked for.
    package static func write(_ request: EmbeddingRequest, model: String) -> WrittenRequest {
        var body = ByteBuffer()
        JSONWriter.write(into: &body) { writer in
            writer.object { object in
                object.member("model", model)
                object.array("input") { list in for input in request.inputs { list.text(input) } }
                object.member("encoding_format", raw: #""float""#)
                object.member("dimensions", ifPresent: request.dimensions)
                object.member("user", ifPresent: request.userID)
            }
        }
        var report = FidelityReport()
        if request.taskType != nil { report.drop("taskType") }
        if request.title != nil { report.drop("title") }
        for other in request.others { report.drop(other.name) }
        return WrittenRequest(body: body, report: report)
    }

    /// Reads a vendor's answer; vectors are put in the order of their `index`.
    ///
    /// - Parameter index: scratch.
    package static func readAnswer(
        _ body: ByteBuffer, index: inout JSONIndex
    ) throws(CompletionError) -> EmbeddingAnswer {
        let root = try EmbeddingReading.answer(body, index: &index)
        guard let data = root["data"], data.kind == .array else { throw .malformed("The answer has no 'data' list.") }
        var placed: [(place: Int64, vector: JSONFragment)] = []
        for (position, item) in data.elements.enumerated() {
            guard let vector = EmbeddingReading.vector(item["embedding"]) else {
                throw .malformed("An embedding of the answer is no array of numbers.")
            }
            placed.append((item["index"]?.int64 ?? Int64(clamping: position), vector))
        }
        guard !placed.isEmpty else { throw .malformed("The answer has no embeddings.") }
        let vectors = placed.enumerated()
            .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
            .map(\.element.vector)
        return EmbeddingAnswer(
            vectors: vectors,
            usage: EmbeddingReading.usage(root["usage"], prompt: "prompt_tokens", total: "total_tokens"),
            model: root["model"]?.text)
    }

    /// Writes an answer to a client of OpenAI's form.
    ///
    /// - Parameters:
    ///   - isBase64: vectors as base64 of little-endian 32-bit floats.
    ///   - model: in the vendor's place where it did not name its model.
    ///   - estimatedTokens: in place of a usage the vendor did not report: clients take none for an error.
    ///   - index: scratch.
    package static func write(
        _ answer: EmbeddingAnswer, isBase64: Bool, model: String, estimatedTokens: Int64, index: inout JSONIndex,
        into buffer: inout ByteBuffer
    ) {
        var vectors: [JSONFragment] = answer.vectors
        if isBase64 { vectors = vectors.map { base64(of: $0, index: &index) } }
        let tokens = answer.usage?.prompt ?? answer.usage?.total ?? estimatedTokens
        JSONWriter.write(into: &buffer) { writer in
            writer.object { object in
                object.member("object", raw: #""list""#)
                object.array("data") { list in
                    for (position, vector) in vectors.enumerated() {
                        list.object { item in
                            item.member("object", raw: #""embedding""#)
                            item.member("index", position)
                            item.member("embedding", vector)
                        }
                    }
                }
                object.member("model", answer.model ?? JSONText(model))
                object.object("usage") { usage in
                    usage.member("prompt_tokens", tokens)
                    usage.member("total_tokens", answer.usage?.total ?? tokens)
                }
            }
        }
    }

    /// Numbers past a float's range become the largest there are.
    private static func base64(of vector: JSONFragment, index: inout JSONIndex) -> JSONFragment {
        var floats = ByteBuffer()
        guard let view = JSONView(vector.bytes, index: &index) else { return vector }
        vector.bytes.withUnsafeReadableBytes { bytes in
            for element in view.index.elements(of: 0) {
                let value = Float(view.index.double(element, in: bytes) ?? 0)
                let finite =
                    value.isFinite ? value : (value < 0 ? -Float.greatestFiniteMagnitude : .greatestFiniteMagnitude)
                floats.writeInteger(finite.bitPattern, endianness: .little)
            }
        }
        return JSONFragment(kind: .string) { $0.string(content: Base64.encoded(floats)) }
    }
}
