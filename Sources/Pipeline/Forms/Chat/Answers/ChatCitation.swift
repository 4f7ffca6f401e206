import NIOCore
import Wire

/// A citation of any form as an annotation, of which this form has one kind: a page's.
enum ChatCitation {
    /// The form's own, as it came.
    case own(JSONView)
    case page(url: JSONText, title: JSONText, start: JSONFragment, end: JSONFragment)

    /// nil for what cites no page.
    init?(_ citation: JSONFragment) {
        var index = JSONIndex()
        guard let view = JSONView(citation.bytes, index: &index) else { return nil }
        self.init(view)
    }

    /// Those of an array of citations that cite pages.
    static func all(_ citations: JSONFragment) -> [ChatCitation] {
        var index = JSONIndex()
        return JSONView(citations.bytes, index: &index)?.elements.compactMap(ChatCitation.init) ?? []
    }

    /// Responses' stand flat; Anthropic's of searches say neither where the text begins nor where it ends.
    private init?(_ view: JSONView) {
        if view["url_citation"] != nil {
            self = .own(view)
            return
        }
        guard let url = view["url"]?.text else { return nil }
        func offset(_ name: StaticString) -> JSONFragment {
            view[name].flatMap { $0.kind == .number ? $0.fragment : nil } ?? .integer(0)
        }
        self = .page(
            url: url, title: view["title"]?.text ?? .empty, start: offset("start_index"), end: offset("end_index"))
    }

    /// - Parameter index: its place among the answer's annotations, by which clients gather those of a stream; nil: all are
    ///   there at once.
    func write(index: Int? = nil, to annotation: inout JSONWriter) {
        if let index { annotation.member("index", index) }
        switch self {
        case .own(let view):
            for (name, value) in view.members where name != "index" {
                annotation.key(name)
                annotation.fragment(value.fragment)
            }
        case .page(let url, let title, let start, let end):
            annotation.member("type", raw: "\"url_citation\"")
            annotation.object("url_citation") { page in
                page.member("url", url)
                page.member("title", title)
                page.member("start_index", start)
                page.member("end_index", end)
            }
        }
    }
}
