import NIOCore
import Wire

/// A JSON text being read: its bytes, where its values stand, and slices of it. Valid while its bytes are.
struct ResponsesText {
    let body: ByteBuffer
    /// What `body` holds.
    let bytes: UnsafeRawBufferPointer
    /// Of `bytes`.
    let index: JSONIndex

    /// The member's value; nil where it is absent or null.
    func member(_ name: StaticString, of object: Int) -> Int? {
        guard let value = index.member(name, of: object, in: bytes), index.kind(of: value) != .null else { return nil }
        return value
    }

    func kind(_ node: Int) -> JSONKind { index.kind(of: node) }

    func equals(_ node: Int, _ expected: StaticString) -> Bool { index.stringEquals(node, expected, in: bytes) }

    func string(_ node: Int) -> String { index.string(node, in: bytes) ?? "" }

    func text(_ node: Int) -> JSONText? { JSONText(node, of: body, index: index) }

    /// A member that is a string; nil where it is absent or anything else.
    func text(_ name: StaticString, of object: Int) -> JSONText? { member(name, of: object).flatMap(text) }

    func fragment(_ node: Int) -> JSONFragment { JSONFragment(node, of: body, index: index) }

    /// A number of seconds, its fraction cut off; nil where it is none that a clock would show.
    func seconds(_ node: Int) -> Int64? {
        if let whole = index.int64(node, in: bytes) { return whole }
        return index.double(node, in: bytes).flatMap { Int64(exactly: $0.rounded(.down)) }
    }
}

/// A text gathered of pieces.
struct TextGatherer {
    private var buffer = ByteBuffer()

    var isEmpty: Bool { buffer.readableBytes == 0 }

    /// - Parameter separator: between pieces, as it stands between quotes.
    mutating func append(_ text: JSONText, separator: StaticString = "") {
        guard !text.isEmpty else { return }
        if buffer.readableBytes > 0 { buffer.writeStaticString(separator) }
        buffer.writeImmutableBuffer(text.content)
    }

    var text: JSONText { JSONText(content: buffer) }
}
