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
