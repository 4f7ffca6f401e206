/// Where every part of one `multipart/form-data` body stands, made in a single pass and without copying any of it.
///
/// The index holds offsets only: every reading takes the bytes that were indexed. Given other bytes it answers nonsense, but
/// never reads outside them.
///
/// Reads what RFC 7578 and RFC 2046 (5.1.1) make of a form, and refuses what two parsers could read differently, so that the
/// vendor sees the fields that the gateway saw: text before the first boundary or behind the last, space after a boundary,
/// bare line breaks before one, folded headers, encoded parts, `name*`, character sets other than UTF-8. Parts of the same
/// name are accepted (`image[]` is meant to come often), see `firstDuplicate`.
package struct MultipartIndex: Sendable, Equatable {
    /// In the order of the body.
    package let parts: [MultipartPart]

    /// Linear in `bytes`, whatever they are.
    package init(
        _ bytes: UnsafeRawBufferPointer, boundary: MultipartBoundary, limits: MultipartLimits = .init()
    ) throws(MultipartError) {
        parts = try MultipartReader(bytes, delimiter: boundary.delimiter, limits: limits).read()
    }

    /// The first part of that name.
    package func part(_ name: StaticString, in bytes: UnsafeRawBufferPointer) -> MultipartPart? {
        parts.first { Self.slice($0.name, of: bytes).spells(name) }
    }

    /// Whether the part has that name.
    package func isNamed(_ part: MultipartPart, _ name: StaticString, in bytes: UnsafeRawBufferPointer) -> Bool {
        Self.slice(part.name, of: bytes).spells(name)
    }

    /// The second part of that name; nil where there is at most one. Two parsers may take either.
    package func firstDuplicate(_ name: StaticString, in bytes: UnsafeRawBufferPointer) -> MultipartPart? {
        var isSeen = false
        for part in parts where Self.slice(part.name, of: bytes).spells(name) {
            if isSeen { return part }
            isSeen = true
        }
        return nil
    }

    /// A part's content as text; nil where it is not UTF-8.
    package func text(_ part: MultipartPart, in bytes: UnsafeRawBufferPointer) -> String? {
        String(validating: Self.slice(part.content, of: bytes), as: UTF8.self)
    }

    /// The bytes in `range`; empty where it reaches beyond them.
    static func slice(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(rebasing: bytes[range])
    }
}
