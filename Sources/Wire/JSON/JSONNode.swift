/// What a JSON value is.
package enum JSONKind: UInt8, Sendable {
    case object, array, string, number, `true`, `false`, null
}

/// How a string is escaped.
package enum JSONEscaping: UInt8, Sendable {
    /// Not at all: its text is its meaning.
    case none
    /// With a backslash and a letter, quote or backslash alone: every writer that spares escapes spells it so.
    case shortest
    /// With code units, or an escape that is not needed, too.
    case other
}

/// One value of an indexed text: where it stands and where its successor is. Sixteen bytes in an array.
///
/// Nodes are in the order of the text. A container's first child is the node after it; a child's sibling is its `next`;
/// an object's children alternate key (a string) and value.
package struct JSONNode: Sendable, Equatable {
    /// Offset of the value's first byte: its quote or bracket where it has one.
    package var start: UInt32
    /// Offset after the value's last byte.
    package var end: UInt32
    /// Index of the node after this value and everything in it; the index's `count` where there is none.
    package var next: UInt32
    package var kind: JSONKind
    /// A string's; `.none` for every other kind.
    package var escaping: JSONEscaping

    init(start: UInt32, end: UInt32, next: UInt32, kind: JSONKind, escaping: JSONEscaping = .none) {
        self.start = start
        self.end = end
        self.next = next
        self.kind = kind
        self.escaping = escaping
    }

    /// A string with at least one backslash: its text is not its meaning.
    package var hasEscapes: Bool { escaping != .none }

    /// The value's bytes, quotes and brackets included.
    package var span: Range<Int> { Int(start)..<Int(max(start, end)) }

    /// What stands for a node that does not exist: a null of no bytes.
    package static let absent = JSONNode(start: 0, end: 0, next: 0, kind: .null)
}
