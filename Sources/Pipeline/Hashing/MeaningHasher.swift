import NIOCore
import Wire

/// Hashes messages and instructions by what they mean to a vendor, as they leave: in whatever order a client's encoder puts
/// members, however it escapes and spaces, and whether it gives one text as a string or as a list of one. Cache marks are left out.
///
/// Members are summed, so their order does not matter; everything else is hashed in its order. A string's bytes are hashed where
/// they stand unless it has escapes that others would spell otherwise. What the stages replace is hashed as it leaves; where they
/// changed a value in other ways, it is read anew.
struct MeaningHasher {
    private static let objectSeed: UInt64 = 0x6F62_6A65_6374_3131
    private static let arraySeed: UInt64 = 0x6172_7261_7931_3131
    private static let keySeed: UInt64 = 0x6B65_7931_3131_3131
    private static let stringSeed: UInt64 = 0x7374_7269_6E67_3131
    private static let numberSeed: UInt64 = 0x6E75_6D62_6572_3131

    private let bytes: UnsafeRawBufferPointer
    /// nil: it says nothing of the bytes, which are then all there is to hash.
    private let index: JSONIndex?
    private let edits: JSONEdits
    /// In the order of the body.
    private let marks: [Range<Int>]
    /// Edits that the walk has come by.
    private var seenEdits = 0

    /// - Parameters:
    ///   - edits: what is changed in the body; none: values are hashed as the client sent them.
    ///   - marks: the client's cache marks, each with a comma, in the order of the body.
    init(_ source: PromptSource, edits: JSONEdits, marks: [Range<Int>]) {
        bytes = source.bytes
        index = source.form == nil ? nil : source.index
        self.edits = edits
        self.marks = marks
    }

    /// Of a text by itself, with nothing to change and no marks.
    private init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        self.bytes = bytes
        self.index = index
        edits = JSONEdits()
        marks = []
    }

    /// Of the value that stands in `span`; of its bytes where none does.
    mutating func hash(_ span: Range<Int>, seed: UInt64) -> UInt64 {
        guard let index, let node = index.node(at: span.lowerBound), index.span(node) == span else {
            return hashBytes(span, seed: seed)
        }
        let count = edits.isEmpty ? 0 : edits.count(in: span)
        seenEdits = 0
        let value = content(node, of: index)
        guard seenEdits == count else { return hashEdited(span, seed: seed) }
        return StableHash.mix(seed, value)
    }

    /// Of bytes as they leave, in whose order there is meaning: tools.
    func hashBytes(_ span: Range<Int>, seed: UInt64) -> UInt64 {
        guard span.upperBound <= bytes.count else { return seed }
        guard changes(span) else { return StableHash.hash(UnsafeRawBufferPointer(rebasing: bytes[span]), seed: seed) }
        return edited(span).withUnsafeReadableBytes { StableHash.hash($0, seed: seed) }
    }

    private func changes(_ span: Range<Int>) -> Bool {
        let first = marks.firstInOrder { $0.lowerBound >= span.lowerBound }
        if first < marks.count, marks[first].lowerBound < span.upperBound { return true }
        return !edits.isEmpty && edits.changes(span)
    }

    private func edited(_ span: Range<Int>) -> ByteBuffer {
        let first = marks.firstInOrder { $0.lowerBound >= span.lowerBound }
        var text = ByteBuffer()
        edits.apply(to: bytes, in: span, without: marks[first...], into: &text)
        return text
    }

    /// Reads what leaves in place of `span`: a value, and perhaps others that were put in before it or behind.
    private func hashEdited(_ span: Range<Int>, seed: UInt64) -> UInt64 {
        var list = ByteBuffer(string: "[")
        list.writeImmutableBuffer(edited(span))
        list.writeString("]")
        return list.withUnsafeReadableBytes { text in
            var index = JSONIndex()
            do throws(JSONError) { try index.read(text) } catch { return hashBytes(span, seed: seed) }
            var hasher = MeaningHasher(text, index: index)
            return index.elements(of: 0).reduce(seed) { StableHash.mix($0, hasher.content($1, of: index)) }
        }
    }

    // MARK: Values

    /// A list of nothing but one text means that text.
    private mutating func content(_ node: Int, of index: JSONIndex) -> UInt64 {
        value(index.kind(of: node) == .array ? soleText(of: node, index) ?? node : node, of: index)
    }

    private mutating func value(_ node: Int, of index: JSONIndex) -> UInt64 {
        if !edits.isEmpty, let replaced = replacement(of: node, index) { return replaced }
        switch index.kind(of: node) {
        case .string: return index.withSpelledContent(node, in: bytes) { StableHash.hash($0, seed: Self.stringSeed) }
        case .number: return index.withSpelledNumber(node, in: bytes) { StableHash.hash($0, seed: Self.numberSeed) }
        case .true, .false, .null: return StableHash.mix(Self.numberSeed, UInt64(index.kind(of: node).rawValue))
        case .array:
            var hash = Self.arraySeed
            for element in index.elements(of: node) { hash = StableHash.mix(hash, value(element, of: index)) }
            return hash
        case .object:
            var sum = Self.objectSeed
            for (key, member) in index.members(of: node) where !isMark(key, index) {
                let name = index.withSpelledContent(key, in: bytes) { StableHash.hash($0, seed: Self.keySeed) }
                let isContent = index.stringEquals(key, "content", in: bytes)
                sum &+= StableHash.mix(name, isContent ? content(member, of: index) : value(member, of: index))
            }
            return StableHash.mix(Self.objectSeed, sum)
        }
    }

    /// nil: no edit replaces just this value.
    private mutating func replacement(of node: Int, _ index: JSONIndex) -> UInt64? {
        switch index.kind(of: node) {
        case .string:
            // Put in by the Canonicalizer, in the one spelling.
            let hash = edits.withReplacement(of: index.span(node)) { text in
                StableHash.hash(UnsafeRawBufferPointer(rebasing: text.dropFirst().dropLast()), seed: Self.stringSeed)
            }
            if hash != nil { seenEdits += 1 }
            return hash
        case .object:
            // Respelled: it means what it meant.
            if edits.withReplacement(of: index.span(node), { _ in }) != nil { seenEdits += 1 }
            return nil
        case .array, .number, .true, .false, .null: return nil
        }
    }

    private func isMark(_ key: Int, _ index: JSONIndex) -> Bool {
        guard !marks.isEmpty else { return false }
        let start = index.span(key).lowerBound
        let place = marks.firstInOrder { $0.upperBound > start }
        return place < marks.count && marks[place].contains(start)
    }

    /// The text of a list that has one part, which is a text and nothing else; nil: it is another list.
    private func soleText(of list: Int, _ index: JSONIndex) -> Int? {
        var parts = index.elements(of: list)
        guard let part = parts.next(), parts.next() == nil, index.kind(of: part) == .object else { return nil }
        var text: Int?
        var isText = false
        for (key, value) in index.members(of: part) where !isMark(key, index) {
            if index.stringEquals(key, "text", in: bytes), index.kind(of: value) == .string {
                text = value
            } else if index.stringEquals(key, "type", in: bytes), Self.isTextType(value, index, bytes) {
                isText = true
            } else {
                return nil
            }
        }
        return isText ? text : nil
    }

    private static func isTextType(_ value: Int, _ index: JSONIndex, _ bytes: UnsafeRawBufferPointer) -> Bool {
        index.stringEquals(value, "text", in: bytes) || index.stringEquals(value, "input_text", in: bytes)
            || index.stringEquals(value, "output_text", in: bytes)
    }
}
