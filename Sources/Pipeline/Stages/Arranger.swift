import Wire

/// A chunked request with what is to be moved.
struct ArrangedRequest: ~Copyable {
    var chunked: ChunkedRequest
    var edits = JSONEdits()
    /// Lists of tools, in the order of the body's `tools` and `functions`. None where nothing is arranged.
    var tools: [ArrangedTools] = []
    var cut: HistoryCut?
    /// nil: nothing was moved.
    var moved: MovedTexts?

    init(_ chunked: consuming ChunkedRequest) {
        self.chunked = chunked
    }
}

/// A list of tools in the order it is to be in.
enum ArrangedTools {
    /// It was spelled before; nil: it stands as it is to be sent.
    case known(SpelledTools?)
    case new(ToolList, ToolMemory.Style)
}

/// Puts what may stand anywhere into one order, so that a prompt begins as the one before it did.
///
/// - `off`: nothing is moved, and no history cut.
/// - `safe`: tools stand in one order. What else has no order in meaning (`required`, `enum`, `stop`) is a list, and left:
///   models are shown it as it stands. With it, the rendered prompt of a turn up to its last message's end is a prefix of the
///   next turn's, whatever order the client sent its tools in.
/// - `full`: also makes one of the system's messages at the start, and moves what is volatile in the system prompt to the end
///   of the prompt. With it, the rendered prompt of a turn *up to the moved text* is a prefix of the next turn's: the moved
///   text itself stands where the next turn goes on, for the client knows nothing of it. Nothing stands behind it, but for an
///   answer that the client began itself.
///
/// History is cut, where a bound is set, in `safe` and `full` alike: but for the cuts that `HistoryStride` counts, the promise
/// holds for what is left.
struct Arranger {
    private let options: PipelineOptions

    init(_ options: PipelineOptions) {
        self.options = options
    }

    func arrange(
        _ chunked: consuming ChunkedRequest, _ source: PromptSource, anchors: CutAnchors?, memory: ToolMemory
    ) throws(JSONEditError) -> ArrangedRequest {
        var arranged = ArrangedRequest(chunked)
        guard options.arrange != .off, let form = source.form else { return arranged }
        let keepsMarks = options.cache != .off
        for (span, style) in [(arranged.chunked.view.toolsValue, form.toolStyle), (arranged.chunked.view.functionsValue, .plain)] {
            guard let span else { continue }
            let style = ToolMemory.Style(form: form, tools: style, keepsMarks: keepsMarks)
            if let tools = arrange(span, style, source, memory) { arranged.tools.append(tools) }
        }
        if options.arrange == .full { try SystemArranger(source).arrange(&arranged) }
        if options.maxHistoryTokens > 0 {
            try HistoryCutter(source, maximum: Int64(clamping: options.maxHistoryTokens), anchors: anchors).cut(&arranged)
        }
        return arranged
    }

    /// nil: it is no list.
    private func arrange(
        _ span: Range<Int>, _ style: ToolMemory.Style, _ source: PromptSource, _ memory: ToolMemory
    ) -> ArrangedTools? {
        if let spelled = memory.spelling(of: span, in: source.bytes, style) { return .known(spelled) }
        guard let node = source.index.node(at: span.lowerBound), source.index.kind(of: node) == .array else { return nil }
        return .new(ToolOrder(source).list(node, style: style.tools), style)
    }
}

extension RequestForm {
    fileprivate var toolStyle: ToolOutline.Style {
        switch self {
        case .openAIChat: .nested
        case .openAIResponses: .strictByDefault
        case .anthropicMessages: .plain
        case .geminiGenerate: .groups
        }
    }
}
