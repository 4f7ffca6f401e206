import NIOCore
import Wire

/// What becomes of the texts of the system prompt.
struct SystemPlan {
    /// A line or sentences that go to the end.
    struct Moved {
        var span: Range<Int>
        /// Positions of what is volatile in it.
        var texts: [Int]
    }

    /// What becomes of one text.
    private struct Text {
        let text: SystemText
        /// Spans that go out of it.
        var gaps: [Range<Int>]
        /// Nothing but space is left.
        var isEmptied: Bool
    }

    /// More are no instructions of anybody's, and each is an edit that has to be put among the others.
    private static let maximumRuns = 64

    private let source: PromptSource
    /// Positions of messages that follow count in it until `remove` has left some out.
    private(set) var view: PromptView
    private var texts: [Text] = []
    /// In the order of the prompt.
    private(set) var moved: [Moved] = []
    /// Sentences in what is moved.
    private(set) var sentenceCount = 0
    /// For each message of the view: it goes.
    private(set) var isGone: [Bool]
    /// Messages that take in those behind them: the first of each run.
    private var merged: [Range<Int>] = []

    init(_ source: PromptSource, view: PromptView) {
        self.source = source
        self.view = view
        isGone = [Bool](repeating: false, count: view.messages.count)
    }

    // MARK: What is volatile

    /// Takes what holds one of `volatileTexts`, which are in the order of the prompt, out of their texts.
    mutating func readTexts(_ volatileTexts: [VolatileText]) {
        var next = 0
        let (source, view) = (source, view)
        source.forEachSystemText(of: view) { text in
            let content = source.content(of: text.string)
            var found: [(place: Int, span: Range<Int>)] = []
            while next < volatileTexts.count, content.contains(volatileTexts[next].span.lowerBound) {
                found.append((next, volatileTexts[next].span))
                next += 1
            }
            if !found.isEmpty { take(found, of: text, content) }
        }
    }

    private mutating func take(_ found: [(place: Int, span: Range<Int>)], of text: SystemText, _ content: Range<Int>) {
        var lines = SystemLines(source.bytes, content)
        lines.take(found)
        guard !lines.moved.isEmpty else { return }
        let isEmptied = lines.isEmptied
        if isEmptied, !canGo(text) { return }
        texts.append(Text(text: text, gaps: lines.gaps, isEmptied: isEmptied))
        moved += lines.moved
        sentenceCount += lines.sentenceCount
    }

    mutating func forgetMoves() {
        texts = []
        moved = []
        sentenceCount = 0
    }

    /// A text may be left out altogether: with its message, or with its part where another part stays.
    private func canGo(_ text: SystemText) -> Bool {
        guard let part = text.part else { return text.message != nil }
        let span = source.index.span(part.object)
        let list = source.index.span(part.list)
        // The first part stays, whatever it is: a list without parts is no content.
        return source.index.node(at: span.lowerBound) != part.list + 1 && list.contains(span.lowerBound)
    }

    // MARK: Messages

    /// Neighbours of one role, of one kind of content and with nothing else on them are one message, as many as `maximumRuns`
    /// times. OpenAI's forms alone spread a system prompt over messages.
    mutating func mergeMessages() {
        for text in texts where text.isEmptied && text.text.part == nil {
            if let message = text.text.message { isGone[message] = true }
        }
        guard source.form == .openAIChat || source.form == .openAIResponses else { return }
        var first = 0
        while first < view.messages.count, merged.count < Self.maximumRuns, isInstruction(first) {
            var next = first + 1
            if isPlain(first) {
                while next < view.messages.count, isGone[next] || isAlike(next, first) { next += 1 }
            }
            if (first..<next).filter({ !isGone[$0] }).count > 1 {
                merged.append(first..<next)
                for position in (first + 1)..<next { isGone[position] = true }
            }
            first = next
        }
    }

    private func isInstruction(_ position: Int) -> Bool {
        view.messages[position].role == .system || view.messages[position].role == .developer
    }

    private func isAlike(_ position: Int, _ other: Int) -> Bool {
        view.messages[position].role == view.messages[other].role && isPlain(position)
            && kind(position) == kind(other)
    }

    private func kind(_ position: Int) -> JSONKind? { content(position).map { source.index.kind(of: $0) } }

    private func content(_ position: Int) -> Int? { source.content(ofMessageAt: view.messages[position].span) }

    /// Nothing on the message but its role and its content, which is a text or parts, and no cache mark in it.
    private func isPlain(_ position: Int) -> Bool {
        let span = view.messages[position].span
        guard !isGone[position], let node = source.index.node(at: span.lowerBound), let content = content(position),
            source.index.span(content).count > 2, !holdsMark(span)
        else { return false }
        switch source.index.kind(of: content) {
        case .string, .array: break
        case .object, .number, .true, .false, .null: return false
        }
        return source.index.members(of: node).allSatisfy { key, _ in
            source.means(key, "role") || source.means(key, "content") || source.means(key, "type")
        }
    }

    private func holdsMark(_ span: Range<Int>) -> Bool {
        let place = view.cacheMarks.firstInOrder { $0.upperBound > span.lowerBound }
        return place < view.cacheMarks.count && view.cacheMarks[place].overlaps(span)
    }

    // MARK: Edits

    /// All changes but the removal of the messages that go.
    mutating func edit(_ edits: inout JSONEdits) throws(JSONEditError) {
        for text in texts where text.isEmptied {
            if let part = text.text.part { moveMark(from: part, message: text.text.message) }
        }
        var inner = JSONEdits()
        for text in texts {
            if text.isEmptied {
                if let part = text.text.part { try removePart(part, &inner) }
            } else {
                for gap in text.gaps { try inner.remove(span: gap) }
            }
        }
        for run in merged { try merge(run, inner, &edits) }
        for text in texts {
            if let message = text.text.message, isGone[message] || merged.contains(where: { $0.lowerBound == message }) {
                continue
            }
            if text.isEmptied {
                if let part = text.text.part { try removePart(part, &edits) }
            } else {
                for gap in text.gaps { try edits.remove(span: gap) }
            }
        }
    }

    /// Where the part that goes was the last, a mark may be put on the one before it. A mark on the part itself goes with it: what
    /// it would have marked was never read again.
    private mutating func moveMark(from part: (object: Int, list: Int), message: Int?) {
        var previous: Int?
        for element in source.index.elements(of: part.list) {
            if element == part.object { break }
            previous = element
        }
        let gone = source.index.span(part.object)
        view.forget([gone])
        let place = previous.map { PromptPlace(span: source.index.span($0), isText: false) }
        if let message {
            view.messages[message].partCount = max(1, view.messages[message].partCount) - 1
            if view.messages[message].place?.span == gone { view.messages[message].place = place }
        } else {
            // Forms without marks count none.
            view.caching.systemPartCount = max(1, view.caching.systemPartCount) - 1
            if view.caching.system?.span == gone { view.caching.system = place }
        }
    }

    /// A part that goes is never the first: the comma before it goes along.
    private func removePart(
        _ part: (object: Int, list: Int), _ edits: inout JSONEdits
    ) throws(JSONEditError) {
        let span = source.index.span(part.object)
        var previous = span.lowerBound
        for element in source.index.elements(of: part.list) {
            if element == part.object { break }
            previous = source.index.span(element).upperBound
        }
        try edits.remove(span: previous..<span.upperBound)
    }

    /// The first message's content takes in the others': texts with an empty line between them, parts one behind the other.
    private func merge(_ run: Range<Int>, _ inner: JSONEdits, _ edits: inout JSONEdits) throws(JSONEditError) {
        guard let first = content(run.lowerBound) else { return }
        let isText = source.index.kind(of: first) == .string
        var joined = ByteBuffer()
        for position in run where position == run.lowerBound || isPlainContent(position, isText: isText) {
            guard let content = content(position) else { continue }
            let span = source.index.span(content)
            if joined.readableBytes > 0 { joined.writeString(isText ? #"\n\n"# : ",") }
            inner.apply(
                to: source.bytes, in: (span.lowerBound + 1)..<(span.upperBound - 1), without: [], into: &joined)
        }
        let span = source.index.span(first)
        try edits.replace(span: (span.lowerBound + 1)..<(span.upperBound - 1), with: joined)
    }

    /// Of a run's messages, those that went because they held nothing else than what was moved are not taken in.
    private func isPlainContent(_ position: Int, isText: Bool) -> Bool {
        !texts.contains { $0.isEmptied && $0.text.part == nil && $0.text.message == position }
    }
}
