package import NIOCore

/// A JSON string as somebody wrote it: text that goes from one JSON text into another without being decoded.
///
/// Escapes stay as they came, so the text is byte-stable, and half a surrogate pair (`\ud83d`), as a stream may cut one,
/// survives. A slice: nothing is copied until it is written.
package struct JSONText: Sendable, Hashable {
    /// What stands between the quotes, escapes as written.
    package let content: ByteBuffer

    /// - Parameter content: what stood between the quotes of a valid JSON string, or a part of it that cuts no escape
    ///   and no UTF-8 sequence.
    package init(content: ByteBuffer) {
        self.content = content
    }

    /// Text of our own, escaped as JSON needs.
    package init(_ text: String) {
        var buffer = ByteBuffer()
        JSONEscape.write(text, into: &buffer)
        self.init(quoted: buffer)
    }

    /// Bytes that are text, a JSON text in a string for one, escaped as JSON needs; what is not UTF-8 becomes U+FFFD.
    package init(escaping bytes: ByteBuffer) {
        var buffer = ByteBuffer()
        bytes.withUnsafeReadableBytes { JSONEscape.write($0, into: &buffer) }
        self.init(quoted: buffer)
    }

    /// The string at `node` of `body`; nil for any other kind.
    ///
    /// - Parameter body: the bytes that `index` was read from.
    package init?(_ node: Int, of body: ByteBuffer, index: JSONIndex) {
        let span = index.span(node)
        guard index.kind(of: node) == .string, span.count >= 2,
            let slice = body.getSlice(at: body.readerIndex &+ span.lowerBound &+ 1, length: span.count &- 2)
        else { return nil }
        content = slice
    }

    private init(quoted: ByteBuffer) {
        content = quoted.getSlice(at: quoted.readerIndex &+ 1, length: max(0, quoted.readableBytes &- 2)) ?? ByteBuffer()
    }

    package static let empty = JSONText(content: ByteBuffer())

    package var isEmpty: Bool { content.readableBytes == 0 }

    /// Bytes between the quotes, escapes as written.
    package var byteCount: Int { content.readableBytes }

    /// Nothing but white space, however it is written.
    package var isBlank: Bool {
        content.withUnsafeReadableBytes { bytes in
            JSONDecodedBytes(bytes).allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        }
    }

    /// What it means, lone surrogates as U+FFFD.
    package var string: String {
        String(decoding: decoded.readableBytesView, as: UTF8.self)
    }

    /// What it means, as UTF-8: the slice itself where nothing is escaped.
    package var decoded: ByteBuffer {
        content.withUnsafeReadableBytes { bytes in
            guard bytes.contains(JSONByte.backslash) else { return content }
            var buffer = ByteBuffer()
            buffer.reserveCapacity(bytes.count)
            buffer.writeBytes(JSONDecodedBytes(bytes))
            return buffer
        }
    }

    /// Whether it means `expected`.
    package func means(_ expected: StaticString) -> Bool {
        content.withUnsafeReadableBytes { bytes in
            expected.withUTF8Buffer { JSONDecodedBytes(bytes).elementsEqual($0) }
        }
    }

    /// Both texts, one behind the other, with `separator` between them.
    ///
    /// - Parameter separator: as it stands between quotes: `\\n` for a line feed.
    package func joined(with other: JSONText, separator: StaticString) -> JSONText {
        if isEmpty { return other }
        if other.isEmpty { return self }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(byteCount &+ other.byteCount &+ separator.utf8CodeUnitCount)
        buffer.writeImmutableBuffer(content)
        buffer.writeStaticString(separator)
        buffer.writeImmutableBuffer(other.content)
        return JSONText(content: buffer)
    }
}

extension JSONText: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self.init(value) }
}

extension JSONWriter {
    /// A string written elsewhere, escapes as they came.
    package mutating func text(_ value: JSONText) {
        string(content: value.content)
    }

    package mutating func member(_ name: StaticString, _ value: JSONText) {
        key(name)
        text(value)
    }

    /// Nothing at all where there is no value.
    package mutating func member(_ name: StaticString, ifPresent value: JSONText?) {
        if let value { member(name, value) }
    }
}
