import NIOCore
import Wire

/// Citations of any form as annotations of an output's text.
enum ResponsesCitation {
    /// The annotation; nil for what this form has no kind for.
    ///
    /// - Parameter index: scratch.
    static func annotation(_ citation: JSONFragment, index: inout JSONIndex) -> JSONFragment? {
        citation.bytes.withUnsafeReadableBytes { bytes in
            guard (try? index.read(bytes)) != nil else { return nil }
            return annotation(0, in: ResponsesText(body: citation.bytes, bytes: bytes, index: index))
        }
    }

    /// The annotations of an array of citations, with their commas.
    static func annotations(_ citations: JSONFragment?) -> ByteBuffer {
        guard let citations, citations.kind == .array else { return ByteBuffer() }
        var index = JSONIndex()
        return citations.bytes.withUnsafeReadableBytes { bytes in
            guard (try? index.read(bytes)) != nil else { return ByteBuffer() }
            let text = ResponsesText(body: citations.bytes, bytes: bytes, index: index)
            var writer = JSONWriter()
            for element in text.index.elements(of: 0) {
                if let annotation = annotation(element, in: text) { writer.fragment(annotation) }
            }
            return writer.buffer
        }
    }

    /// Chat Completions nests a URL's citation; Anthropic's of searches say neither where the text begins nor ends.
    private static func annotation(_ node: Int, in text: ResponsesText) -> JSONFragment? {
        guard let type = text.member("type", of: node) else { return nil }
        if let nested = text.member("url_citation", of: node) { return link(nested, in: text) }
        if text.equals(type, "web_search_result_location") { return link(node, in: text) }
        let isKnown =
            text.equals(type, "url_citation") || text.equals(type, "file_citation") || text.equals(type, "file_path")
            || text.equals(type, "container_file_citation")
        return isKnown ? text.fragment(node) : nil
    }

    private static func link(_ node: Int, in text: ResponsesText) -> JSONFragment? {
        guard let url = text.text("url", of: node) else { return nil }
        func offset(_ name: StaticString) -> JSONFragment {
            text.member(name, of: node).flatMap { text.kind($0) == .number ? text.fragment($0) : nil } ?? .integer(0)
        }
        return JSONFragment(kind: .object) { writer in
            writer.object {
                $0.member("type", "url_citation")
                $0.member("url", url)
                $0.member("title", text.text("title", of: node) ?? .empty)
                $0.member("start_index", offset("start_index"))
                $0.member("end_index", offset("end_index"))
            }
        }
    }
}

/// Log probabilities of any form as an output's text has them.
enum ResponsesLogprobs {
    /// The elements of an array, with their commas.
    static func elements(_ array: JSONFragment) -> ByteBuffer {
        var index = JSONIndex()
        return array.bytes.withUnsafeReadableBytes { bytes in
            guard (try? index.read(bytes)) != nil else { return ByteBuffer() }
            return elements(0, in: ResponsesText(body: array.bytes, bytes: bytes, index: index))
        }
    }

    private static func elements(_ array: Int, in text: ResponsesText) -> ByteBuffer {
        guard text.kind(array) == .array else { return ByteBuffer() }
        var writer = JSONWriter()
        for element in text.index.elements(of: array) {
            writer.object {
                write(element, in: text, into: &$0)
                $0.array("top_logprobs") { list in
                    guard let others = text.member("top_logprobs", of: element) else { return }
                    for other in text.index.elements(of: others) {
                        list.object { write(other, in: text, into: &$0) }
                    }
                }
            }
        }
        return writer.buffer
    }

    /// What a token and its alternatives have in common. Servers that speak Chat Completions often leave `bytes` null or out,
    /// which clients of this form do not allow.
    private static func write(_ element: Int, in text: ResponsesText, into writer: inout JSONWriter) {
        writer.member("token", text.text("token", of: element) ?? .empty)
        let logprob = text.member("logprob", of: element)
        writer.member("logprob", logprob.flatMap { text.kind($0) == .number ? text.fragment($0) : nil } ?? .integer(0))
        let bytes = text.member("bytes", of: element)
        writer.key("bytes")
        if let bytes, text.kind(bytes) == .array {
            writer.fragment(text.fragment(bytes))
        } else {
            writer.array { _ in }
        }
    }

    /// The elements of `{"content":[…]}`.
    static func content(_ logprobs: JSONFragment?) -> ByteBuffer {
        guard let logprobs else { return ByteBuffer() }
        var index = JSONIndex()
        return logprobs.bytes.withUnsafeReadableBytes { bytes in
            guard (try? index.read(bytes)) != nil else { return ByteBuffer() }
            let text = ResponsesText(body: logprobs.bytes, bytes: bytes, index: index)
            return text.member("content", of: 0).map { elements($0, in: text) } ?? ByteBuffer()
        }
    }
}
