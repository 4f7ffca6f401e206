import FoundationEssentials

/// Vectors that follow from the text alone, of length one.
enum Embedding {
    /// When the request does not say.
    static let defaultDimensions = 16
    static let mostDimensions = 4096

    static func vector(for text: String, dimensions: Int) -> [Float] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var generator = SeededGenerator(seed: hash)
        let vector = (0..<dimensions).map { _ in Float(generator.fraction() * 2 - 1) }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? vector.map { $0 / length } : vector
    }

    /// Little-endian 32-bit floats in base64.
    static func base64(_ vector: [Float]) -> String {
        var bytes = Data()
        for number in vector { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes.base64EncodedString()
    }

    /// `:embedContent`, or `:batchEmbedContents` with several requests of it.
    static func answer(gemini body: JSONTree, isBatch: Bool) throws(RequestProblem) -> JSONTree {
        guard isBatch else {
            let (vector, tokens) = try embedding(of: body)
            return ["embedding": vector, "usageMetadata": ["promptTokenCount": .int(tokens)]]
        }
        guard let requests = body["requests"]?.elements, !requests.isEmpty else {
            throw RequestProblem(message: "* BatchEmbedContentsRequest.requests: must not be empty\n")
        }
        var vectors: [JSONTree] = []
        var total = 0
        for request in requests {
            let (vector, tokens) = try embedding(of: request)
            vectors.append(vector)
            total += tokens
        }
        return ["embeddings": .array(vectors), "usageMetadata": ["promptTokenCount": .int(total)]]
    }

    private static func embedding(of request: JSONTree) throws(RequestProblem) -> (JSONTree, tokens: Int) {
        let texts = (request["content"]?["parts"]?.elements ?? []).compactMap { $0["text"]?.text }
        guard !texts.isEmpty else {
            throw RequestProblem(message: "* EmbedContentRequest.content: content is empty\n", parameter: "content")
        }
        // The dimension stood at the top level before the config was there.
        let asked = (request.google("embedContentConfig") ?? request).google("outputDimensionality")?.integer
        let dimensions = asked ?? defaultDimensions
        guard (1...mostDimensions).contains(dimensions) else {
            throw RequestProblem(message: "output_dimensionality must be from 1 to \(mostDimensions)")
        }
        let text = texts.joined(separator: "\n")
        let vector = vector(for: text, dimensions: dimensions)
        return (["values": .array(vector.map { .number(String($0)) })], SimulatedTokenizer.count(text))
    }

    /// `POST /embeddings`: a text or a list of texts or of token lists.
    static func answer(to body: JSONTree) throws(RequestProblem) -> JSONTree {
        guard let model = body["model"]?.text, !model.isEmpty else {
            throw RequestProblem(message: "You must provide a model parameter.", parameter: "model")
        }
        let inputs: [JSONTree]
        switch body["input"] {
        case .string(let text)?: inputs = [.string(text)]
        case .array(let elements)? where !elements.isEmpty && elements.count <= 2048:
            inputs = elements[0].integer == nil ? elements : [.array(elements)]
        default: throw RequestProblem(message: "'input' must be a string or an array.", parameter: "input")
        }
        let dimensions = try SimulatedRequest.limit("dimensions", in: body, atLeast: 1) ?? defaultDimensions
        guard dimensions <= mostDimensions else {
            throw RequestProblem(message: "'dimensions' must be at most \(mostDimensions).", parameter: "dimensions")
        }
        let isBase64 = body["encoding_format"] == "base64"
        let data = inputs.enumerated().map { index, input -> JSONTree in
            let vector = vector(for: input.text ?? input.compactText, dimensions: dimensions)
            let embedding: JSONTree =
                isBase64 ? .string(base64(vector)) : .array(vector.map { .number(String($0)) })
            return ["object": "embedding", "index": .int(index), "embedding": embedding]
        }
        let tokens = inputs.reduce(0) { $0 + ($1.elements?.count ?? SimulatedTokenizer.count($1.text ?? "")) }
        return [
            "object": "list", "data": .array(data), "model": .string(model),
            "usage": ["prompt_tokens": .int(tokens), "total_tokens": .int(tokens)],
        ]
    }
}
