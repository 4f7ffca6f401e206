/// What separates the parts of a multipart form, as its content type names it (RFC 2046, 5.1.1).
package struct MultipartBoundary: Sendable, Equatable {
    /// Two hyphens and the boundary itself; 3 to 72 bytes, none of them CR or LF.
    let delimiter: [UInt8]

    /// - Parameter boundary: 1 to 70 of the characters that RFC 2046 allows, the last no space; nil for anything else.
    package init?(_ boundary: some Collection<UInt8>) {
        guard (1...70).contains(boundary.count), boundary.allSatisfy(Self.isAllowed) else { return nil }
        delimiter = [UInt8(ascii: "-"), UInt8(ascii: "-")] + boundary
        guard delimiter.last != JSONByte.space else { return nil }
    }

    /// Reads a `content-type` field's value.
    ///
    /// Stricter than RFC 2045 where parsers differ: an unquoted boundary is a token, a quoted one has no backslash, neither
    /// is given twice, and no character set but UTF-8 is named.
    package static func of(contentType: String) throws(MultipartError) -> MultipartBoundary {
        try Array(contentType.utf8).withUnsafeBufferPointer { bytes throws(MultipartError) in
            try of(contentType: UnsafeRawBufferPointer(bytes))
        }
    }

    /// Reads a `content-type` field's value, as with a string.
    package static func of(contentType: UnsafeRawBufferPointer) throws(MultipartError) -> MultipartBoundary {
        var fields = HeaderParameters(contentType)
        guard let type = fields.head(), type.equalsIgnoringCase("multipart/form-data") else { throw .notMultipart }
        var boundary: MultipartBoundary?
        while true {
            switch fields.next() {
            case .parameter(let name, let value, let isEscaped):
                if name.equalsIgnoringCase("boundary") {
                    guard boundary == nil, !isEscaped, let found = MultipartBoundary(value) else { throw .badBoundary }
                    boundary = found
                } else if name.equalsIgnoringCase("charset") {
                    guard value.isUTF8Name else { throw .charset }
                }
            case .end:
                guard let boundary else { throw .badBoundary }
                return boundary
            case .malformed: throw .badBoundary
            }
        }
    }

    /// `bchars` of RFC 2046.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "'")...UInt8(ascii: ")"),
            UInt8(ascii: "+")...UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "?"),
            UInt8(ascii: "_"), JSONByte.space:
            true
        default: false
        }
    }
}
