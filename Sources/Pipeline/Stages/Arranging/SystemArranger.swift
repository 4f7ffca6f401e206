import Wire

/// Makes the system prompt stable: what is volatile in it goes to the end of the prompt, and messages that it is spread over
/// become one.
///
/// The sentence goes that holds something volatile, and the line where no other sentence is in it; a sentence of more than 400
/// bytes stays. A text with nothing else goes with its part or message. Where more than sixteen sentences would go, or as many
/// volatile texts were found as are told of one prompt, the text is full of dates, not stamped with one: nothing is moved. So
/// what is moved costs one pass over the texts that hold it, whatever they are.
struct SystemArranger {
    private static let maximumSentences = 16

    let source: PromptSource

    init(_ source: PromptSource) {
        self.source = source
    }

    func arrange(_ arranged: inout ArrangedRequest) throws(JSONEditError) {
        var plan = SystemPlan(source, view: arranged.chunked.view)
        if 1..<VolatileText.maximumCount ~= arranged.chunked.volatileTexts.count,
            let tail = PromptTail(source, view: arranged.chunked.view, turn: arranged.chunked.blocks.last)
        {
            plan.readTexts(arranged.chunked.volatileTexts)
            if plan.sentenceCount <= Self.maximumSentences, !plan.moved.isEmpty {
                arranged.moved = try tail.append(plan.moved.map(\.span), &arranged.edits)
                for line in plan.moved {
                    for place in line.texts { arranged.chunked.volatileTexts[place].isMoved = true }
                }
            } else {
                plan.forgetMoves()
            }
        }
        plan.mergeMessages()
        try plan.edit(&arranged.edits)
        arranged.chunked.view = plan.view
        try arranged.chunked.remove(plan.isGone, from: source.bytes, &arranged.edits)
        arranged.chunked.settleSystem()
    }
}

extension ChunkedRequest {
    /// Blocks of the system prompt are volatile only as far as something volatile is left in them.
    fileprivate mutating func settleSystem() {
        guard volatileTexts.count < VolatileText.maximumCount else { return }
        for place in blocks.indices where blocks[place].kind == .system {
            let span = blocks[place].span
            let isVolatile = volatileTexts.contains { !$0.isMoved && span.contains($0.span.lowerBound) }
            blocks[place].stability = isVolatile ? .volatile : .stable
        }
    }
}
