/// How large a text `JSONIndex` agrees to index. What lies beyond is refused before it costs memory.
package struct JSONLimits: Sendable, Equatable {
    /// Containers open at once; a text nested exactly so deep is read. Zero admits bare scalars only.
    package var maximumDepth: Int
    /// Values of any kind, keys included, sixteen bytes of index each.
    package var maximumNodes: Int
    /// Bytes of text. What the index's 32-bit offsets cannot address is refused even if this is larger.
    package var maximumBytes: Int

    package init(maximumDepth: Int = 128, maximumNodes: Int = 4_000_000, maximumBytes: Int = 1 << 30) {
        self.maximumDepth = maximumDepth
        self.maximumNodes = maximumNodes
        self.maximumBytes = maximumBytes
    }
}

/// Why a text has no index.
package enum JSONError: Error, Equatable {
    /// Not JSON (RFC 8259) or not UTF-8. `at` is the offset of the first byte that cannot stand where it does;
    /// the text's length when it ends too early.
    case invalid(at: Int)
    /// More containers open than `maximumDepth`. `at` is the offset of the bracket that was one too many.
    case tooDeep(at: Int)
    /// More values than `maximumNodes`.
    case tooManyNodes
    /// More bytes than `maximumBytes`; nothing was read.
    case tooLarge
}
