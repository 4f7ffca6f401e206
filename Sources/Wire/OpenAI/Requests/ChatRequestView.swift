/// A chat completion request, read: what the gateway acts on, and where it stands in the body.
///
/// Self-contained: offsets and copies only, so the index may be used for another text. Offsets count from the body's first
/// byte. Ranges of values include quotes and brackets.
package struct ChatRequestView: Sendable, Equatable {
    /// How the request asks for usage in a stream.
    package enum StreamOptions: Sendable, Equatable {
        case absent
        /// `null`, with its span.
        case null(Range<Int>)
        /// An object. `afterBrace` is the offset behind its opening brace.
        case object(IncludeUsage, afterBrace: Int, isEmpty: Bool)
    }

    /// The member `include_usage` of `stream_options`.
    package enum IncludeUsage: Sendable, Equatable {
        case absent
        case yes
        /// `false` or `null`, with its span.
        case no(Range<Int>)
    }

    /// Behind the body's opening brace; a member inserted there is followed by a comma, for there is always one more.
    package var afterBrace: Int
    /// Escapes decoded; never empty.
    package var model: String
    package var modelValue: Range<Int>
    /// In the order of the body; never empty.
    package var messages: [ChatMessage]
    package var messagesValue: Range<Int>
    /// nil: absent, null or empty.
    package var toolsValue: Range<Int>?
    /// The deprecated form of tools; nil: absent, null or empty.
    package var functionsValue: Range<Int>?
    package var isStream: Bool
    package var streamOptions: StreamOptions
    /// The larger of `max_completion_tokens` and `max_tokens`, ≥ 1; nil: none is set.
    package var maximumOutputTokens: Int64?
    /// `n`, ≥ 1.
    package var choices: Int64
    /// A `temperature` of exactly zero.
    package var isTemperatureZero: Bool
    package var hasSeed: Bool
    /// Cache marks (`cache_control`, `prompt_cache_breakpoint`) on tools, messages and their parts, each with one of the
    /// commas around it, in the order of the body: without these bytes the prompt is the same and still JSON.
    package var cacheMarks: [Range<Int>]
    /// In the order of the body.
    package var attachments: [ChatAttachment]

    /// The request asks for the extra chunk that carries the stream's usage.
    package var wantsUsageChunk: Bool {
        if case .object(.yes, _, _) = streamOptions { return true }
        return false
    }

    /// Reads `bytes`, which `index` must have read last. Linear in the members of the body, of its messages and of their
    /// parts; what is deeper is skipped.
    ///
    /// Refuses only what every server of the form would: a missing or mistyped field among those it knows, and a key that
    /// two parsers could read differently because it occurs twice. `null` stands for an absent field, as it does with the
    /// vendors; `max_tokens` of −1 too, which local servers take for "no limit" (LM Studio's documentation, 2026).
    package init(_ bytes: UnsafeRawBufferPointer, index: JSONIndex) throws(ChatRequestError) {
        var reader = ChatRequestReader(bytes, index: index)
        try reader.readMembers()
        self = try reader.view()
    }

    init(
        afterBrace: Int, model: String, modelValue: Range<Int>, messages: [ChatMessage], messagesValue: Range<Int>,
        toolsValue: Range<Int>?, functionsValue: Range<Int>?, isStream: Bool, streamOptions: StreamOptions,
        maximumOutputTokens: Int64?, choices: Int64, isTemperatureZero: Bool, hasSeed: Bool,
        cacheMarks: [Range<Int>], attachments: [ChatAttachment]
    ) {
        self.afterBrace = afterBrace
        self.model = model
        self.modelValue = modelValue
        self.messages = messages
        self.messagesValue = messagesValue
        self.toolsValue = toolsValue
        self.functionsValue = functionsValue
        self.isStream = isStream
        self.streamOptions = streamOptions
        self.maximumOutputTokens = maximumOutputTokens
        self.choices = choices
        self.isTemperatureZero = isTemperatureZero
        self.hasSeed = hasSeed
        self.cacheMarks = cacheMarks
        self.attachments = attachments
    }
}
