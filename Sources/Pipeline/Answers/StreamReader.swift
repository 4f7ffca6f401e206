package import NIOCore
package import Wire

/// What to do with an event of a stream.
package enum StreamStep: Sendable, Equatable {
    /// These bytes go to the client: the event as it came, or what it means in the client's form. `isFirstContent`: they
    /// carry the stream's first token. `contentBytes`: bytes of generated text in them, escapes as written.
    case forward(ByteBuffer, isFirstContent: Bool, contentBytes: Int)
    /// Nothing is for the client.
    case hide
    /// The form's own end, as the client is to be told of it.
    case done(tail: ByteBuffer)
    /// The upstream says that it failed, in its own words: mask them before a client sees them.
    case failed(message: String)
    /// It is not what the form allows: the stream cannot be relied on.
    case malformed
}

/// Follows one stream from its first event to its last, and tells it in the client's form.
package struct StreamReader: Sendable {
    /// One of the four is there: Chat Completions to a client of its own is followed without asking what each event means.
    private var chat: ChatFollower?
    private var form: FormFollower?
    private var operation: OperationStreamReader?
    private var native: (any NativeStream)?

    package init(route: AnswerRoute) {
        switch route {
        case .sameForm(.openAIChat, let style, let hidesUsageChunk):
            chat = ChatFollower(usageStyle: style, hidesUsageChunk: hidesUsageChunk)
        case .sameForm(let vendorForm, _, _): form = FormFollower(sameForm: vendorForm)
        case .translated(let translation): form = FormFollower(translation)
        case .operation(let request):
            operation = OperationStreamReader(request.operation, expected: request.view.choices)
        case .native(let translation): native = translation.vendor.stream(translation)
        case .tokenCount, .embedding: break
        }
    }

    /// The last usage the stream reported, with the vendor's ways of counting resolved: `prompt` includes `cached` and
    /// `cacheWrite`. nil: none yet.
    package var usage: ReportedUsage? { chat?.usage ?? form?.usage ?? operation?.usage ?? native?.usage }

    /// That usage object as it came.
    package var usageText: ByteBufferView? {
        chat?.usageText ?? form?.usageText ?? (operation?.usageText ?? native?.usageText)?.readableBytesView
    }

    /// Takes the next event.
    ///
    /// - Parameter index: scratch; holds the event's index afterwards.
    package mutating func read(_ event: SSEEvent, index: inout JSONIndex) -> StreamStep {
        guard !event.isComment, event.data.readableBytes > 0 else { return .hide }
        if let step = chat?.read(event, index: &index) { return step }
        if let step = form?.read(event, index: &index) { return step }
        if let step = native?.read(event, index: &index) { return step }
        switch operation?.read(event, index: &index) {
        case .forward(let isFirst, let bytes):
            return .forward(event.raw, isFirstContent: isFirst, contentBytes: bytes)
        case .hide: return .hide
        case .complete: return .done(tail: event.raw)
        case .failed(let error): return .failed(message: error.message ?? UpstreamError.silentStreamFailure)
        case .malformed, nil: return .malformed
        }
    }

    /// The upstream's framing ended: what the client is still to be told; nil: the answer is not whole.
    package mutating func finish() -> ByteBuffer? {
        if let chat { return chat.isComplete ? ChatFollower.done : nil }
        if let operation { return operation.isComplete ? ByteBuffer() : nil }
        return form?.finish()
    }

    /// The event that tells the client that its stream failed.
    ///
    /// - Parameter form: the client's.
    package mutating func failureEvent(_ error: ClientError, form clientForm: RequestForm) -> ByteBuffer {
        if let event = form?.failureEvent(error) { return event }
        var buffer = ByteBuffer()
        FormAdapters.writeEvent(error, in: clientForm, into: &buffer)
        return buffer
    }
}
