import NIOCore
import Wire

/// Citations of any form as annotations of a message.
enum ChatCitation {
    /// The annotation; nil for what this form has no kind for.
    static func annotation(_ citation: JSONFragment) -> JSONFragment? {
        var index = JSONIndex()
        return JSONView(citation.bytes, index: &index).flatMap(annotation)
    }

    /// The elements of an array of citations, as annotations.
    static func annotations(_ citations: JSONFragment) -> [JSONFragment] {
        var index = JSONIndex()
        return JSONView(citations.bytes, index: &index)?.elements.compactMap(annotation) ?? []
    }

    /// The form has links alone: Responses' stand flat; Anthropic's of searches say neither where the text begins nor ends.
    private static func annotation(_ citation: JSONView) -> JSONFragment? {
        if citation["url_citation"] != nil { return citation.fragment }
        guard let url = citation["url"]?.text else { return nil }
        func offset(_ name: StaticString) -> JSONFragment {
            citation[name].flatMap { $0.kind == .number ? $0.fragment : nil } ?? .integer(0)
        }
        return JSONFragment(kind: .object) { writer in
            writer.object { annotation in
                annotation.member("type", raw: "\"url_citation\"")
                annotation.object("url_citation") { link in
                    link.member("url", url)
                    link.member("title", citation["title"]?.text ?? .empty)
                    link.member("start_index", offset("start_index"))
                    link.member("end_index", offset("end_index"))
                }
            }
        }
    }
}
