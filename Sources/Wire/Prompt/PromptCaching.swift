/// Where a cache mark can be put: it then covers the prompt up to this place and with it.
package struct PromptPlace: Sendable, Equatable {
    /// An object with members, to which the mark is added; or a string, quotes included, which must become a list of one
    /// part that bears the mark. Neither is empty.
    package var span: Range<Int>
    /// A string; false: an object.
    package var isText: Bool

    package init(span: Range<Int>, isText: Bool) {
        self.span = span
        self.isText = isText
    }
}

/// What a request itself says of its vendor's cache, and where a mark could be put besides the messages.
package struct PromptCaching: Sendable, Equatable {
    /// For each of the view's `cacheMarks`: it asks for the longer of a vendor's two lives (`1h`, `12h`).
    package var longMarks: [Bool] = []
    /// `cache_control` of the body itself, with a comma: the vendor marks the last block that can bear it (Anthropic).
    package var automaticMark: Range<Int>?
    /// The automatic mark asks for the longer life.
    package var isAutomaticMarkLong = false
    /// The last tool's definition, in forms whose definitions bear marks; nil: there is none, or it bears none.
    package var lastTool: Range<Int>?
    package var toolCount = 0
    /// The end of what `systemValue` holds; nil: it cannot be marked.
    package var system: PromptPlace?
    /// Parts of `systemValue`; a string is one.
    package var systemPartCount = 0
    /// `prompt_cache_key` is set.
    package var hasKey = false
    /// `prompt_cache_options.mode` is `explicit`: what the client does not mark is not to be cached.
    package var isExplicit = false

    package init() {}
}
