package import NIOCore

/// A range of a head's bytes.
package struct HTTP1Span: Sendable, Equatable {
    package var start: UInt32
    package var end: UInt32

    init(_ range: Range<Int>) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        end = UInt32(truncatingIfNeeded: range.upperBound)
    }

    package var range: Range<Int> { Int(start)..<max(Int(start), Int(end)) }
}

/// How a message's body is delimited.
package enum HTTP1BodyFraming: Sendable, Equatable {
    case none
    case length(Int)
    case chunked
    /// Responses only: the body ends with the connection.
    case untilClose
}

/// A checked head's bytes, and the means to read spans of it. Shares its memory with the buffer it was read from.
package protocol HTTP1Head: Sendable {
    /// The head alone, from its start line to its blank line.
    var bytes: ByteBuffer { get }
}

extension HTTP1Head {
    package func withBytes<Result>(of span: HTTP1Span, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeReadableBytes { whole in
            let range = span.range.clamped(to: 0..<whole.count)
            return body(UnsafeRawBufferPointer(rebasing: whole[range]))
        }
    }

    package func string(_ span: HTTP1Span) -> String {
        withBytes(of: span) { String(decoding: $0, as: UTF8.self) }
    }

    /// Calls `body` with each field's name and value, in order. Slow; for what is rarely needed.
    package func forEachField(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeReadableBytes { whole in
            var fields = HTTP1Fields(whole, from: HTTP1Bytes.firstLine(whole).upperBound + 2)
            while let field = try? fields.next() {
                body(
                    UnsafeRawBufferPointer(rebasing: whole[field.name]),
                    UnsafeRawBufferPointer(rebasing: whole[field.value]))
            }
        }
    }

    /// All values of the field in their order, commas between them, as one line would have them (RFC 9110, section 5.3); nil:
    /// there is none.
    package func values(of lowercaseName: StaticString) -> String? {
        var found: String?
        forEachField { name, value in
            guard HTTP1Bytes.equals(name, 0..<name.count, lowercaseName) else { return }
            let text = String(decoding: value, as: UTF8.self)
            found = found.map { $0 + "," + text } ?? text
        }
        return found
    }

    /// The first value of the field, named in lower case; nil: there is none.
    package func value(of lowercaseName: StaticString) -> String? {
        var found: String?
        forEachField { name, value in
            if found == nil, HTTP1Bytes.equals(name, 0..<name.count, lowercaseName) {
                found = String(decoding: value, as: UTF8.self)
            }
        }
        return found
    }
}
