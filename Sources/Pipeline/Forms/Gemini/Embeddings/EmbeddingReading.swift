import NIOCore
import Wire

/// What the readers of embeddings share.
enum EmbeddingReading {
    /// - Parameter index: scratch; holds the body's index afterwards.
    static func request(_ body: ByteBuffer, index: inout JSONIndex) throws(ConversationError) -> JSONView {
        guard let root = JSONView(body, index: &index), root.isObject else {
            throw ConversationError("The request body must be a JSON object.")
        }
        let duplicate = body.withUnsafeReadableBytes { bytes in
            index.firstDuplicateKey(of: 0, in: bytes).map { index.string($0, in: bytes) ?? "" }
        }
        if let duplicate {
            throw ConversationError("'\(duplicate)' is given more than once. Give it once.", param: duplicate)
        }
        return root
    }

    /// - Parameter index: scratch; holds the body's index afterwards.
    static func answer(_ body: ByteBuffer, index: inout JSONIndex) throws(CompletionError) -> JSONView {
        guard let root = JSONView(body, index: &index) else { throw .malformed("The answer is not one JSON text.") }
        guard root.isObject, root["error"] == nil else {
            let isError = root.isObject || root.elements.first?["error"] != nil
            guard isError else { throw .malformed("The answer is no JSON object.") }
            throw .upstream(UpstreamErrorReader.read(body, index: &index))
        }
        return root
    }

    /// An array of numbers; nil for anything else.
    static func vector(_ value: JSONView?) -> JSONFragment? {
        guard let value, value.kind == .array else { return nil }
        for element in value.index.elements(of: value.node) where value.index.kind(of: element) != .number {
            return nil
        }
        return value.fragment
    }

    static func count(_ value: JSONView, _ name: String) throws(ConversationError) -> Int64 {
        guard let count = value.int64, count >= 1 else {
            throw ConversationError("'\(name)' must be a whole number of at least 1.", param: name)
        }
        return count
    }

    static func string(_ value: JSONView, _ name: String) throws(ConversationError) -> JSONText {
        guard let text = value.text else { throw ConversationError("'\(name)' must be a string.", param: name) }
        return text
    }

    /// The tokens of the texts; a count that is none makes the usage malformed.
    static func usage(_ object: JSONView?, prompt: StaticString, total: StaticString) -> ReportedUsage? {
        guard let object, object.isObject else { return nil }
        var usage = ReportedUsage()
        usage.span = object.span
        func read(_ name: StaticString) -> Int64? {
            guard let value = object[name] else { return nil }
            guard let count = value.int64, count >= 0 else {
                usage.isMalformed = true
                return nil
            }
            return count
        }
        usage.prompt = read(prompt)
        usage.total = read(total)
        return usage
    }
}
