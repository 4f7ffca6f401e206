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
        guard array.kind == .array else { return ByteBuffer() }
        var bytes = array.bytes
        bytes.moveReaderIndex(forwardBy: min(1, bytes.readableBytes))
        let elements = bytes.readSlice(length: max(0, bytes.readableBytes - 1)) ?? ByteBuffer()
        return elements.readableBytesView.allSatisfy { $0 <= UInt8(ascii: " ") } ? ByteBuffer() : elements
    }

    /// The elements of `{"content":[…]}`.
    static func content(_ logprobs: JSONFragment?) -> ByteBuffer {
        guard let logprobs else { return ByteBuffer() }
        var index = JSONIndex()
        return logprobs.bytes.withUnsafeReadableBytes { bytes in
            guard (try? index.read(bytes)) != nil else { return ByteBuffer() }
            let text = ResponsesText(body: logprobs.bytes, bytes: bytes, index: index)
            return text.member("content", of: 0).map { elements(text.fragment($0)) } ?? ByteBuffer()
        }
    }
}
