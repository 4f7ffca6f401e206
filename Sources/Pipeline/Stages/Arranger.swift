import Wire

/// A chunked request with what is to be moved.
struct ArrangedRequest: ~Copyable {
    var chunked: ChunkedRequest
    var edits = JSONEdits()
    /// Lists of tools, in the order of the body's `tools` and `functions`. None where nothing is arranged.
    var tools: [ToolList] = []
    var cut: HistoryCut?

    init(_ chunked: consuming ChunkedRequest) {
        self.chunked = chunked
    }
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
    let options: PipelineOptions

    init(_ options: PipelineOptions) {
        self.options = options
    }

    func arrange(
        _ chunked: consuming ChunkedRequest, _ source: PromptSource, anchors: CutAnchors?
    ) throws(JSONEditError) -> ArrangedRequest {
        var arranged = ArrangedRequest(chunked)
        guard options.arrange != .off, let form = source.form else { return arranged }
        arrange(arranged.chunked.view.toolsValue, form.toolStyle, source, &arranged.tools)
        arrange(arranged.chunked.view.functionsValue, .plain, source, &arranged.tools)
        if options.arrange == .full { try SystemArranger(source).arrange(&arranged) }
        if options.maxHistoryTokens > 0 {
            try HistoryCutter(source, maximum: Int64(clamping: options.maxHistoryTokens), anchors: anchors).cut(&arranged)
        }
        return arranged
    }

    private func arrange(
        _ tools: Range<Int>?, _ style: ToolOutline.Style, _ source: PromptSource, _ lists: inout [ToolList]
    ) {
        guard let tools, let node = source.index.node(at: tools.lowerBound), source.index.kind(of: node) == .array else {
            return
        }
        lists.append(ToolOrder(source).list(node, style: style))
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
