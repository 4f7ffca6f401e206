import NIOCore
import Wire

/// Hashes parts of a body as they leave, cache marks left out. Parts that nothing changes are hashed where they stand.
struct EditedHasher {
    private let bytes: UnsafeRawBufferPointer
    private let edits: JSONEdits
    /// In the order of the body.
    private let marks: [Range<Int>]
    private var scratch = ByteBuffer()

    init(_ bytes: UnsafeRawBufferPointer, edits: JSONEdits, marks: [Range<Int>]) {
        self.bytes = bytes
        self.edits = edits
        self.marks = marks
    }

    mutating func hash(_ span: Range<Int>, seed: UInt64) -> UInt64 {
        guard span.upperBound <= bytes.count else { return seed }
        var gaps: ArraySlice<Range<Int>> = []
        if !marks.isEmpty {
            let first = marks.firstInOrder { $0.lowerBound >= span.lowerBound }
            if first < marks.count, marks[first].lowerBound < span.upperBound { gaps = marks[first...] }
        }
        guard !gaps.isEmpty || !edits.isEmpty && edits.changes(span) else {
            return StableHash.hash(UnsafeRawBufferPointer(rebasing: bytes[span]), seed: seed)
        }
        // Only bytes in one piece hash as the unmarked prompt does.
        scratch.clear()
        edits.apply(to: bytes, in: span, without: gaps, into: &scratch)
        return scratch.withUnsafeReadableBytes { StableHash.hash($0, seed: seed) }
    }
}
