package import NIOCore
import Wire

/// Tells an answer's steps as a Responses stream: every item from `output_item.added` to `output_item.done`, numbered, and
/// the whole response at its end.
///
/// Items of one kind follow one another; calls of tools stay open until a picture comes or the choice has finished, for
/// some vendors mix their arguments with one another and with text. What belongs to an item's end is written once that is known, which for the last is when the
/// choice has finished; the response with its usage is the tail.
package struct ResponsesStreamWriter: Sendable {
    var envelope: ResponsesEnvelope
    let seed: String
    var sequence = 0
    /// Items at their places; nil while they are open.
    var done: [ByteBuffer?] = []
    var open = Open.nothing
    var part = OpenPart()
    /// The text that was said last, open or not: what a citation is of.
    var lastText: SaidText?
    var calls: [OpenCall] = []
    var hasRefusal = false
    var stop: StopReason?
    var usage: ReportedUsage?
    var serviceTier: JSONText?
    /// Scratch for citations.
    var index = JSONIndex()

    package init(context: CompletionContext) {
        envelope = ResponsesEnvelope(context: context, id: nil, model: nil, createdSeconds: nil)
        seed = context.idSeed
    }

    /// Appends the events that `event` comes to. Choices but the first are left out: a response has one.
    package mutating func write(_ event: CompletionEvent, into buffer: inout ByteBuffer) {
        switch event {
        case .began(let start): begin(start, into: &buffer)
        case .text(0, let text): if !text.isEmpty { write(text: text, into: &buffer) }
        case .refusal(0, let text): if !text.isEmpty { write(refusal: text, into: &buffer) }
        case .reasoning(0, let text): if !text.isEmpty { write(thought: text, into: &buffer) }
        case .reasoningSignature(0, let signature, _):
            seal(ResponsesSeal.sealed(signature, isRedacted: false), into: &buffer)
        case .redactedReasoning(0, let signature):
            closeItem("completed", into: &buffer)
            seal(ResponsesSeal.sealed(signature, isRedacted: true), into: &buffer)
        case .toolCallBegan(0, let call, let id, let name, let isCustom, let signature):
            closeItem("completed", into: &buffer)
            let sealed = ToolCallID.sealed(id, signature: signature, for: .openAIResponses)
            beginCall(call, id: sealed, name: name, isCustom: isCustom, into: &buffer)
        case .toolCallArguments(0, let call, let text): if !text.isEmpty { write(arguments: text, call, into: &buffer) }
        case .media(0, let part): write(media: part, into: &buffer)
        case .citation(0, let citation): write(citation: citation, into: &buffer)
        case .logprobs(0, let logprobs): write(logprobs: logprobs, into: &buffer)
        case .finished(0, let reason): finish(reason, into: &buffer)
        case .usage(let counts): usage = counts
        case .serviceTier(let tier): serviceTier = tier
        case .ended: end(into: &buffer)
        case .text, .refusal, .reasoning, .reasoningSignature, .redactedReasoning, .toolCallBegan, .toolCallArguments,
            .media, .citation, .logprobs, .finished, .failed:
            break
        }
    }

    /// The events that end a stream which failed. Nothing follows them.
    package mutating func write(failure: ClientError, into buffer: inout ByteBuffer) {
        if sequence > 0 {
            ResponsesErrorWriter.writeFailed(sequence: sequence, into: &buffer) { [envelope, usage, serviceTier, items] in
                envelope.write(
                    status: .failed, output: items, usage: usage, serviceTier: serviceTier, failure: failure, into: &$0)
            }
            sequence &+= 1
        }
        ResponsesErrorWriter.writeEvent(failure, sequence: sequence, into: &buffer)
        sequence &+= 1
    }

    /// The items that are done, with their commas.
    private var items: ByteBuffer {
        var items = JSONWriter()
        for item in done {
            if let item { items.raw(item) }
        }
        return items.buffer
    }
}

extension ResponsesStreamWriter {
    /// The item, other than calls, that is being said.
    enum Open {
        case nothing
        case message(ResponsesOutputItem)
        case reasoning(ResponsesOutputItem)
    }

    /// The part of the open message or the summary of the open thoughts.
    struct OpenPart: Sendable {
        enum Kind { case none, text, refusal, summary }

        var kind = Kind.none
        /// Among the message's parts.
        var index = 0
        /// What has been said of it.
        var text = ByteBuffer()
        var annotations = JSONWriter()
        var annotationCount = 0
        /// With their commas.
        var logprobs = ByteBuffer()
        /// The message's parts before it.
        var before: [ByteBuffer] = []
        /// What stands between a delta's number and its text.
        var place = ByteBuffer()
    }

    /// A text that has been said to its end.
    struct SaidText: Sendable {
        let item: ResponsesOutputItem
        /// With its annotations.
        var part: OpenPart
        /// The message's parts behind it.
        var after: [ByteBuffer] = []
        /// The message's status; nil while it goes on.
        var status: StaticString?
    }

    struct OpenCall: Sendable {
        let number: Int
        let item: ResponsesOutputItem
        let id: JSONText
        let name: JSONText
        var arguments = ByteBuffer()
        var isOpen = true
        /// What stands between a delta's number and its text.
        var place = ByteBuffer()
    }

    /// Appends an event: `type` with its `event` line, then what `body` writes behind the type and number.
    mutating func emit(
        _ type: StaticString, into buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void
    ) {
        buffer.writeStaticString("event: ")
        buffer.writeStaticString(type)
        buffer.writeStaticString("\ndata: ")
        JSONWriter.write(into: &buffer) { writer in
            writer.beginObject()
            writer.member("type", of: type)
            writer.member("sequence_number", sequence)
            body(&writer)
            writer.endObject()
        }
        buffer.writeStaticString("\n\n")
        sequence &+= 1
    }

    /// Appends an event of a few characters, of which there are many: its members but the number stand ready.
    ///
    /// - Parameters:
    ///   - head: up to the number.
    ///   - place: up to the delta's text.
    ///   - tail: behind the text.
    mutating func emitDelta(
        _ head: StaticString, _ place: ByteBuffer, _ text: JSONText, _ tail: StaticString, into buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString(head)
        JSONWriter.write(into: &buffer) { $0.integer(sequence) }
        buffer.writeImmutableBuffer(place)
        buffer.writeImmutableBuffer(text.content)
        buffer.writeStaticString(tail)
        sequence &+= 1
    }

    /// The members of a delta between its number and its text.
    static func deltaPlace(_ body: (inout JSONWriter) -> Void) -> ByteBuffer {
        var writer = JSONWriter()
        writer.beginObject()
        body(&writer)
        var place = ByteBuffer(staticString: ",")
        // Without the brace: the object began before the number.
        place.writeImmutableBuffer(writer.buffer.getSlice(at: 1, length: writer.buffer.writerIndex - 1) ?? ByteBuffer())
        place.writeStaticString(",\"delta\":\"")
        return place
    }

    mutating func begin(_ start: CompletionStart, into buffer: inout ByteBuffer) {
        envelope = ResponsesEnvelope(
            context: envelope.context, id: start.id, model: start.model, createdSeconds: start.createdSeconds)
        usage = start.usage
        for type in ["response.created", "response.in_progress"] as [StaticString] {
            emit(type, into: &buffer) { [envelope] in
                $0.key("response")
                envelope.write(status: nil, output: ByteBuffer(), usage: nil, serviceTier: nil, into: &$0)
            }
        }
    }

    mutating func finish(_ reason: StopReason, into buffer: inout ByteBuffer) {
        stop = reason
        let status = ResponsesStatus(reason, hasRefusal: hasRefusal).itemName
        let isCallLast = calls.last?.item.index == done.count - 1
        closeItem(isCallLast ? "completed" : status, into: &buffer)
        closeCalls(last: isCallLast ? status : "completed", into: &buffer)
    }

    mutating func end(into buffer: inout ByteBuffer) {
        closeAll(into: &buffer)
        let status = ResponsesStatus(stop, hasRefusal: hasRefusal)
        let type: StaticString =
            switch status {
            case .completed: "response.completed"
            case .incomplete: "response.incomplete"
            case .failed: "response.failed"
            }
        emit(type, into: &buffer) { [envelope, usage, serviceTier, items] in
            $0.key("response")
            envelope.write(
                status: status, output: items, usage: usage, serviceTier: serviceTier, into: &$0)
        }
    }

    /// A new item's place.
    mutating func add(_ kind: ResponsesOutputItem.Kind) -> ResponsesOutputItem {
        done.append(nil)
        return ResponsesOutputItem(kind, index: done.count - 1, seed: seed)
    }

    mutating func announce(
        _ item: ResponsesOutputItem, into buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void
    ) {
        emit("response.output_item.added", into: &buffer) {
            $0.member("output_index", item.index)
            $0.key("item")
            body(&$0)
        }
    }

    /// Writes the item whole, and keeps it for the end.
    mutating func complete(
        _ item: ResponsesOutputItem, into buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void
    ) {
        var writer = JSONWriter()
        body(&writer)
        if done.indices.contains(item.index) { done[item.index] = writer.buffer }
        emit("response.output_item.done", into: &buffer) {
            $0.member("output_index", item.index)
            $0.member("item", raw: writer.buffer)
        }
    }

    mutating func closeAll(into buffer: inout ByteBuffer) {
        closeItem("completed", into: &buffer)
        closeCalls(last: "completed", into: &buffer)
    }

    /// Ends the message or the thoughts, if any are open.
    mutating func closeItem(_ status: StaticString, into buffer: inout ByteBuffer) {
        switch open {
        case .nothing: return
        case .message(let item):
            closePart(of: item, into: &buffer)
            if lastText?.item.index == item.index { lastText?.status = status }
            let content = part.before.asElements
            complete(item, into: &buffer) { item.writeMessage(status: status, content: content, into: &$0) }
        case .reasoning(let item): closeReasoning(item, encrypted: nil, into: &buffer)
        }
        open = .nothing
        part = OpenPart()
    }
}

extension [ByteBuffer] {
    /// Values with their commas.
    var asElements: ByteBuffer {
        var writer = JSONWriter()
        for value in self { writer.raw(value) }
        return writer.buffer
    }
}

extension JSONWriter {
    mutating func itemPlace(_ item: ResponsesOutputItem) {
        member("item_id", item.id)
        member("output_index", item.index)
    }

    mutating func place(_ item: ResponsesOutputItem, contentIndex: Int) {
        itemPlace(item)
        member("content_index", contentIndex)
    }

    mutating func summaryPlace(_ item: ResponsesOutputItem) {
        itemPlace(item)
        member("summary_index", 0)
    }
}
