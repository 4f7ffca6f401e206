import NIOCore
package import Wire

/// Reads a vendor's Responses stream.
///
/// Calls are told apart by `output_index`, else by `item_id`. What a server says only at an item's or the response's end,
/// without deltas, is given then. Thoughts are sealed by what `output_item.done` holds. A response has one choice.
package struct ResponsesStreamReader: Sendable {
    /// What was said of the response when it began; nil: nothing has come.
    private var start: CompletionStart?
    /// The number behind that of the last event that did not tell of a failure.
    private var nextSequence = 0
    private var hasEnded = false
    private var items = ResponsesStreamItems()

    /// The client is given the events as they come.
    private let isRelayed: Bool

    package init() {
        self.init(isRelayed: false)
    }

    init(isRelayed: Bool) {
        self.isRelayed = isRelayed
    }

    /// Appends what `event` says.
    ///
    /// - Parameter index: scratch; holds the event's index afterwards.
    /// - Returns: false where the event is not what the form allows.
    package mutating func read(_ event: SSEEvent, index: inout JSONIndex, into events: inout [CompletionEvent]) -> Bool
    {
        guard !hasEnded, event.data.readableBytes > 0, !event.data.isStreamEnd else { return true }
        do throws(JSONError) {
            try event.data.withUnsafeReadableBytes { bytes throws(JSONError) in try index.read(bytes) }
        } catch {
            return false
        }
        guard index.kind(of: 0) == .object else { return false }
        let outcome = event.data.withUnsafeReadableBytes { bytes in
            read(ResponsesText(body: event.data, bytes: bytes, index: index), name: event.name, into: &events)
        }
        switch outcome {
        case .read:
            if isRelayed { count(event.data, index) }
            return true
        case .invalid: return false
        case .failed(let body):
            hasEnded = true
            var error = UpstreamErrorReader.read(body, index: &index)
            if error.type == "error" { error.type = nil }
            events.append(.failed(error))
            return true
        }
    }

    /// The connection ended. A response that has ended has said so: nothing is appended.
    package mutating func finish(into events: inout [CompletionEvent]) {}

    /// Ends the stream for a client that was given its events as they came.
    func write(failure: ClientError, into buffer: inout ByteBuffer) {
        ResponsesErrorWriter.writeEnd(failure, after: start, sequence: nextSequence, into: &buffer)
    }

    private mutating func count(_ data: ByteBuffer, _ index: JSONIndex) {
        let number = data.withUnsafeReadableBytes { bytes in
            index.member("sequence_number", of: 0, in: bytes).flatMap { index.int64($0, in: bytes) }
        }
        nextSequence = number.map { Int(clamping: $0) &+ 1 } ?? nextSequence &+ 1
    }

    private enum Outcome {
        case read
        case invalid
        /// What holds the error.
        case failed(ByteBuffer)
    }

    private mutating func read(
        _ text: ResponsesText, name: ByteBuffer?, into events: inout [CompletionEvent]
    ) -> Outcome {
        let type = text.member("type", of: 0)
        let kind =
            type.map { ResponsesEventKind($0, in: text.bytes, index: text.index) } ?? name.map {
                ResponsesEventKind($0)
            }
            ?? .other
        begin(text, into: &events)
        switch kind {
        case .created, .queued, .inProgress: break
        case .completed, .incomplete: return end(text, isIncomplete: kind == .incomplete, into: &events)
        case .failed:
            guard let response = text.member("response", of: 0) else { return .invalid }
            return .failed(text.fragment(response).bytes)
        case .error: return .failed(text.body)
        case .other:
            if type == nil, text.member("error", of: 0) != nil { return .failed(text.body) }
        case .itemAdded, .itemDone, .partAdded, .textDelta, .textDone, .refusalDelta, .refusalDone, .annotationAdded,
            .argumentsDelta, .argumentsDone, .inputDelta, .inputDone, .summaryPartAdded, .summaryDelta, .summaryDone,
            .thoughtDelta, .thoughtDone:
            items.read(kind, text, into: &events)
        }
        return .read
    }

    private mutating func begin(_ text: ResponsesText, into events: inout [CompletionEvent]) {
        guard start == nil else { return }
        var start = CompletionStart()
        if let response = text.member("response", of: 0) {
            start.id = text.text("id", of: response)
            start.model = text.text("model", of: response)
            start.createdSeconds = text.member("created_at", of: response).flatMap(text.seconds)
        }
        self.start = start
        events.append(.began(start))
    }

    private mutating func end(
        _ text: ResponsesText, isIncomplete: Bool, into events: inout [CompletionEvent]
    ) -> Outcome {
        guard let response = text.member("response", of: 0), text.kind(response) == .object else { return .invalid }
        if !items.areAny, let output = text.member("output", of: response) {
            for item in text.index.elements(of: output) { items.readWhole(item, in: text, into: &events) }
        }
        let stop =
            isIncomplete && text.member("status", of: response) == nil
            ? .length
            : ResponsesStatus.stop(of: response, in: text, hasCalls: items.hasCalls, hasRefusal: items.hasRefusal)
        guard let stop else { return .failed(text.fragment(response).bytes) }
        if let usage = text.member("usage", of: response).flatMap({ ResponsesUsage.read($0, in: text) }) {
            events.append(.usage(usage))
        }
        if let tier = text.text("service_tier", of: response) { events.append(.serviceTier(tier)) }
        events.append(.finished(choice: 0, stop))
        events.append(.ended)
        hasEnded = true
        return .read
    }
}

extension ByteBuffer {
    /// `[DONE]`, which some servers send behind the last event.
    fileprivate var isStreamEnd: Bool {
        readableBytes <= 16 && String(buffer: self).filter { $0 != " " } == "[DONE]"
    }
}
