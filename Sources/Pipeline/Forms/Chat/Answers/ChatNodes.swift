import NIOCore
import Wire

/// An answer's text being read: its bytes, where its values stand, and slices of it. Valid while its bytes are.
struct ChatNodes {
    let body: ByteBuffer
    /// What `body` holds.
    let bytes: UnsafeRawBufferPointer
    /// Of `bytes`.
    let index: JSONIndex

    func kind(_ node: Int) -> JSONKind { index.kind(of: node) }

    func means(_ node: Int, _ expected: StaticString) -> Bool { index.stringEquals(node, expected, in: bytes) }

    /// A string as it was written; nil for an empty one and for any other kind.
    func text(_ node: Int?) -> JSONText? {
        guard let node, let text = JSONText(node, of: body, index: index), !text.isEmpty else { return nil }
        return text
    }

    func number(_ node: Int?) -> Int64? { node.flatMap { index.int64($0, in: bytes) } }

    func fragment(_ node: Int) -> JSONFragment { JSONFragment(node, of: body, index: index) }

    /// An array's values; none for any other kind.
    func elements(_ array: Int?) -> JSONElements { index.elements(of: array ?? -1) }

    /// A container of nothing; true too for what is no container.
    func isEmpty(_ container: Int) -> Bool { Int(index[container].next) == container &+ 1 }

    /// A container of exactly one value.
    func isSingle(_ array: Int) -> Bool { !isEmpty(array) && index[array &+ 1].next == index[array].next }

    /// Made of all that was said: what tells one answer from another where it has no id.
    var seed: UInt64 { ChatAnswerReader.seed(bytes) }

    /// An object's members; none for any other kind.
    func members(_ object: Int?) -> ChatAnswerMembers { ChatAnswerMembers(of: object ?? -1, in: bytes, index: index) }
}
