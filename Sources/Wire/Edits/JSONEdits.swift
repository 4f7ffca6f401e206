package import NIOCore

/// Why an edit was not taken; the edits are then what they were before.
package enum JSONEditError: Error, Equatable {
    /// The span meets one that is already edited, or lies before the text.
    case overlap(Range<Int>)
    /// The node is not an object of the index.
    case notAnObject(node: Int)
}

/// What to change in a text, by offsets of the text as it is: what no edit names stays byte for byte.
///
/// Spans do not overlap. Insertions at one offset stand in the order they were made, before a replacement that begins there
/// and behind one that ends there. An offset beyond the text means its end.
package struct JSONEdits: Sendable {
    /// One change: the text's bytes in `span` give way to a range of `texts`.
    struct Edit: Sendable, Equatable {
        var span: Range<Int>
        var text: Range<Int>
        /// The offset of the object whose members the edit arranges; nil for an edit of its own.
        var owner: Int?
    }

    /// In the order of the text.
    var edits: [Edit] = []
    /// What edits put in, one after the other.
    var texts = ByteBuffer()
    /// Objects that lose or gain members.
    var objects: [JSONMemberEdits] = []

    package init() {}

    /// Nothing is changed.
    package var isEmpty: Bool { edits.isEmpty }

    /// What is taken out with nothing put in its place, in the order of the text.
    package var removals: [Range<Int>] { edits.filter { $0.text.isEmpty && !$0.span.isEmpty }.map(\.span) }

    /// Bytes of the result for a text of `original` bytes.
    package func resultingCount(original: Int) -> Int {
        edits.reduce(original) { $0 &- clamped($1.span, to: original).count &+ $1.text.count }
    }

    /// Appends the edited text to `buffer`.
    package func apply(to original: UnsafeRawBufferPointer, into buffer: inout ByteBuffer) {
        buffer.reserveCapacity(minimumWritableBytes: resultingCount(original: original.count))
        texts.withUnsafeReadableBytes { texts in
            var copied = 0
            for edit in edits {
                let span = clamped(edit.span, to: original.count)
                buffer.writeBytes(UnsafeRawBufferPointer(rebasing: original[copied..<max(copied, span.lowerBound)]))
                buffer.writeBytes(UnsafeRawBufferPointer(rebasing: texts[edit.text]))
                copied = max(copied, span.upperBound)
            }
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: original[copied...]))
        }
    }

    /// The edited text as slices, to be written one after the other: nothing is copied. No slice is empty.
    package func pieces(of original: ByteBuffer) -> [ByteBuffer] {
        guard !edits.isEmpty else { return original.readableBytes == 0 ? [] : [original] }
        var pieces: [ByteBuffer] = []
        pieces.reserveCapacity(2 * edits.count + 1)
        var copied = 0
        for edit in edits {
            let span = clamped(edit.span, to: original.readableBytes)
            append(original, copied..<max(copied, span.lowerBound), to: &pieces)
            append(texts, edit.text, to: &pieces)
            copied = max(copied, span.upperBound)
        }
        append(original, copied..<original.readableBytes, to: &pieces)
        return pieces
    }

    private func append(_ buffer: ByteBuffer, _ range: Range<Int>, to pieces: inout [ByteBuffer]) {
        guard !range.isEmpty,
            let slice = buffer.getSlice(at: buffer.readerIndex &+ range.lowerBound, length: range.count)
        else { return }
        pieces.append(slice)
    }

    private func clamped(_ span: Range<Int>, to count: Int) -> Range<Int> {
        min(span.lowerBound, count)..<min(span.upperBound, count)
    }

    /// Puts the edit where it belongs.
    mutating func add(_ edit: Edit) throws(JSONEditError) {
        guard edit.span.lowerBound >= 0 else { throw .overlap(edit.span) }
        if edits.capacity == 0 { edits.reserveCapacity(8) }
        var place = edits.count
        while place > 0, Self.precedes(edit.span, edits[place - 1].span) { place -= 1 }
        if place > 0, edits[place - 1].span.upperBound > edit.span.lowerBound { throw .overlap(edit.span) }
        if place < edits.count, edit.span.upperBound > edits[place].span.lowerBound { throw .overlap(edit.span) }
        edits.insert(edit, at: place)
    }

    private static func precedes(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        (one.lowerBound, one.upperBound) < (other.lowerBound, other.upperBound)
    }

    /// The offset in `texts` where the next text begins, with room for a few.
    mutating func beginText() -> Int {
        if texts.capacity == 0 { texts.reserveCapacity(256) }
        return texts.writerIndex
    }

    /// Adds the edit that puts in what is in `texts` from `start` on; takes those bytes back where it is refused.
    mutating func add(_ span: Range<Int>, textFrom start: Int) throws(JSONEditError) {
        do throws(JSONEditError) {
            try add(Edit(span: span, text: start..<texts.writerIndex, owner: nil))
        } catch {
            texts.moveWriterIndex(to: start)
            throw error
        }
    }
}
