/// The lines of a text as it stands between quotes, and what goes out of them: sentences, and lines of which nothing is left.
struct SystemLines {
    /// Longer sentences stay, whatever is volatile in them not counted.
    private static let maximumCount = 400

    /// A sentence that goes.
    private struct Sentence {
        /// To where the next one begins.
        var span: Range<Int>
        let lineStart: Int
        /// It is the first of its line.
        let beginsLine: Bool
        /// nil: others follow in its line.
        var lineEnd: Int?
        var texts: [Int]
    }

    private struct Gap {
        var span: Range<Int>
        /// It begins where a line does.
        var beginsLine: Bool
    }

    private let bytes: UnsafeRawBufferPointer
    private let content: Range<Int>
    private(set) var moved: [SystemPlan.Moved] = []
    /// Sentences in what is moved.
    private(set) var sentenceCount = 0
    /// What goes out of the text, breaks included; in its order.
    private(set) var gaps: [Range<Int>] = []

    init(_ bytes: UnsafeRawBufferPointer, _ content: Range<Int>) {
        self.bytes = bytes
        self.content = content
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

    /// Takes out what holds one of `texts`, which are in order: one pass over the text, and twice `maximumCount` bytes for each.
    mutating func take(_ texts: [(place: Int, span: Range<Int>)]) {
        let sentences = sentences(around: texts)
        sentenceCount = sentences.count
        var all: [Gap] = []
        for run in runs(of: sentences) {
            if run.beginsLine, let end = run.lineEnd {
                // A line goes with the break behind it.
                let behind = end < content.upperBound ? end + 2 : end
                moved.append(SystemPlan.Moved(span: trimmed(run.lineStart..<end), texts: run.texts))
                all.append(Gap(span: run.lineStart..<behind, beginsLine: true))
            } else {
                var start = run.span.lowerBound
                if run.lineEnd != nil {
                    while start > run.lineStart, bytes[start - 1] == UInt8(ascii: " ") { start -= 1 }
                }
                moved.append(SystemPlan.Moved(span: trimmed(run.span), texts: run.texts))
                all.append(Gap(span: start..<run.span.upperBound, beginsLine: false))
            }
        }
        gaps = joined(all)
    }

    private func sentences(around texts: [(place: Int, span: Range<Int>)]) -> [Sentence] {
        var reader = SentenceReader(bytes, content, maximumCount: Self.maximumCount)
        var sentences: [Sentence] = []
        var next = 0
        while next < texts.count {
            let first = texts[next]
            next += 1
            // In a sentence that is too long.
            guard first.span.lowerBound >= reader.position else { continue }
            reader.walk(to: first.span.lowerBound)
            let opensLine = reader.sentenceStart > first.span.lowerBound
            let start = opensLine ? reader.lineStart : reader.sentenceStart
            let (lineStart, beginsLine) = (reader.lineStart, start <= reader.lineBegin)
            var places = [first.place]
            var volatileCount = first.span.count
            var isShort = reader.walkToEnd(behind: first.span.upperBound)
            while next < texts.count, texts[next].span.lowerBound < reader.position {
                let text = texts[next]
                places.append(text.place)
                volatileCount += text.span.count
                // What looked like the sentence's end is in the text.
                if text.span.upperBound > reader.position {
                    isShort = isShort && reader.walkToEnd(behind: text.span.upperBound)
                }
                next += 1
            }
            let span = start..<max(start, reader.position)
            guard isShort, span.count - volatileCount <= Self.maximumCount else { continue }
            sentences.append(
                Sentence(
                    span: span, lineStart: lineStart, beginsLine: beginsLine, lineEnd: reader.lineEnd, texts: places))
        }
        return sentences
    }

    /// Sentences that touch are one.
    private func runs(of sentences: [Sentence]) -> [Sentence] {
        var runs: [Sentence] = []
        for sentence in sentences {
            if let last = runs.last, last.span.upperBound == sentence.span.lowerBound, last.lineStart == sentence.lineStart {
                runs[runs.count - 1].span = last.span.lowerBound..<sentence.span.upperBound
                runs[runs.count - 1].lineEnd = sentence.lineEnd
                runs[runs.count - 1].texts += sentence.texts
            } else {
                runs.append(sentence)
            }
        }
        return runs
    }

    /// Gaps that touch are one. Lines at the end, which have no break behind them, go with the one before them.
    private func joined(_ gaps: [Gap]) -> [Range<Int>] {
        var joined: [Gap] = []
        for gap in gaps {
            if let last = joined.last, gap.span.lowerBound <= last.span.upperBound {
                joined[joined.count - 1].span = last.span.lowerBound..<max(last.span.upperBound, gap.span.upperBound)
            } else {
                joined.append(gap)
            }
        }
        if let last = joined.last, last.beginsLine, last.span.upperBound == content.upperBound,
            last.span.lowerBound > content.lowerBound
        {
            let start = last.span.lowerBound - 2
            joined.removeLast()
            if let before = joined.last, before.span.upperBound >= start {
                joined[joined.count - 1].span = before.span.lowerBound..<content.upperBound
            } else {
                joined.append(Gap(span: start..<content.upperBound, beginsLine: false))
            }
        }
        return joined.map(\.span)
    }

    private func trimmed(_ span: Range<Int>) -> Range<Int> {
        var (start, end) = (span.lowerBound, span.upperBound)
        while start < end, bytes[start] == UInt8(ascii: " ") { start += 1 }
        while end > start {
            if bytes[end - 1] == UInt8(ascii: " ") {
                end -= 1
            } else if end - start >= 2, bytes[end - 1] == UInt8(ascii: "r"), bytes[end - 2] == UInt8(ascii: "\\"),
                end - start < 3 || bytes[end - 3] != UInt8(ascii: "\\")
            {
                // `\r` before the break.
                end -= 2
            } else {
                break
            }
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
