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
    private static let contentName = hash("content")
    private static let typeName = hash("type")
    private static let textName = hash("text")
    private static let textTypes = [hash("text"), hash("input_text"), hash("output_text")]

    private let bytes: UnsafeRawBufferPointer
    /// nil: it says nothing of the bytes, which are then all there is to hash.
    private let index: JSONIndex?
    /// Those of `index`, which holds them.
    private let nodes: UnsafeBufferPointer<JSONNode>
    private let edits: JSONEdits
    /// In the order of the body.
    private let marks: [Range<Int>]
    /// Behind the value that was hashed last: most often the next one.
    private var nextNode = 0

    /// - Parameters:
    ///   - edits: what is changed in the body; none: values are hashed as the client sent them.
    ///   - marks: the client's cache marks, each with a comma, in the order of the body.
    init(_ source: PromptSource, edits: JSONEdits, marks: [Range<Int>]) {
        bytes = source.bytes
        index = source.form == nil ? nil : source.index
        nodes = source.index.nodes
        self.edits = edits
        self.marks = marks
    }

    /// Of a text by itself, with nothing to change and no marks.
    private init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        self.bytes = bytes
        self.index = index
        nodes = index.nodes
        edits = JSONEdits()
        marks = []
    }

    /// Of the value that stands in `span`; of its bytes where none does.
    mutating func hash(_ span: Range<Int>, seed: UInt64) -> UInt64 {
        guard let index, let position = position(of: span, in: index) else { return hashBytes(span, seed: seed) }
        nextNode = Int(node(position).next)
        // Edits that the walk has yet to come by.
        var pending = edits.isEmpty ? 0 : edits.count(in: span)
        let value = content(position, &pending)
        guard pending == 0 else { return hashEdited(span, seed: seed) }
        return StableHash.mix(seed, value)
    }

    private func position(of span: Range<Int>, in index: JSONIndex) -> Int? {
        if node(nextNode).span == span { return nextNode }
        guard let position = index.node(at: span.lowerBound), node(position).span == span else { return nil }
        return position
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
            let hasher = MeaningHasher(text, index: index)
            var pending = 0
            return index.elements(of: 0).reduce(seed) { StableHash.mix($0, hasher.content($1, &pending)) }
        }
    }

    // MARK: Values

    /// A list of nothing but one text means that text.
    private func content(_ position: Int, _ pending: inout Int) -> UInt64 {
        value(soleText(of: position) ?? position, &pending)
    }

    private func value(_ position: Int, _ pending: inout Int) -> UInt64 {
        let node = node(position)
        if pending > 0, let replaced = replacement(of: node, &pending) { return replaced }
        switch node.kind {
        case .string: return string(position, node, seed: Self.stringSeed)
        case .number:
            guard let index else { return Self.numberSeed }
            return index.respelledNumber(position, in: bytes).withUnsafeBytes { StableHash.hash($0, seed: Self.numberSeed) }
        case .true, .false, .null: return StableHash.mix(Self.numberSeed, UInt64(node.kind.rawValue))
        case .array:
            var hash = Self.arraySeed
            var child = position &+ 1
            while child < end(of: node) {
                hash = StableHash.mix(hash, value(child, &pending))
                child = max(child &+ 1, Int(nodes[child].next))
            }
            return hash
        case .object:
            var sum = Self.objectSeed
            var key = position &+ 1
            while key &+ 1 < end(of: node) {
                sum &+= member(key, &pending)
                key = max(key &+ 2, Int(nodes[key &+ 1].next))
            }
            return StableHash.mix(Self.objectSeed, sum)
        }
    }

    /// 0: it is a mark.
    private func member(_ key: Int, _ pending: inout Int) -> UInt64 {
        let node = node(key)
        guard !isMark(node) else { return 0 }
        let name = string(key, node, seed: Self.keySeed)
        let value = name == Self.contentName ? content(key &+ 1, &pending) : value(key &+ 1, &pending)
        return StableHash.mix(name, value)
    }

    private func string(_ position: Int, _ node: JSONNode, seed: UInt64) -> UInt64 {
        let (start, end) = (Int(node.start) &+ 1, Int(node.end) &- 1)
        if node.escaping != .other, start <= end, end < bytes.count {
            return StableHash.hash(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), seed: seed)
        }
        guard let index else { return seed }
        return index.respelledContent(position, in: bytes).withUnsafeReadableBytes { StableHash.hash($0, seed: seed) }
    }

    /// nil: no edit replaces just this value.
    private func replacement(of node: JSONNode, _ pending: inout Int) -> UInt64? {
        switch node.kind {
        case .string:
            guard let text = edits.replacement(of: node.span) else { return nil }
            pending -= 1
            // Put in by the Canonicalizer, in the one spelling.
            return text.withUnsafeReadableBytes {
                StableHash.hash(UnsafeRawBufferPointer(rebasing: $0.dropFirst().dropLast()), seed: Self.stringSeed)
            }
        case .object:
            // Respelled: it means what it meant.
            if edits.replacement(of: node.span) != nil { pending -= 1 }
            return nil
        case .array, .number, .true, .false, .null: return nil
        }
    }

    /// The text of a list that has one part, which is a text and nothing else; nil: it is another list.
    private func soleText(of list: Int) -> Int? {
        guard case .array = node(list).kind else { return nil }
        let part = list &+ 1
        let behind = end(of: node(list))
        guard part < behind, case .object = node(part).kind, end(of: node(part)) == behind else { return nil }
        var text: Int?
        var isText = false
        var key = part &+ 1
        while key &+ 1 < end(of: node(part)) {
            let value = node(key &+ 1)
            if !isMark(node(key)) {
                let name = string(key, node(key), seed: Self.keySeed)
                if name == Self.textName, case .string = value.kind {
                    text = key &+ 1
                } else if name == Self.typeName, Self.textTypes.contains(string(key &+ 1, value, seed: Self.keySeed)) {
                    isText = true
                } else {
                    return nil
                }
            }
            key = max(key &+ 2, Int(value.next))
        }
        return isText ? text : nil
    }

    private func isMark(_ key: JSONNode) -> Bool {
        guard !marks.isEmpty else { return false }
        let start = Int(key.start)
        let place = marks.firstInOrder { $0.upperBound > start }
        return place < marks.count && marks[place].contains(start)
    }

    // MARK: Nodes

    @inline(__always)
    private func node(_ position: Int) -> JSONNode {
        position >= 0 && position < nodes.count ? nodes[position] : .absent
    }

    /// Behind the last node of a container.
    @inline(__always)
    private func end(of container: JSONNode) -> Int { min(Int(container.next), nodes.count) }

    private static func hash(_ name: StaticString) -> UInt64 {
        StableHash.hash(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), seed: keySeed)
    }
}
