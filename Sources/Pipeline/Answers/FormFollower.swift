import NIOCore
import Wire

/// Follows a stream by what its events mean: as it comes to a client of its own form, told anew to one of another.
struct FormFollower: Sendable {
    private let form: RequestForm
    private var reader: FormStreamReader
    /// nil: the client speaks the vendor's form and gets its bytes.
    private var writer: FormStreamWriter?
    /// nil: the vendor's calls are the client's.
    private var toolSteps: ClientToolSteps?
    /// Memory of one event's meaning, kept for the next.
    private var events: [CompletionEvent] = []
    private var hasContent = false
    private(set) var usage: ReportedUsage?
    private var lastUsageText: ByteBuffer?

    init(sameForm form: RequestForm) {
        self.form = form
        reader = FormStreamReader(form, isRelayed: true)
    }

    init(_ translation: Translation) {
        form = translation.vendorForm
        reader = FormStreamReader(translation.vendorForm)
        writer = FormStreamWriter(context: translation.context)
        toolSteps = ClientToolSteps(translation.context.tools)
    }

    var usageText: ByteBufferView? { lastUsageText?.readableBytesView }

    mutating func read(_ event: SSEEvent, index: inout JSONIndex) -> StreamStep {
        events.removeAll(keepingCapacity: true)
        guard reader.read(event, index: &index, into: &events) else {
            guard event.isNamedError else { return .malformed }
            return .failed(
                message: UpstreamErrorReader.read(event.data, index: &index).message
                    ?? UpstreamError.silentStreamFailure)
        }
        toolSteps?.restore(&events)
        var meaning = Meaning()
        for event in events { meaning.take(event) }
        if let failure = meaning.failure { return .failed(message: failure.message ?? UpstreamError.silentStreamFailure) }
        if let reported = meaning.usage {
            usage = reported
            lastUsageText = reported.text(in: event.data)
        }
        let told = tell(event)
        if meaning.isEnd { return .done(tail: told) }
        let isFirst = meaning.hasContent && !hasContent
        hasContent = hasContent || meaning.hasContent
        guard told.readableBytes > 0 else { return .hide }
        return .forward(told, isFirstContent: isFirst, contentBytes: meaning.contentBytes)
    }

    mutating func finish() -> ByteBuffer? {
        events.removeAll(keepingCapacity: true)
        reader.finish(into: &events)
        toolSteps?.restore(&events)
        guard events.contains(.ended) else { return nil }
        guard writer != nil else { return form.streamEnd }
        var buffer = ByteBuffer()
        writer?.write(events, into: &buffer)
        return buffer
    }

    mutating func failureEvent(_ error: ClientError) -> ByteBuffer {
        var buffer = ByteBuffer()
        if writer != nil {
            writer?.write(failure: error, into: &buffer)
        } else {
            reader.write(failure: error, into: &buffer)
        }
        return buffer
    }

    /// The event in the client's form.
    private mutating func tell(_ event: SSEEvent) -> ByteBuffer {
        guard writer != nil else { return event.raw }
        var buffer = ByteBuffer()
        if !events.isEmpty {
            buffer.reserveCapacity(event.raw.readableBytes &+ 64)
            writer?.write(events, into: &buffer)
        }
        return buffer
    }
}

/// What the events of one step come to.
private struct Meaning {
    var hasContent = false
    var contentBytes = 0
    var usage: ReportedUsage?
    var isEnd = false
    var failure: UpstreamError?

    mutating func take(_ event: CompletionEvent) {
        switch event {
        case .began(let start): usage = start.usage ?? usage
        case .text(_, let text), .refusal(_, let text), .reasoning(_, let text), .toolCallArguments(_, _, let text):
            hasContent = hasContent || !text.isEmpty
            contentBytes &+= text.byteCount
        case .toolCallBegan(_, _, _, let name, _, _):
            hasContent = true
            contentBytes &+= name.byteCount
        case .media, .redactedReasoning: hasContent = true
        case .usage(let reported): usage = reported
        case .ended: isEnd = true
        case .failed(let error): failure = error
        case .reasoningSignature, .citation, .logprobs, .finished, .serviceTier: break
        }
    }
}

extension RequestForm {
    /// What a whole stream of this form ends with, for one whose vendor left it out.
    fileprivate var streamEnd: ByteBuffer {
        switch self {
        case .openAIChat: ChatFollower.done
        case .anthropicMessages:
            ByteBuffer(staticString: "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
        case .openAIResponses, .geminiGenerate: ByteBuffer()
        }
    }
}
