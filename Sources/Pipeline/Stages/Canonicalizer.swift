import NIOCore
import Wire

/// An arranged request with what is to be spelled otherwise.
struct CanonicalRequest: ~Copyable {
    /// The Canonicalizer's edits are with the Arranger's.
    var arranged: ArrangedRequest
    /// Lists of tools that leave in another spelling or order.
    var tools: [SpelledTools] = []

    init(_ arranged: consuming ArrangedRequest) {
        self.arranged = arranged
    }

    /// Puts the tools' cache marks where they are now.
    mutating func placeMarks() {
        for spelled in tools { Self.placeMarks(of: spelled, &arranged.chunked.view) }
    }

    private static func placeMarks(of spelled: SpelledTools, _ view: inout PromptView) {
        if !view.cacheMarks.isEmpty {
            view.forget([spelled.span])
            let end = (spelled.lastTool?.upperBound ?? spelled.span.upperBound) - 1
            let place = view.cacheMarks.firstInOrder { $0.lowerBound >= end }
            view.putMarks(spelled.longMarks, at: place, span: end..<end)
        }
        // Forms whose tools bear no marks name none.
        if view.toolsValue == spelled.span, view.caching.toolCount > 0 {
            view.caching.lastTool = spelled.isLastMarkable ? spelled.lastTool : nil
        }
    }
}

extension PromptView {
    /// Puts marks of one span before those from `place` on.
    fileprivate mutating func putMarks(_ areLong: [Bool], at place: Int, span: Range<Int>) {
        guard !areLong.isEmpty else { return }
        var lives = cacheMarks.indices.map(caching.isLongMark)
        lives.insert(contentsOf: areLong, at: place)
        cacheMarks.insert(contentsOf: areLong.map { _ in span }, at: place)
        for (place, isLong) in lives.enumerated() { caching.noteMark(place, isLong: isLong) }
    }
}

/// Gives tools and the arguments of calls one byte form for one meaning, by the rules of `CanonicalJSON`.
///
/// Left as they are: what users, models and tools said, and the schemas of answers (`response_format`, `text.format`,
/// `responseSchema`), where the order of keys is the order in which the model answers. With `arrange` `off`, everything.
struct Canonicalizer {
    private let isOn: Bool

    init(_ options: PipelineOptions) {
        isOn = options.arrange != .off
    }

    func canonicalize(
        _ arranged: consuming ArrangedRequest, _ source: PromptSource, memory: inout ToolMemory
    ) throws(JSONEditError) -> CanonicalRequest {
        var canonical = CanonicalRequest(arranged)
        guard isOn, source.form != nil else { return canonical }
        let lists = canonical.arranged.tools
        for list in lists {
            guard let spelled = spelled(list, source, &memory) else { continue }
            try put(spelled, &canonical.arranged.edits)
            canonical.tools.append(spelled)
        }
        var calls = CallSpelling(source)
        let messages = canonical.arranged.chunked.view.messages
        try calls.respell(messages, &canonical.arranged.edits)
        return canonical
    }

    /// nil: the list stands as it is to be sent.
    private func spelled(_ tools: ArrangedTools, _ source: PromptSource, _ memory: inout ToolMemory) -> SpelledTools? {
        switch tools {
        case .known(let spelled): return spelled
        case .new(let list, let style):
            let spelled = ToolSpelling(source, keepsMarks: style.keepsMarks).respelled(list)
            memory.remember(spelled, of: source.index.span(list.node), in: source.bytes, style)
            return spelled
        }
    }

    /// The brackets at the end stay the client's: a mark that is put before the last tool's brace later stands in the tool
    /// that is last now.
    private func put(_ spelled: SpelledTools, _ edits: inout JSONEdits) throws(JSONEditError) {
        let span = spelled.span
        let text = spelled.markedText
        guard let last = spelled.lastTool else { return try edits.replace(span: span, with: text) }
        let start = text.getSlice(at: text.readerIndex, length: max(0, text.readableBytes - 2)) ?? text
        try edits.replace(span: span.lowerBound..<(last.upperBound - 1), with: start)
        try edits.remove(span: last.upperBound..<(span.upperBound - 1))
    }
}
