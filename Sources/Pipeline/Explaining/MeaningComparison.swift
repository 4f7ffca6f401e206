import NIOCore
import Wire

/// Reads two JSON values side by side as a vendor renders them, up to the first place where they mean something else: members
/// in one order whatever the text's, escapes decoded, numbers in one spelling, cache marks and what the stages take out passed over,
/// a text the same as a list of that one text.
struct MeaningComparison {
    /// One of the two texts.
    struct Side {
        let bytes: UnsafeRawBufferPointer
        /// Of `bytes`.
        let index: JSONIndex
        /// What the stages change.
        let edits: JSONEdits
        /// What they take out, in the order of the text.
        let removals: [Range<Int>]
        let attachments: [PromptAttachment]

        init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex, edits: JSONEdits, attachments: [PromptAttachment]) {
            self.bytes = bytes
            self.index = index
            self.edits = edits
            removals = edits.removals
            self.attachments = attachments
        }

        func raw(_ node: Int) -> Slice<UnsafeRawBufferPointer> { bytes[index.span(node)] }

        func isRemoved(_ node: Int) -> Bool {
            let span = index.span(node)
            return removals.contains { $0.lowerBound <= span.lowerBound && span.upperBound <= $0.upperBound }
        }

        func losesSomething(_ node: Int) -> Bool {
            let span = index.span(node)
            return removals.contains { $0.overlaps(span) }
        }

        func quarters(_ span: Range<Int>) -> Int64 {
            TokenEstimate.quarters(span, in: bytes, attachments: attachments)
        }
    }

    /// Offsets of the first byte on each side that means something else, or of where the shorter one ends.
    struct Difference: Equatable {
        let first: Int
        let second: Int
    }

    let first: Side
    let second: Side
    /// Quarter tokens of the second side's text that were found to mean the same.
    private(set) var commonQuarters: Int64 = 0

    init(_ first: Side, _ second: Side) {
        self.first = first
        self.second = second
    }

    /// nil: the values mean the same.
    mutating func compare(_ one: Int, _ other: Int) -> Difference? {
        if first.raw(one).elementsEqual(second.raw(other)), !first.losesSomething(one), !second.losesSomething(other) {
            count(second.index.span(other))
            return nil
        }
        switch (first.index.kind(of: one), second.index.kind(of: other)) {
        case (.object, .object): return compareMembers(one, other)
        case (.array, .array): return compareElements(elements(one, first), elements(other, second), ends: ends(one, other))
        case (.string, .string): return compareTexts(one, other)
        case (.number, .number):
            guard number(one, first) == number(other, second) else { return starts(one, other) }
            count(second.index.span(other))
            return nil
        case (.string, .array):
            guard let text = onlyText(of: other, second) else { return starts(one, other) }
            return compareTexts(one, text)
        case (.array, .string):
            guard let text = onlyText(of: one, first) else { return starts(one, other) }
            return compareTexts(text, other)
        default: return starts(one, other)
        }
    }

    /// Lists of tools, in the order of their names, as the stages send them.
    mutating func compareTools(_ one: Int, _ other: Int) -> Difference? {
        compareElements(tools(one, first), tools(other, second), ends: ends(one, other))
    }

    private mutating func count(_ span: Range<Int>) { commonQuarters &+= second.quarters(span) }

    private func starts(_ one: Int, _ other: Int) -> Difference {
        Difference(first: first.index.span(one).lowerBound, second: second.index.span(other).lowerBound)
    }

    private func number(_ node: Int, _ side: Side) -> [UInt8] {
        side.index.respelledNumber(node, in: side.bytes)
    }

    /// The last byte of each value: its bracket or quote.
    private func ends(_ one: Int, _ other: Int) -> Difference {
        Difference(
            first: max(0, first.index.span(one).upperBound - 1), second: max(0, second.index.span(other).upperBound - 1))
    }

    // MARK: Objects

    private struct Member {
        let key: Int
        let value: Int
        let name: String

        /// What speaks and what it is come before what is said.
        private static let leading = ["role", "type", "name", "id"]

        static func precedes(_ one: Member, _ other: Member) -> Bool {
            let ranks = (rank(one.name), rank(other.name))
            return ranks.0 == ranks.1 ? one.name < other.name : ranks.0 < ranks.1
        }

        private static func rank(_ name: String) -> Int { leading.firstIndex(of: name) ?? leading.count }
    }

    private func members(_ object: Int, _ side: Side) -> [Member] {
        side.index.members(of: object).compactMap { key, value -> Member? in
            let name = side.index.string(key, in: side.bytes) ?? ""
            guard name != "cache_control", name != "prompt_cache_breakpoint", !side.isRemoved(value) else { return nil }
            return Member(key: key, value: value, name: name)
        }.sorted(by: Member.precedes)
    }

    private mutating func compareMembers(_ one: Int, _ other: Int) -> Difference? {
        let members = (members(one, first), members(other, second))
        for (mine, theirs) in zip(members.0, members.1) {
            guard mine.name == theirs.name else { return starts(mine.key, theirs.key) }
            count(second.index.span(theirs.key))
            if let difference = compare(mine.value, theirs.value) { return difference }
        }
        let common = min(members.0.count, members.1.count)
        guard members.0.count != members.1.count else { return nil }
        let ends = ends(one, other)
        return Difference(
            first: members.0.count > common ? first.index.span(members.0[common].key).lowerBound : ends.first,
            second: members.1.count > common ? second.index.span(members.1[common].key).lowerBound : ends.second)
    }

    // MARK: Lists

    private func elements(_ list: Int, _ side: Side) -> [Int] {
        side.index.elements(of: list).filter { !side.isRemoved($0) }
    }

    private func tools(_ list: Int, _ side: Side) -> [Int] {
        let named = elements(list, side).map { tool -> (node: Int, name: String) in
            let function = side.index.member("function", of: tool, in: side.bytes) ?? tool
            let name =
                side.index.member("name", of: function, in: side.bytes)
                ?? side.index.member("type", of: tool, in: side.bytes)
            return (tool, name.flatMap { side.index.string($0, in: side.bytes) } ?? "")
        }
        return named.sorted { $0.name == $1.name ? $0.node < $1.node : $0.name < $1.name }.map(\.node)
    }

    private mutating func compareElements(_ ours: [Int], _ theirs: [Int], ends: Difference) -> Difference? {
        for (one, other) in zip(ours, theirs) {
            if let difference = compare(one, other) { return difference }
        }
        let common = min(ours.count, theirs.count)
        guard ours.count != theirs.count else { return nil }
        return Difference(
            first: ours.count > common ? first.index.span(ours[common]).lowerBound : ends.first,
            second: theirs.count > common ? second.index.span(theirs[common]).lowerBound : ends.second)
    }

    /// The text of a list that holds nothing but one text.
    private func onlyText(of list: Int, _ side: Side) -> Int? {
        let parts = elements(list, side)
        guard parts.count == 1, let part = parts.first else { return nil }
        let members = members(part, side)
        guard let text = members.first(where: { $0.name == "text" }),
            members.allSatisfy({ $0.name == "text" || $0.name == "type" })
        else { return nil }
        return text.value
    }

    // MARK: Texts

    private mutating func compareTexts(_ one: Int, _ other: Int) -> Difference? {
        guard first.index.kind(of: one) == .string, second.index.kind(of: other) == .string else {
            return starts(one, other)
        }
        // Calls' arguments are texts that the stages spell in one way.
        let spelled = (spelling(of: one, first), spelling(of: other, second))
        if spelled.0 != nil || spelled.1 != nil,
            spelled.0 ?? Array(first.raw(one)) == spelled.1 ?? Array(second.raw(other))
        {
            count(second.index.span(other))
            return nil
        }
        let texts = (DecodedText(one, first), DecodedText(other, second))
        let common = zip(texts.0.bytes, texts.1.bytes).prefix { $0 == $1 }.count
        let span = second.index.span(other)
        guard common < texts.0.bytes.count || common < texts.1.bytes.count else {
            count(span)
            return nil
        }
        let ends = ends(one, other)
        let difference = Difference(
            first: common < texts.0.bytes.count ? Int(texts.0.offsets[common]) : ends.first,
            second: common < texts.1.bytes.count ? Int(texts.1.offsets[common]) : ends.second)
        count(span.lowerBound..<max(span.lowerBound, difference.second))
        return difference
    }

    /// What the stages put in a text's place; nil: it stays.
    private func spelling(of node: Int, _ side: Side) -> [UInt8]? {
        side.edits.replacement(of: side.index.span(node)).map { Array($0.readableBytesView) }
    }

    /// A string's meaning, what is removed of it left out, and where in the text each byte of it stands.
    private struct DecodedText {
        private(set) var bytes: [UInt8] = []
        private(set) var offsets: [UInt32] = []

        init(_ node: Int, _ side: Side) {
            let span = side.index.span(node)
            let end = max(span.lowerBound, span.upperBound - 1)
            var removals = side.removals.filter { $0.overlaps(span) }[...]
            var position = span.lowerBound + 1
            while position < end {
                if let removal = removals.first, removal.lowerBound <= position {
                    removals = removals.dropFirst()
                    position = max(position, removal.upperBound)
                    continue
                }
                let length = Self.unit(at: position, in: side.bytes, end: end)
                if length == 1 {
                    append(side.bytes[position], position)
                } else {
                    for byte in Self.decoded(side.bytes[position..<(position + length)]) { append(byte, position) }
                }
                position += length
            }
        }

        private mutating func append(_ byte: UInt8, _ offset: Int) {
            bytes.append(byte)
            offsets.append(UInt32(clamping: offset))
        }

        /// Bytes of an escape, of a pair of surrogates written as two, or 1.
        private static func unit(at position: Int, in bytes: UnsafeRawBufferPointer, end: Int) -> Int {
            func isUnicode(_ place: Int) -> Bool {
                place + 6 <= end && bytes[place] == UInt8(ascii: "\\") && bytes[place + 1] == UInt8(ascii: "u")
            }
            guard bytes[position] == UInt8(ascii: "\\"), position + 1 < end else { return 1 }
            guard isUnicode(position) else { return 2 }
            let isHigh = bytes[position + 2] | 0x20 == UInt8(ascii: "d") && "89abAB".utf8.contains(bytes[position + 3])
            let isPair = isHigh && isUnicode(position + 6) && bytes[position + 8] | 0x20 == UInt8(ascii: "d")
            return isPair ? 12 : 6
        }

        private static func decoded(_ escape: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
            let quoted = [UInt8(ascii: "\"")] + escape + [UInt8(ascii: "\"")]
            var index = JSONIndex()
            return quoted.withUnsafeBytes { bytes in
                guard (try? index.read(bytes)) != nil, let text = index.string(0, in: bytes) else { return [] }
                return Array(text.utf8)
            }
        }
    }
}
