package import NIOCore

/// What an event of an operation's stream means for a relay. It passes as it came (`SSEEvent.raw`) unless it is hidden.
package enum OperationStreamStep: Sendable, Equatable {
    /// It goes to the client. `isFirstContent`: the stream's first image, sound or text is in it. `contentBytes`: bytes of
    /// generated text in it, escapes as written.
    case forward(isFirstContent: Bool, contentBytes: Int)
    /// It says nothing to the client.
    case hide
    /// The form's own end: the answer is whole with this event, which is the stream's tail.
    case complete
    /// The upstream says that it failed, in its own words: mask them before a client sees them.
    case failed(UpstreamError)
    /// It is not what the form allows: the stream cannot be relied on.
    case malformed
}

/// Follows the stream of an operation: images as they become clear, sound, a transcript (OpenAI's streaming references and
/// Ark's, read 2026-11).
package struct OperationStreamReader: Sendable {
    private let operation: Operation
    private let expected: Int64
    private var finished: Int64 = 0
    private var hasContent = false
    private var hasDelta = false

    /// The last tokens that the stream reported; nil: none yet. As in `OperationAnswer.usage`.
    package private(set) var usage: ReportedUsage?
    package private(set) var units = OperationUnits()
    /// That usage object as it came.
    package private(set) var usageText: ByteBuffer?

    /// - Parameter expected: how many images the request asks for, ≥ 1: each has an end of its own.
    package init(_ operation: Operation, expected: Int64 = 1) {
        self.operation = operation
        self.expected = max(1, expected)
    }

    /// If the framing ends here, the answer is whole.
    package var isComplete: Bool { finished > 0 }

    /// Takes the next event.
    ///
    /// - Parameter index: scratch; holds the event's index afterwards.
    package mutating func read(_ event: SSEEvent, index: inout JSONIndex) -> OperationStreamStep {
        guard !event.isComment, event.data.readableBytes > 0 else { return .hide }
        return event.data.withUnsafeReadableBytes { read($0, of: event, index: &index) }
    }

    private mutating func read(
        _ bytes: UnsafeRawBufferPointer, of event: SSEEvent, index: inout JSONIndex
    ) -> OperationStreamStep {
        // What other servers of the form write behind their last event, or in its place.
        if bytes.spells("[DONE]") { return isComplete || operation == .speech && hasContent ? .complete : .malformed }
        guard (try? index.read(bytes)) != nil, index.kind(of: 0) == .object else {
            guard event.isNamed("error") else { return .malformed }
            return .failed(UpstreamErrorReader.read(bytes, index: &index))
        }
        let kind = OperationEventKind(event, in: bytes, index: index)
        if kind == .failure || kind != .partFailure && hasError(in: bytes, index: index) {
            return .failed(UpstreamErrorReader.read(error: 0, in: bytes, index: index))
        }
        readUsage(of: event, in: bytes, index: index)
        switch kind {
        case .content, .segment:
            // A segment repeats what its deltas said, where there were any.
            let text =
                switch kind {
                case .segment: hasDelta ? 0 : text("text", in: bytes, index: index)
                default: text("delta", in: bytes, index: index)
                }
            hasDelta = hasDelta || kind == .content
            let isContent = operation != .transcription || text > 0
            let isFirst = isContent && !hasContent
            hasContent = hasContent || isContent
            return .forward(isFirstContent: isFirst, contentBytes: text)
        case .end:
            finished &+= 1
            hasContent = true
            return finished >= expected ? .complete : .forward(isFirstContent: finished == 1, contentBytes: 0)
        case .failure, .partFailure, .other: return .forward(isFirstContent: false, contentBytes: 0)
        }
    }

    private mutating func readUsage(of event: SSEEvent, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        guard let node = index.member("usage", of: 0, in: bytes), index.kind(of: node) == .object else { return }
        var reader = OperationUsage(bytes, index: index)
        reader.read(usage: node)
        units = reader.units
        guard let tokens = reader.tokens else { return }
        usage = tokens
        usageText = event.data.getSlice(
            at: event.data.readerIndex &+ tokens.span.lowerBound, length: tokens.span.count)
    }

    private func hasError(in bytes: UnsafeRawBufferPointer, index: JSONIndex) -> Bool {
        index.member("error", of: 0, in: bytes).map { index.kind(of: $0) != .null } ?? false
    }

    private func text(_ name: StaticString, in bytes: UnsafeRawBufferPointer, index: JSONIndex) -> Int {
        index.member(name, of: 0, in: bytes).map { index.contentCount($0) } ?? 0
    }
}

/// What an event is, by its `type`, or by the stream's own name for it where it has none.
private enum OperationEventKind {
    case content, end, failure
    /// A speaker's words, of a transcript that tells speakers apart.
    case segment
    /// One of several images could not be made (Ark); the others come.
    case partFailure
    case other

    init(_ event: SSEEvent, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        if let type = index.member("type", of: 0, in: bytes) {
            self.init { index.means(type, $0, in: bytes) }
        } else {
            self.init { event.isNamed($0) }
        }
    }

    private init(_ isNamed: (StaticString) -> Bool) {
        if isNamed("transcript.text.delta") || isNamed("speech.audio.delta")
            || isNamed("image_generation.partial_image") || isNamed("image_edit.partial_image")
            || isNamed("image_generation.partial_succeeded")
        {
            self = .content
        } else if isNamed("transcript.text.segment") {
            self = .segment
        } else if isNamed("transcript.text.done") || isNamed("speech.audio.done")
            || isNamed("image_generation.completed") || isNamed("image_edit.completed")
        {
            self = .end
        } else if isNamed("error") || isNamed("image_generation.failed") || isNamed("image_edit.failed") {
            self = .failure
        } else if isNamed("image_generation.partial_failed") {
            self = .partFailure
        } else {
            self = .other
        }
    }
}

extension SSEEvent {
    /// Whether the event's own line names it so.
    fileprivate func isNamed(_ type: StaticString) -> Bool {
        name?.withUnsafeReadableBytes { $0.spells(type) } ?? false
    }
}
