import NIOCore
import Wire

/// A value of an indexed body with the means to walk it: what the readers of forms are written in.
struct JSONView {
    let body: ByteBuffer
    let index: JSONIndex
    let node: Int

    /// The whole text, indexed; nil: it is no JSON.
    ///
    /// - Parameter index: scratch; holds the body's index afterwards.
    init?(_ body: ByteBuffer, index: inout JSONIndex) {
        do throws(JSONError) {
            try body.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
        } catch {
            return nil
        }
        self.init(body: body, index: index, node: 0)
    }

    init(body: ByteBuffer, index: JSONIndex, node: Int) {
        self.body = body
        self.index = index
        self.node = node
    }

    var kind: JSONKind { index.kind(of: node) }
    var isObject: Bool { kind == .object }
    var span: Range<Int> { index.span(node) }
    var fragment: JSONFragment { JSONFragment(node, of: body, index: index) }
    /// A string as it was written; nil for any other kind.
    var text: JSONText? { JSONText(node, of: body, index: index) }
    /// A string's meaning; nil for any other kind.
    var string: String? { body.withUnsafeReadableBytes { index.string(node, in: $0) } }
    var int64: Int64? { body.withUnsafeReadableBytes { index.int64(node, in: $0) } }
    var bool: Bool? { index.bool(node) }

    /// The value of a member; nil: there is none, it is null, or this is no object.
    subscript(_ name: StaticString) -> JSONView? {
        guard let value = body.withUnsafeReadableBytes({ index.member(name, of: node, in: $0) }),
            index.kind(of: value) != .null
        else { return nil }
        return JSONView(body: body, index: index, node: value)
    }

    /// An array's values; none for any other kind.
    var elements: [JSONView] { index.elements(of: node).map { JSONView(body: body, index: index, node: $0) } }

    /// An object's members, nulls left out; none for any other kind.
    var members: [(name: String, value: JSONView)] {
        index.members(of: node).compactMap { key, value in
            guard index.kind(of: value) != .null,
                let name = body.withUnsafeReadableBytes({ index.string(key, in: $0) })
            else { return nil }
            return (name, JSONView(body: body, index: index, node: value))
        }
    }

    func means(_ expected: StaticString) -> Bool {
        body.withUnsafeReadableBytes { index.stringEquals(node, expected, in: $0) }
    }

    /// Members that are in none of `known`, by name.
    func others(than known: Set<String>, prefix: String = "") -> [OtherField] {
        members.filter { !known.contains($0.name) }.map { OtherField(name: prefix + $0.name, value: $0.value.fragment) }
    }
}
