/// Where a cache mark can be put: it then covers the prompt up to this place and with it.
package struct PromptPlace: Sendable, Equatable {
    // Offsets as the index has them, so that messages stay small.
    private let start: UInt32
    private let end: UInt32
    /// A string; false: an object.
    package let isText: Bool

    package init(span: Range<Int>, isText: Bool) {
        start = UInt32(clamping: span.lowerBound)
        end = UInt32(clamping: span.upperBound)
        self.isText = isText
    }

    /// An object with members, to which the mark is added; or a string, quotes included, which must become a list of one
    /// part that bears the mark. Neither is empty.
    package var span: Range<Int> { Int(start)..<Int(max(start, end)) }
}

/// What a request itself says of its vendor's cache, and where a mark could be put besides the messages.
package struct PromptCaching: Sendable, Equatable {
    /// A bit for each of the view's first 64 `cacheMarks`, the lowest for the first: it asks for the longer of a vendor's two
    /// lives (`1h`, `12h`).
    package var longMarks: UInt64 = 0
    /// `cache_control` of the body itself, with a comma: the vendor marks the last block that can bear it (Anthropic).
    package var automaticMark: Range<Int>?
    /// The automatic mark asks for the longer life.
    package var isAutomaticMarkLong = false
    /// The last tool's definition, in forms whose definitions bear marks; nil: there is none, or it bears none.
    package var lastTool: Range<Int>?
    package var toolCount: UInt32 = 0
    /// The end of what `systemValue` holds; nil: it cannot be marked.
    package var system: PromptPlace?
    /// Parts of `systemValue`; a string is one.
    package var systemPartCount: UInt32 = 0
    /// `prompt_cache_key` is set.
    package var hasKey = false
    /// `prompt_cache_options.mode` is `explicit`: what the client does not mark is not to be cached.
    package var isExplicit = false

    package init() {}

    /// What the view's mark at `place` asks for.
    package func isLongMark(_ place: Int) -> Bool {
        place < 64 && longMarks & (1 << UInt64(place)) != 0
    }

    package mutating func noteMark(_ place: Int, isLong: Bool) {
        guard place < 64 else { return }
        longMarks = longMarks & ~(1 << UInt64(place)) | (isLong ? 1 << UInt64(place) : 0)
    }
}
