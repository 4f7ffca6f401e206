import NIOCore
import Wire

/// An arranged request with what is to be spelled otherwise.
struct CanonicalRequest {
    /// The Canonicalizer's edits are with the Arranger's.
    var arranged: ArrangedRequest
    /// Lists of tools that leave in another spelling or order.
    var tools: [SpelledTools] = []
}

/// Gives tools and the arguments of calls one byte form for one meaning, by the rules of `CanonicalJSON`.
///
/// Left as they are: what users, models and tools said, and the schemas of answers (`response_format`, `text.format`,
/// `responseSchema`), where the order of keys is the order in which the model answers. With `arrange` `off`, everything.
struct Canonicalizer {
    let isOn: Bool

    init(_ options: PipelineOptions) {
        isOn = options.arrange != .off
    }

    func canonicalize(
        _ arranged: consuming ArrangedRequest, _ source: PromptSource
    ) throws(JSONEditError) -> CanonicalRequest {
        var canonical = CanonicalRequest(arranged: arranged)
        guard isOn, source.form != nil else { return canonical }
        for list in canonical.arranged.tools {
            guard let spelled = ToolSpelling(source).respelled(list) else { continue }
            try replace(list, by: spelled, source, &canonical.arranged.edits)
            canonical.tools.append(spelled)
        }
        var calls = CallSpelling(source)
        try calls.respell(canonical.arranged.chunked.view.messages, &canonical.arranged.edits)
        return canonical
    }

    /// The brackets at the end stay the client's: a mark that is put before the last tool's brace later stands in the tool
    /// that is last now.
    private func replace(
        _ list: ToolList, by spelled: SpelledTools, _ source: PromptSource, _ edits: inout JSONEdits
    ) throws(JSONEditError) {
        let span = spelled.span
        let text = spelled.markedText
        var last: Range<Int>?
        for tool in source.index.elements(of: list.node) where source.index.kind(of: tool) == .object {
            last = source.index.span(tool)
        }
        guard let last, text.readableBytes >= 2, text.readableBytesView.suffix(2).elementsEqual("}]".utf8),
            source.bytes[last.upperBound..<(span.upperBound - 1)].allSatisfy({ $0 <= UInt8(ascii: " ") })
        else { return try edits.replace(span: span, with: text) }
        try edits.replace(
            span: span.lowerBound..<(last.upperBound - 1), with: text.readableBytesView.dropLast(2))
        try edits.remove(span: last.upperBound..<(span.upperBound - 1))
    }
}
