package import NIOCore
package import Wire

/// What to do with an event of a stream.
package enum StreamStep: Sendable, Equatable {
    /// It goes to the client as it came. `isFirstContent`: it carries the stream's first token. `contentBytes`: bytes of
    /// generated text in it, escapes as written.
    case forward(isFirstContent: Bool, contentBytes: Int)
    /// It is not for the client.
    case hide
    /// The form's own end.
    case done
    /// The upstream says that it failed, in its own words: mask them before a client sees them.
    case failed(message: String)
    /// It is not what the form allows: the stream cannot be relied on.
    case malformed
}

/// Follows one stream from its first event to its last.
package struct StreamReader: Sendable {
    private let dialect: Dialect
    private var choices = ChatChoices()
    private var isDone = false
    private var hasContent = false
    private var lastUsage: ReportedUsage?
    private var lastUsageText: ByteBuffer?

    package init(dialect: Dialect) {
        self.dialect = dialect
    }

    /// The last usage the stream reported, with the dialect's ways of counting resolved: `prompt` includes `cached` and
    /// `cacheWrite`. nil: none yet.
    package var usage: ReportedUsage? { lastUsage?.resolved(dialect.usageStyle) }

    /// That usage object as it came.
    package var usageText: ByteBufferView? { lastUsageText?.readableBytesView }

    /// `[DONE]` came, or every choice seen has its finish reason: if the framing ends here, the answer is whole.
    package var isComplete: Bool { isDone || choices.areFinished }

    /// Takes the next event.
    ///
    /// - Parameters:
    ///   - index: scratch; holds the event's index afterwards.
    ///   - hidesUsageChunk: the extra usage chunk was not the client's wish.
    package mutating func read(_ event: SSEEvent, index: inout JSONIndex, hidesUsageChunk: Bool) -> StreamStep {
        guard !event.isComment, event.data.readableBytes > 0 else { return .hide }
        switch ChatChunkReader.read(event.data, index: &index) {
        case .done:
            isDone = true
            return .done
        case .error(let error): return .failed(message: error.message ?? Self.silentFailure)
        case .malformed where event.isNamedError, .chunk where event.isNamedError:
            return .failed(message: UpstreamErrorReader.read(event.data, index: &index).message ?? Self.silentFailure)
        case .malformed: return .malformed
        case .chunk(let chunk): return take(chunk, of: event.data, hidesUsageChunk: hidesUsageChunk)
        }
    }

    private mutating func take(_ chunk: ChatChunk, of data: ByteBuffer, hidesUsageChunk: Bool) -> StreamStep {
        choices.merge(chunk.choices)
        if let usage = chunk.usage {
            lastUsage = usage
            lastUsageText = usage.text(in: data)
        }
        if hidesUsageChunk, chunk.isUsageOnly { return .hide }
        let isFirst = chunk.hasContent && !hasContent
        hasContent = hasContent || chunk.hasContent
        return .forward(isFirstContent: isFirst, contentBytes: chunk.textBytes)
    }

    private static let silentFailure = "The upstream's stream failed."
}

extension SSEEvent {
    /// `event: error`, with which some servers send an error of a form of their own.
    fileprivate var isNamedError: Bool {
        name?.withUnsafeReadableBytes { $0.elementsEqual("error".utf8) } ?? false
    }
}
