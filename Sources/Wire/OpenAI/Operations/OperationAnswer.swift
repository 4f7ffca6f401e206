package import NIOCore

/// What an upstream's whole answer to an operation says.
package struct OperationAnswer: Sendable, Equatable {
    /// In OpenAI's inclusive meaning, `prompt` and `completion` both set; nil: the answer reports no tokens.
    package var usage: ReportedUsage?
    package var units = OperationUnits()
    /// Embeddings, images, verdicts or ranked documents; 1 for a transcript.
    package var itemCount = 0
    /// Bytes of a transcript's text, escapes as written.
    package var textBytes = 0
}

/// Why a 200's body is no answer to an operation.
package enum OperationAnswerError: Error, Equatable {
    /// Not one whole JSON text: cut short, or something else.
    case notJSON(JSONError)
    /// JSON, but not the operation's answer; the text says what is missing, in words of ours.
    case notAnAnswer(StaticReason)
    /// An error in an answer's place.
    case upstream(UpstreamError)

    package enum StaticReason: String, Sendable {
        case notAnObject = "the body is no object"
        case noData = "'data' is missing or no array"
        case noResults = "'results' is missing or no array"
        case noText = "'text' is missing or no string"
        case noImage = "'data' has no image"
        case empty = "the body is empty"
    }
}

extension OperationAnswer {
    /// - Parameters:
    ///   - body: an answer with status 200, whole.
    ///   - format: what the request asked for. Bytes are asked only to be there, and not to be an error in JSON.
    ///   - index: scratch; holds a JSON body's index afterwards.
    package static func read(
        _ body: ByteBuffer, operation: Operation, format: Operation.AnswerFormat, index: inout JSONIndex
    ) throws(OperationAnswerError) -> OperationAnswer {
        try body.withUnsafeReadableBytes { bytes throws(OperationAnswerError) in
            switch format {
            case .json: try read(bytes, operation: operation, index: &index)
            case .bytes: try read(plain: bytes, operation: operation, index: &index)
            }
        }
    }

    /// Reads an answer in the operation's usual format.
    package static func read(
        _ body: ByteBuffer, operation: Operation, index: inout JSONIndex
    ) throws(OperationAnswerError) -> OperationAnswer {
        try read(body, operation: operation, format: operation.answerFormat, index: &index)
    }

    private static func read(
        plain bytes: UnsafeRawBufferPointer, operation: Operation, index: inout JSONIndex
    ) throws(OperationAnswerError) -> OperationAnswer {
        guard !bytes.isEmpty else {
            // Silence has no words: an empty transcript is one.
            guard operation == .transcription else { throw .notAnAnswer(.empty) }
            return OperationAnswer(itemCount: 1)
        }
        if bytes.first == JSONByte.openBrace, (try? index.read(bytes)) != nil,
            let error = index.member("error", of: 0, in: bytes), index.kind(of: error) != .null
        {
            throw .upstream(UpstreamErrorReader.read(error: 0, in: bytes, index: index))
        }
        return OperationAnswer(itemCount: 1, textBytes: operation == .transcription ? bytes.count : 0)
    }

    private static func read(
        _ bytes: UnsafeRawBufferPointer, operation: Operation, index: inout JSONIndex
    ) throws(OperationAnswerError) -> OperationAnswer {
        do throws(JSONError) {
            try index.read(bytes)
        } catch {
            throw .notJSON(error)
        }
        guard index.kind(of: 0) == .object else { throw .notAnAnswer(.notAnObject) }
        var usage = OperationUsage(bytes, index: index)
        var payload: Int?
        var meta: Int?
        for (key, value) in index.members(of: 0) {
            if index.means(key, operation.payloadName, in: bytes) {
                payload = value
            } else if index.means(key, "usage", in: bytes) {
                usage.read(usage: value)
            } else if index.means(key, "svg_usage", in: bytes) {
                usage.read(svgUsage: value)
            } else if index.means(key, "meta", in: bytes) {
                meta = value
            } else if index.means(key, "error", in: bytes), index.kind(of: value) != .null {
                throw .upstream(UpstreamErrorReader.read(error: 0, in: bytes, index: index))
            }
        }
        if let meta { usage.read(meta: meta) }
        var answer = OperationAnswer(usage: usage.tokens, units: usage.units)
        try answer.take(payload, of: operation, in: bytes, index: index)
        return answer
    }

    private mutating func take(
        _ payload: Int?, of operation: Operation, in bytes: UnsafeRawBufferPointer, index: JSONIndex
    ) throws(OperationAnswerError) {
        let kind = payload.map { index.kind(of: $0) }
        switch operation {
        case .embeddings, .moderation, .rerank:
            guard let payload, kind == .array else {
                throw .notAnAnswer(operation == .embeddings ? .noData : .noResults)
            }
            itemCount = index.childCount(of: payload)
        case .imageGeneration, .imageEdit:
            guard let payload, kind == .array else { throw .notAnAnswer(.noData) }
            // Of several images some may fail, each with an error of its own (Ark).
            for image in index.elements(of: payload)
            where index.member("b64_json", of: image, in: bytes) != nil
                || index.member("url", of: image, in: bytes) != nil
            {
                itemCount &+= 1
            }
            guard itemCount > 0 else { throw .notAnAnswer(.noImage) }
        case .transcription:
            guard let payload, kind == .string else { throw .notAnAnswer(.noText) }
            itemCount = 1
            textBytes = index.contentCount(payload)
        case .speech: itemCount = 1
        }
    }
}

extension Operation {
    /// The member of an answer that must be there.
    fileprivate var payloadName: StaticString {
        switch self {
        case .embeddings, .imageGeneration, .imageEdit: "data"
        case .moderation, .rerank: "results"
        case .transcription: "text"
        case .speech: "audio"
        }
    }
}
