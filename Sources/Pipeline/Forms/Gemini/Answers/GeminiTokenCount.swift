package import NIOCore
package import Wire

/// Answers of `:countTokens`: `{"totalTokens": n}`.
package enum GeminiTokenCount {
    package static func write(totalTokens: Int64, into buffer: inout ByteBuffer) {
        JSONWriter.write(into: &buffer) { writer in
            writer.object { $0.member("totalTokens", totalTokens) }
        }
    }

    /// - Parameter index: scratch.
    package static func read(_ body: ByteBuffer, index: inout JSONIndex) throws(CompletionError) -> Int64 {
        guard let root = JSONView(body, index: &index) else {
            throw .malformed("the body is not one whole JSON text")
        }
        if root["error"] != nil { throw .upstream(UpstreamErrorReader.read(body, index: &index)) }
        // A count of zero may be left out.
        guard root.isObject, let count = root["totalTokens"].map({ $0.int64 }) ?? 0, count >= 0 else {
            throw .malformed("it has no 'totalTokens'")
        }
        return count
    }
}
