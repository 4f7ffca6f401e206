/// The lines of a text as it stands between quotes, and which of them go.
struct SystemLines {
    /// Longer lines go by sentences.
    private static let maximumCount = 400

    private let bytes: UnsafeRawBufferPointer
    private let content: Range<Int>
    /// Each without the break at its end.
    private let lines: [Range<Int>]
    private(set) var moved: [SystemPlan.Moved] = []
    /// What goes out of the text, breaks included; in its order.
    private(set) var gaps: [Range<Int>] = []

    init(_ bytes: UnsafeRawBufferPointer, _ content: Range<Int>) {
        self.bytes = bytes
        self.content = content
        var lines: [Range<Int>] = []
        var start = content.lowerBound
        var position = start
        while position < content.upperBound {
            guard bytes[position] == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            let next = position + 1 < content.upperBound ? bytes[position + 1] : 0
            if next == UInt8(ascii: "n") {
                lines.append(start..<position)
                start = position + 2
            }
            position = min(position + 2, content.upperBound)
        }
        lines.append(start..<content.upperBound)
        self.lines = lines
    }

    /// Nothing but space would be left.
    var isEmptied: Bool {
        var position = content.lowerBound
        for gap in gaps {
            guard isBlank(position..<gap.lowerBound) else { return false }
            position = gap.upperBound
        }
        return isBlank(position..<content.upperBound)
    }

    /// Takes out what holds one of `texts`, which are in order.
    mutating func take(_ texts: [(place: Int, span: Range<Int>)]) {
        var wholeLines: Set<Int> = []
        for text in texts {
            if let last = moved.last, last.span.upperBound >= text.span.upperBound {
                moved[moved.count - 1].texts.append(text.place)
                continue
            }
            guard let line = lines.firstIndex(where: { text.span.lowerBound <= $0.upperBound }) else { continue }
            if lines[line].count <= Self.maximumCount {
                wholeLines.insert(line)
                moved.append(SystemPlan.Moved(span: trimmed(lines[line]), texts: [text.place]))
            } else if let sentence = sentence(around: text.span, in: lines[line]) {
                gaps.append(sentence)
                moved.append(SystemPlan.Moved(span: trimmed(sentence), texts: [text.place]))
            }
        }
        gaps += wholeLines.map(gap)
        gaps.sort { $0.lowerBound < $1.lowerBound }
        joinGaps()
    }

    /// A line goes with the break behind it.
    private func gap(of line: Int) -> Range<Int> {
        lines[line].lowerBound..<(line + 1 < lines.count ? lines[line + 1].lowerBound : content.upperBound)
    }

    /// Gaps that touch are one. Lines at the end, which have no break behind them, go with the one before them.
    private mutating func joinGaps() {
        var joined: [Range<Int>] = []
        for gap in gaps {
            if let last = joined.last, gap.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, gap.upperBound)
            } else {
                joined.append(gap)
            }
        }
        if let last = joined.last, last.upperBound == content.upperBound,
            let line = lines.firstIndex(where: { $0.lowerBound == last.lowerBound }), line > 0
        {
            joined[joined.count - 1] = lines[line - 1].upperBound..<content.upperBound
        }
        gaps = joined
    }

    /// From behind the end of the sentence before to the space behind its own end; nil where that is as long as a line may not be.
    private func sentence(around span: Range<Int>, in line: Range<Int>) -> Range<Int>? {
        var start = span.lowerBound
        while start > line.lowerBound, !isEnd(start - 2) { start -= 1 }
        var end = span.upperBound
        while end < line.upperBound, !isEnd(end - 2) || end - 2 < span.upperBound { end += 1 }
        return end - start <= Self.maximumCount ? start..<end : nil
    }

    /// A sentence ends at `position`: a full stop or the like, and a space behind it.
    private func isEnd(_ position: Int) -> Bool {
        guard position >= content.lowerBound, position + 1 < content.upperBound,
            bytes[position + 1] == UInt8(ascii: " ")
        else { return false }
        switch bytes[position] {
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ";"): return true
        default: return false
        }
    }

    private func trimmed(_ span: Range<Int>) -> Range<Int> {
        var (start, end) = (span.lowerBound, span.upperBound)
        while start < end, bytes[start] == UInt8(ascii: " ") { start += 1 }
        while end > start, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        // `\r` before the break.
        if end - start >= 2, bytes[end - 1] == UInt8(ascii: "r"), bytes[end - 2] == UInt8(ascii: "\\"),
            end - start < 3 || bytes[end - 3] != UInt8(ascii: "\\")
        {
            end -= 2
        }
        return start..<end
    }

    private func isBlank(_ span: Range<Int>) -> Bool {
        var position = span.lowerBound
        while position < span.upperBound {
            if bytes[position] == UInt8(ascii: " ") {
                position += 1
            } else if bytes[position] == UInt8(ascii: "\\"), position + 1 < span.upperBound,
                [UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t")].contains(bytes[position + 1])
            {
                position += 2
            } else {
                return false
            }
        }
        return true
    }
}
