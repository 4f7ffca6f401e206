import NIOCore
import Wire

/// A value of an indexed body with the means to walk it: what the readers of forms are written in.
struct JSONView {
    /// The body and its index, held once by all its values: a view costs one reference.
    private final class Document: Sendable {
        let body: ByteBuffer
        let index: JSONIndex

        init(body: ByteBuffer, index: JSONIndex) {
            self.body = body
            self.index = index
        }
    }

    private let document: Document
    let node: Int

    /// The whole text, indexed; nil: it is no JSON.
    ///
    /// - Parameters:
    ///   - isIndexed: `index` holds the body's index already.
    ///   - index: scratch otherwise; holds the body's index afterwards.
    init?(_ body: ByteBuffer, isIndexed: Bool = false, index: inout JSONIndex) {
        if !isIndexed {
            do throws(JSONError) {
                try body.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
            } catch {
                return nil
            }
        }
        self.init(body: body, index: index, node: 0)
    }

    init(body: ByteBuffer, index: JSONIndex, node: Int) {
        document = Document(body: body, index: index)
        self.node = node
    }

    private init(_ document: Document, _ node: Int) {
        self.document = document
        self.node = node
    }

    /// Another value of the same body.
    func at(_ node: Int) -> JSONView { JSONView(document, node) }

    var body: ByteBuffer { document.body }
    var index: JSONIndex { document.index }

    var kind: JSONKind { document.index.kind(of: node) }
    var isObject: Bool { kind == .object }
    var span: Range<Int> { document.index.span(node) }
    var fragment: JSONFragment { JSONFragment(node, of: body, index: index) }
    /// A string as it was written; nil for any other kind.
    var text: JSONText? { JSONText(node, of: body, index: index) }
    /// A string's meaning; nil for any other kind.
    var string: String? { body.withUnsafeReadableBytes { index.string(node, in: $0) } }
    var int64: Int64? { body.withUnsafeReadableBytes { index.int64(node, in: $0) } }
    var bool: Bool? { index.bool(node) }

    /// The value of a member; nil: there is none, it is null, or this is no object.
    subscript(_ name: StaticString) -> JSONView? {
        guard let value = document.body.withUnsafeReadableBytes({ document.index.member(name, of: node, in: $0) }),
            document.index.kind(of: value) != .null
        else { return nil }
        return JSONView(document, value)
    }

    /// An array's values; none for any other kind.
    var elements: [JSONView] {
        var elements: [JSONView] = []
        elements.reserveCapacity(4)
        for element in document.index.elements(of: node) { elements.append(JSONView(document, element)) }
        return elements
    }

    /// An object's members, nulls left out; none for any other kind.
    var members: [(name: String, value: JSONView)] {
        document.index.members(of: node).compactMap { key, value in
            guard document.index.kind(of: value) != .null,
                let name = document.body.withUnsafeReadableBytes({ document.index.string(key, in: $0) })
            else { return nil }
            return (name, JSONView(document, value))
        }
    }

    func means(_ expected: StaticString) -> Bool {
        body.withUnsafeReadableBytes { index.stringEquals(node, expected, in: $0) }
    }

    /// Members that are in none of `known`, by name, nulls left out.
    func others(than known: FieldNames, prefix: String = "") -> [OtherField] {
        others(prefix: prefix, isKnown: known.contains, name: \.self)
    }

    /// - Parameters:
    ///   - isKnown: asked with a key's text, escapes as written.
    ///   - name: the key's meaning as it is to be told.
    func others(
        prefix: String, isKnown: (UnsafeRawBufferPointer) -> Bool, name: (String) -> String
    ) -> [OtherField] {
        document.body.withUnsafeReadableBytes { bytes in
            var fields: [OtherField] = []
            for (key, value) in document.index.members(of: node) where document.index.kind(of: value) != .null {
                let quoted = document.index.span(key)
                guard quoted.count >= 2,
                    !isKnown(UnsafeRawBufferPointer(rebasing: bytes[(quoted.lowerBound + 1)..<(quoted.upperBound - 1)])),
                    let key = document.index.string(key, in: bytes)
                else { continue }
                fields.append(OtherField(name: prefix + name(key), value: JSONView(document, value).fragment))
            }
            return fields
        }
    }
}
