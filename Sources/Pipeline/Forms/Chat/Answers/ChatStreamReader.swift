import NIOCore
package import Wire

/// Reads a chat completion stream, in any vendor's dialect of the form.
package struct ChatStreamReader: Sendable {
    private var answer = ChatAnswerReader()
    private var hasEnded = false

    package init() {}

    /// Appends what `event` says.
    ///
    /// - Parameter index: scratch; holds the event's index afterwards.
    /// - Returns: false where the event is not what the form allows.
    package mutating func read(
        _ event: SSEEvent, index: inout JSONIndex, into events: inout [CompletionEvent]
    ) -> Bool {
        guard !hasEnded, event.data.readableBytes > 0 else { return true }
        if event.data.isDone {
            answer.begin(into: &events)
            end(into: &events)
            return true
        }
        do throws(JSONError) {
            try event.data.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
        } catch {
            return false
        }
        guard index.kind(of: 0) == .object else { return false }
        let outcome = event.data.withUnsafeReadableBytes { bytes in
            answer.read(chunk: ChatNodes(body: event.data, bytes: bytes, index: index), into: &events)
        }
        switch outcome {
        case .read where event.isNamedError: fail(event.data, &index, into: &events)
        case .read: break
        case .invalid: return false
        case .failed(let body): fail(body, &index, into: &events)
        }
        return true
    }

    /// The connection ended. Not every server says `[DONE]`.
    package mutating func finish(into events: inout [CompletionEvent]) {
        guard answer.areFinished else { return }
        end(into: &events)
    }

    private mutating func end(into events: inout [CompletionEvent]) {
        guard !hasEnded else { return }
        hasEnded = true
        events.append(.ended)
    }

    private mutating func fail(_ body: ByteBuffer, _ index: inout JSONIndex, into events: inout [CompletionEvent]) {
        hasEnded = true
        events.append(.failed(UpstreamErrorReader.read(body, index: &index)))
    }
}

extension ByteBuffer {
    /// `[DONE]` with nothing but spaces around it.
    fileprivate var isDone: Bool {
        guard readableBytes >= 6, readableBytes <= 16 else { return false }
        var trimmed = readableBytesView[...]
        while trimmed.first == UInt8(ascii: " ") { trimmed.removeFirst() }
        while trimmed.last == UInt8(ascii: " ") { trimmed.removeLast() }
        return trimmed.elementsEqual("[DONE]".utf8)
    }
}
