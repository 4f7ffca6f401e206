/// Where one part of a form stands: offsets into the body.
package struct MultipartPart: Sendable, Equatable {
    /// From the boundary before it to its last byte.
    package var span: Range<Int>
    /// Its name without quotes; never empty, UTF-8.
    package var name: Range<Int>
    /// Without quotes, escapes as written; empty for `filename=""`. nil: the part is a text field.
    package var filename: Range<Int>?
    /// Its `Content-Type`; nil: none is given.
    package var contentType: Range<Int>?
    /// What the part holds, the line break before the next boundary left out.
    package var content: Range<Int>
}

/// How large a form `MultipartIndex` agrees to index.
package struct MultipartLimits: Sendable, Equatable {
    package var maximumParts: Int
    /// Bytes of one part's head, its blank line included.
    package var maximumHeadBytes: Int
    /// Header lines of one part.
    package var maximumHeaders: Int

    package init(maximumParts: Int = 256, maximumHeadBytes: Int = 4_096, maximumHeaders: Int = 16) {
        self.maximumParts = maximumParts
        self.maximumHeadBytes = maximumHeadBytes
        self.maximumHeaders = maximumHeaders
    }
}
