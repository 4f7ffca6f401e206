package import NIOCore

/// Parts of an edited text.
extension JSONEdits {
    /// An edit lies in `span`, insertions at both its ends included.
    package func changes(_ span: Range<Int>) -> Bool {
        let first = firstEdit(from: span.lowerBound)
        return first < edits.count && edits[first].span.upperBound <= span.upperBound
    }

    /// Edits that lie in `span`, insertions at both its ends included.
    package func count(in span: Range<Int>) -> Int {
        let first = firstEdit(from: span.lowerBound)
        var place = first
        while place < edits.count, edits[place].span.upperBound <= span.upperBound { place += 1 }
        return place - first
    }

    /// What is put in place of `span`; nil where no edit replaces just that.
    package func replacement(of span: Range<Int>) -> ByteBuffer? {
        var place = firstEdit(from: span.lowerBound)
        while place < edits.count, edits[place].span.lowerBound == span.lowerBound {
            if edits[place].span == span {
                let text = edits[place].text
                return texts.getSlice(at: texts.readerIndex &+ text.lowerBound, length: text.count)
            }
            place += 1
        }
        return nil
    }

    /// Appends what becomes of `span`: with the edits that lie in it, insertions at both its ends included, and without
    /// `gaps`. An edit that reaches across the span's ends is left out.
    ///
    /// - Parameter gaps: spans that overlap neither each other nor an edit, in the order of the text.
    package func apply(
        to original: UnsafeRawBufferPointer, in span: Range<Int>, without gaps: ArraySlice<Range<Int>>,
        into buffer: inout ByteBuffer
    ) {
        let end = min(span.upperBound, original.count)
        var copied = min(max(0, span.lowerBound), end)
        func copy(to offset: Int) {
            let stop = max(copied, min(offset, end))
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: original[copied..<stop]))
            copied = stop
        }
        var gaps = gaps
        var place = firstEdit(from: span.lowerBound)
        texts.withUnsafeReadableBytes { texts in
            while true {
                let edit = place < edits.count && edits[place].span.upperBound <= span.upperBound ? edits[place] : nil
                if let gap = gaps.first, gap.lowerBound < span.upperBound,
                    edit.map({ gap.lowerBound < $0.span.lowerBound }) ?? true
                {
                    copy(to: gap.lowerBound)
                    copied = max(copied, min(gap.upperBound, end))
                    gaps = gaps.dropFirst()
                    continue
                }
                guard let edit else { break }
                copy(to: edit.span.lowerBound)
                buffer.writeBytes(UnsafeRawBufferPointer(rebasing: texts[edit.text]))
                copied = max(copied, min(edit.span.upperBound, end))
                place += 1
            }
        }
        copy(to: end)
    }

    /// The place of the first edit that begins at `offset` or behind it.
    private func firstEdit(from offset: Int) -> Int {
        var (low, high) = (0, edits.count)
        while low < high {
            let middle = (low + high) / 2
            if edits[middle].span.lowerBound < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
