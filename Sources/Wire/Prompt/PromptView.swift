/// A request in whatever form, read: what the gateway acts on, and where it stands in the body.
///
/// Self-contained: offsets and copies only, so the index may be used for another text. Offsets count from the body's first
/// byte. Ranges of values include quotes and brackets.
package struct PromptView: Sendable, Equatable {
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
    /// nil: the form says it in the path.
    package var modelValue: Range<Int>?
    /// In the order of the body; empty where the form has no messages or the prompt is one text.
    package var messages: [PromptMessage] = []
    /// What the messages stand in, or the prompt itself where it is one text.
    package var messagesValue: Range<Int> = 0..<0
    /// Instructions beside the messages (`system`, `instructions`, `systemInstruction`); nil: absent, null or empty.
    package var systemValue: Range<Int>?
    /// nil: absent, null or empty.
    package var toolsValue: Range<Int>?
    /// The deprecated form of tools; nil: absent, null or empty.
    package var functionsValue: Range<Int>?
    package var isStream = false
    /// Chat Completions alone has them.
    package var streamOptions = StreamOptions.absent
    /// The larger of `max_completion_tokens` and `max_tokens`, ≥ 1; nil: none is set.
    package var maximumOutputTokens: Int64?
    /// `n`, ≥ 1.
    package var choices: Int64 = 1
    /// A `temperature` of exactly zero.
    package var isTemperatureZero = false
    package var hasSeed = false
    /// Cache marks (`cache_control`, `prompt_cache_breakpoint`) on tools, messages and their parts, each with one of the
    /// commas around it, in the order of the body: without these bytes the prompt is the same and still JSON.
    package var cacheMarks: [Range<Int>] = []
    package var caching = PromptCaching()
    /// In the order of the body.
    package var attachments: [PromptAttachment] = []

    /// The values of `role` that are `developer`, quotes included, in the order of the body.
    package var developerRoles: [Range<Int>] = []
    /// The key `max_completion_tokens`, quotes included, where `max_tokens` does not stand beside it.
    package var maxCompletionTokensKey: Range<Int>?
    /// Texts are named that end the answer.
    package var hasStopSequences = false
    /// `reasoning_effort` is set, and not to `none`.
    package var asksToReason = false

    /// The request asks for the extra chunk that carries the stream's usage.
    package var wantsUsageChunk: Bool {
        if case .object(.yes, _, _) = streamOptions { return true }
        return false
    }

    /// - Parameters:
    ///   - afterBrace: behind the body's opening brace.
    ///   - model: never empty.
    package init(afterBrace: Int, model: String, modelValue: Range<Int>?) {
        self.afterBrace = afterBrace
        self.model = model
        self.modelValue = modelValue
    }
}

extension PromptView {
    /// Reads a chat completion request from `bytes`, which `index` must have read last. Linear in the members of the body,
    /// of its messages and of their parts; what is deeper is skipped.
    ///
    /// Refuses only what every server of the form would: a missing or mistyped field among those it knows, and a key that
    /// two parsers could read differently because it occurs twice. `null` stands for an absent field, as it does with the
    /// vendors; `max_tokens` of −1 too, which local servers take for "no limit" (LM Studio's documentation, 2026).
    package init(chat bytes: UnsafeRawBufferPointer, index: JSONIndex) throws(RequestError) {
        var reader = ChatRequestReader(bytes, index: index)
        try reader.readMembers()
        self = try reader.view()
    }
}
