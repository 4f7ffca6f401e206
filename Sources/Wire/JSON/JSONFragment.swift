package import NIOCore

/// One JSON value as somebody wrote it, to be spliced into another text: numbers keep their spelling, objects their order.
package struct JSONFragment: Sendable, Hashable {
    /// Exactly one JSON value, no white space around it.
    package let bytes: ByteBuffer
    package let kind: JSONKind

    /// - Parameter bytes: one valid JSON value of kind `kind`.
    package init(trusted bytes: ByteBuffer, kind: JSONKind) {
        self.bytes = bytes
        self.kind = kind
    }

    /// The value at `node` of `body`, the bytes that `index` was read from.
    package init(_ node: Int, of body: ByteBuffer, index: JSONIndex) {
        let span = index.span(node)
        let slice = body.getSlice(at: body.readerIndex &+ span.lowerBound, length: span.count) ?? Self.null.bytes
        bytes = Self.onOneLine(slice)
        kind = span.isEmpty ? .null : index.kind(of: node)
    }

    /// Line ends between a value's parts become spaces: it may be spliced into an event, whose data a line end would cut.
    private static func onOneLine(_ value: ByteBuffer) -> ByteBuffer {
        guard value.withUnsafeReadableBytes(JSONStringScan.containsLineEnd) else { return value }
        return ByteBuffer(bytes: value.readableBytesView.map { $0 == 0x0A || $0 == 0x0D ? JSONByte.space : $0 })
    }

    /// A value that `body` writes.
    package init(kind: JSONKind, _ body: (inout JSONWriter) -> Void) {
        var buffer = ByteBuffer()
        JSONWriter.write(into: &buffer, body)
        self.init(trusted: buffer, kind: kind)
    }

    /// The JSON text that a string holds, checked; nil where it holds none, or not exactly one.
    ///
    /// - Parameter index: scratch; holds the inner text's index afterwards.
    package init?(parsing text: JSONText, index: inout JSONIndex) {
        let inner = text.decoded
        do throws(JSONError) {
            try inner.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
        } catch {
            return nil
        }
        self.init(0, of: inner, index: index)
    }

    package static let null = JSONFragment(trusted: ByteBuffer(staticString: "null"), kind: .null)
    package static let emptyObject = JSONFragment(trusted: ByteBuffer(staticString: "{}"), kind: .object)

    package static func integer(_ value: Int64) -> JSONFragment {
        JSONFragment(kind: .number) { $0.integer(value) }
    }

    /// The value's bytes inside a JSON string.
    package var asText: JSONText { JSONText(escaping: bytes) }

    /// A string's text; nil for any other kind.
    package var text: JSONText? {
        guard kind == .string else { return nil }
        return bytes.getSlice(at: bytes.readerIndex &+ 1, length: max(0, bytes.readableBytes &- 2)).map { JSONText(content: $0) }
    }
}

extension JSONWriter {
    package mutating func fragment(_ value: JSONFragment) { raw(value.bytes) }

    package mutating func member(_ name: StaticString, _ value: JSONFragment) {
        key(name)
        fragment(value)
    }

    /// Nothing at all where there is no value.
    package mutating func member(_ name: StaticString, ifPresent value: JSONFragment?) {
        if let value { member(name, value) }
    }

    /// Nothing at all where there is no value.
    package mutating func member(_ name: StaticString, ifPresent value: Int64?) {
        if let value { member(name, value) }
    }

    /// Nothing at all where there is no value.
    package mutating func member(_ name: StaticString, ifPresent value: Bool?) {
        if let value { member(name, value) }
    }
}
