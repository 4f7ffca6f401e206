import Wire

/// A chunked request with what is to be moved.
struct ArrangedRequest {
    var chunked: ChunkedRequest
    var edits = JSONEdits()
    /// Lists of tools, in the order of the body's `tools` and `functions`. None where nothing is arranged.
    var tools: [ToolList] = []
    var cut: HistoryCut?

    init(_ chunked: ChunkedRequest) {
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
        guard options.arrange != .off, source.form != nil else { return arranged }
        let view = arranged.chunked.view
        let order = ToolOrder(source)
        for span in [view.toolsValue, view.functionsValue] {
            guard let span, let node = source.index.node(at: span.lowerBound), source.index.kind(of: node) == .array
            else { continue }
            arranged.tools.append(order.list(node))
        }
        if options.arrange == .full { try SystemArranger(source).arrange(&arranged) }
        if options.maxHistoryTokens > 0 {
            try HistoryCutter(source, maximum: Int64(clamping: options.maxHistoryTokens), anchors: anchors).cut(&arranged)
        }
        return arranged
    }
}
