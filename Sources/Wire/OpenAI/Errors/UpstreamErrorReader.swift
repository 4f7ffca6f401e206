package import NIOCore

/// Reads the bodies with which vendors refuse.
///
/// Understood, in this order (vendors' error references, 2026-11): OpenAI's, Ark's and Gemini's `{"error":{…}}`, also in an
/// array of one; `{"error":"text"}` of local servers; `message` and `code` at the top as DashScope, Bedrock and vLLM
/// write them; `detail` of Python servers; plain text. A page of HTML, and JSON that is broken or cut, say nothing.
package enum UpstreamErrorReader {
    /// - Parameter index: scratch; afterwards holds the body's index or nothing.
    package static func read(_ body: ByteBuffer, index: inout JSONIndex) -> UpstreamError {
        body.withUnsafeReadableBytes { read($0, index: &index) }
    }

    static func read(_ bytes: UnsafeRawBufferPointer, index: inout JSONIndex) -> UpstreamError {
        do throws(JSONError) {
            try index.read(bytes)
        } catch {
            return UpstreamError(message: plainText(bytes))
        }
        switch index.kind(of: 0) {
        case .object: return read(error: 0, in: bytes, index: index)
        case .array: return index.childEnd(of: 0) > 1 ? read(error: 1, in: bytes, index: index) : UpstreamError()
        case .string: return UpstreamError(message: text(0, in: bytes, index: index))
        case .number, .true, .false, .null: return UpstreamError()
        }
    }

    /// - Parameter node: the whole error body's object, `error` member and all.
    static func read(error node: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) -> UpstreamError {
        guard index.kind(of: node) == .object else {
            return UpstreamError(message: text(node, in: bytes, index: index))
        }
        if let inner = index.member("error", of: node, in: bytes) {
            switch index.kind(of: inner) {
            case .object: return members(of: inner, in: bytes, index: index)
            case .string:
                var error = members(of: node, in: bytes, index: index)
                error.message = error.message ?? text(inner, in: bytes, index: index)
                return error
            case .array, .number, .true, .false, .null: break
            }
        }
        return members(of: node, in: bytes, index: index)
    }

    private static func members(of node: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) -> UpstreamError {
        var error = UpstreamError()
        var detail: String?
        var status: String?
        for (key, value) in index.members(of: node) {
            if index.means(key, "message", in: bytes) {
                error.message = text(value, in: bytes, index: index)
            } else if index.means(key, "type", in: bytes) {
                error.type = text(value, in: bytes, index: index)
            } else if index.means(key, "code", in: bytes) {
                error.code = text(value, in: bytes, index: index)
            } else if index.means(key, "param", in: bytes) {
                error.param = text(value, in: bytes, index: index)
            } else if index.means(key, "status", in: bytes) {
                status = text(value, in: bytes, index: index)
            } else if index.means(key, "details", in: bytes) {
                error.retryAfterSeconds = retryDelay(value, in: bytes, index: index)
            } else if index.means(key, "detail", in: bytes) {
                detail = text(value, in: bytes, index: index)
            }
        }
        error.message = error.message ?? detail
        error.type = error.type ?? status
        return error
    }

    /// The `retryDelay` of one of the details: `17s`, `0.5s` (google.rpc.RetryInfo); nil: none says so.
    private static func retryDelay(_ details: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) -> Int? {
        for detail in index.elements(of: details) {
            guard let delay = index.member("retryDelay", of: detail, in: bytes),
                let text = index.string(delay, in: bytes), text.hasSuffix("s"), let seconds = Double(text.dropLast()),
                seconds >= 0, seconds < 86_400
            else { continue }
            return Int(seconds.rounded(.up))
        }
        return nil
    }

    /// A string's meaning or a number's digits, cut; nil for anything else and for an empty string.
    private static func text(_ node: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) -> String? {
        switch index.kind(of: node) {
        case .string: index.string(node, in: bytes).flatMap(cut)
        case .number: cut(String(decoding: bytes[index.span(node)], as: UTF8.self))
        case .object, .array, .true, .false, .null: nil
        }
    }

    private static func plainText(_ bytes: UnsafeRawBufferPointer) -> String? {
        let text = bytes.prefix(UpstreamError.maximumTextBytes &+ 4).drop { $0 <= JSONByte.space }
        switch text.first {
        case nil, JSONByte.openBrace, JSONByte.openBracket, JSONByte.quote, UInt8(ascii: "<"): return nil
        default: return cut(String(decoding: text.map { $0 < 0x20 || $0 == 0x7F ? JSONByte.space : $0 }, as: UTF8.self))
        }
    }

    private static func cut(_ text: String) -> String? {
        guard text.utf8.count > UpstreamError.maximumTextBytes else { return text.isEmpty ? nil : text }
        let utf8 = text.utf8
        var end = utf8.index(utf8.startIndex, offsetBy: UpstreamError.maximumTextBytes)
        while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return String(text[..<end])
    }
}
