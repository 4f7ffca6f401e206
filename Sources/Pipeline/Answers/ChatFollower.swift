import NIOCore
import Wire

/// Follows a Chat Completions stream that a client of its own form is given as it comes.
struct ChatFollower: Sendable {
    /// The form's own end.
    static let done = ByteBuffer(staticString: "data: [DONE]\n\n")

    private let usageStyle: Dialect.UsageStyle
    /// The extra usage chunk was not the client's wish.
    private let hidesUsageChunk: Bool
    private var choices = ChatChoices()
    private var isDone = false
    private var hasContent = false
    private var lastUsage: ReportedUsage?
    private var lastUsageText: ByteBuffer?

    init(usageStyle: Dialect.UsageStyle, hidesUsageChunk: Bool) {
        self.usageStyle = usageStyle
        self.hidesUsageChunk = hidesUsageChunk
    }

    var usage: ReportedUsage? { lastUsage?.resolved(usageStyle) }
    var usageText: ByteBufferView? { lastUsageText?.readableBytesView }

    /// `[DONE]` came, or every choice seen has its finish reason: if the framing ends here, the answer is whole.
    var isComplete: Bool { isDone || choices.areFinished }

    mutating func read(_ event: SSEEvent, index: inout JSONIndex) -> StreamStep {
        switch ChatChunkReader.read(event.data, index: &index) {
        case .done:
            isDone = true
            return .done(tail: event.raw)
        case .error(let error): return .failed(message: error.message ?? UpstreamError.silentStreamFailure)
        case .malformed where event.isNamedError, .chunk where event.isNamedError:
            return .failed(
                message: UpstreamErrorReader.read(event.data, index: &index).message
                    ?? UpstreamError.silentStreamFailure)
        case .malformed: return .malformed
        case .chunk(let chunk): return take(chunk, of: event)
        }
    }

    private mutating func take(_ chunk: ChatChunk, of event: SSEEvent) -> StreamStep {
        choices.merge(chunk.choices)
        if let usage = chunk.usage {
            lastUsage = usage
            lastUsageText = usage.text(in: event.data)
        }
        if hidesUsageChunk, chunk.isUsageOnly { return .hide }
        let isFirst = chunk.hasContent && !hasContent
        hasContent = hasContent || chunk.hasContent
        return .forward(event.raw, isFirstContent: isFirst, contentBytes: chunk.textBytes)
    }
}

extension UpstreamError {
    /// What is said of a failure that gave no reason.
    static let silentStreamFailure = "The upstream's stream failed."
}

extension SSEEvent {
    /// `event: error`, with which some servers send an error of a form of their own.
    var isNamedError: Bool {
        name?.withUnsafeReadableBytes { $0.elementsEqual("error".utf8) } ?? false
    }
}
