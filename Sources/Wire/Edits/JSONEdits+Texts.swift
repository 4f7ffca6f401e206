package import NIOCore

/// The edits themselves, for every form a text comes in.
extension JSONEdits {
    /// Puts `text` in place of `span`.
    package mutating func replace(span: Range<Int>, with text: StaticString) throws(JSONEditError) {
        let start = beginText()
        texts.writeStaticString(text)
        try add(span, textFrom: start)
    }

    /// Puts `text` in place of `span`.
    package mutating func replace(span: Range<Int>, with text: String) throws(JSONEditError) {
        let start = beginText()
        texts.writeString(text)
        try add(span, textFrom: start)
    }

    /// Puts `text` in place of `span`.
    package mutating func replace(span: Range<Int>, with text: ByteBuffer) throws(JSONEditError) {
        let start = beginText()
        texts.writeImmutableBuffer(text)
        try add(span, textFrom: start)
    }

    /// Puts `text` in place of `span`.
    package mutating func replace(span: Range<Int>, with text: some Sequence<UInt8>) throws(JSONEditError) {
        let start = beginText()
        texts.writeBytes(text)
        try add(span, textFrom: start)
    }

    /// Puts `text` before the byte at `offset`.
    package mutating func insert(at offset: Int, _ text: StaticString) throws(JSONEditError) {
        try replace(span: offset..<offset, with: text)
    }

    /// Puts `text` before the byte at `offset`.
    package mutating func insert(at offset: Int, _ text: String) throws(JSONEditError) {
        try replace(span: offset..<offset, with: text)
    }

    /// Puts `text` before the byte at `offset`.
    package mutating func insert(at offset: Int, _ text: ByteBuffer) throws(JSONEditError) {
        try replace(span: offset..<offset, with: text)
    }

    /// Puts `text` before the byte at `offset`.
    package mutating func insert(at offset: Int, _ text: some Sequence<UInt8>) throws(JSONEditError) {
        try replace(span: offset..<offset, with: text)
    }

    /// Gives what was put in before the byte at `offset` another text; false where nothing was. Of several the first.
    package mutating func changeInsertion(at offset: Int, to text: ByteBuffer) -> Bool {
        guard let place = edits.firstIndex(where: { $0.span == offset..<offset && $0.owner == nil }) else {
            return false
        }
        let start = beginText()
        texts.writeImmutableBuffer(text)
        edits[place].text = start..<texts.writerIndex
        return true
    }

    /// Takes `span` out; an empty one is no edit.
    package mutating func remove(span: Range<Int>) throws(JSONEditError) {
        guard !span.isEmpty else { return }
        try add(Edit(span: span, text: 0..<0, owner: nil))
    }
}
