package import NIOCore
import Wire

/// Tells an answer's steps as a Responses stream: every item from `output_item.added` to `output_item.done`, numbered, and
/// the whole response at its end.
///
/// Items of one kind follow one another; calls of tools stay open side by side until something else is said, for some
/// vendors mix their arguments. What belongs to an item's end is written once that is known, which for the last is when the
/// choice has finished; the response with its usage is the tail.
package struct ResponsesStreamWriter: Sendable {
    private var envelope: ResponsesEnvelope
    private let seed: String
    private var sequence = 0
    /// Items at their places; nil while they are open.
    private var done: [ByteBuffer?] = []
    private var open = Open.nothing
    private var part = OpenPart()
    private var calls: [OpenCall] = []
    private var hasRefusal = false
    private var stop: StopReason?
    private var usage: ReportedUsage?
    private var serviceTier: JSONText?
    /// Scratch for citations.
    private var index = JSONIndex()

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
            closeAll(into: &buffer)
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

    /// The event that ends a stream which failed. Nothing follows it.
    package mutating func write(failure: ClientError, into buffer: inout ByteBuffer) {
        ResponsesErrorWriter.writeEvent(failure, sequence: sequence, into: &buffer)
        sequence &+= 1
    }
}

extension ResponsesStreamWriter {
    /// The item, other than calls, that is being said.
    private enum Open {
        case nothing
        case message(ResponsesOutputItem)
        case reasoning(ResponsesOutputItem)
    }

    /// The part of the open message or the summary of the open thoughts.
    private struct OpenPart: Sendable {
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
        /// The message's parts before it, with their commas.
        var before = JSONWriter()
    }

    private struct OpenCall: Sendable {
        let number: Int
        let item: ResponsesOutputItem
        let id: JSONText
        let name: JSONText
        var arguments = ByteBuffer()
        var isOpen = true
    }

    /// Appends an event: `type` with its `event` line, then what `body` writes behind the type and number.
    private mutating func emit(
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

    private mutating func begin(_ start: CompletionStart, into buffer: inout ByteBuffer) {
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

    private mutating func finish(_ reason: StopReason, into buffer: inout ByteBuffer) {
        stop = reason
        let status = ResponsesStatus(reason, hasRefusal: hasRefusal).itemName
        closeItem(calls.contains(where: \.isOpen) ? "completed" : status, into: &buffer)
        closeCalls(last: status, into: &buffer)
    }

    private mutating func end(into buffer: inout ByteBuffer) {
        closeAll(into: &buffer)
        let status = ResponsesStatus(stop, hasRefusal: hasRefusal)
        var items = JSONWriter()
        for item in done {
            if let item { items.raw(item) }
        }
        let type: StaticString =
            switch status {
            case .completed: "response.completed"
            case .incomplete: "response.incomplete"
            case .failed: "response.failed"
            }
        emit(type, into: &buffer) { [envelope, usage, serviceTier] in
            $0.key("response")
            envelope.write(
                status: status, output: items.buffer, usage: usage, serviceTier: serviceTier, into: &$0)
        }
    }

    /// A new item's place.
    private mutating func add(_ kind: ResponsesOutputItem.Kind) -> ResponsesOutputItem {
        done.append(nil)
        return ResponsesOutputItem(kind, index: done.count - 1, seed: seed)
    }

    private mutating func announce(
        _ item: ResponsesOutputItem, into buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void
    ) {
        emit("response.output_item.added", into: &buffer) {
            $0.member("output_index", item.index)
            $0.key("item")
            body(&$0)
        }
    }

    /// Writes the item whole, and keeps it for the end.
    private mutating func complete(
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

    private mutating func closeAll(into buffer: inout ByteBuffer) {
        closeItem("completed", into: &buffer)
        closeCalls(last: "completed", into: &buffer)
    }

    /// Ends the message or the thoughts, if any are open.
    private mutating func closeItem(_ status: StaticString, into buffer: inout ByteBuffer) {
        switch open {
        case .nothing: return
        case .message(let item):
            closePart(of: item, into: &buffer)
            let content = part.before.buffer
            complete(item, into: &buffer) { item.writeMessage(status: status, content: content, into: &$0) }
        case .reasoning(let item): closeReasoning(item, encrypted: nil, into: &buffer)
        }
        open = .nothing
        part = OpenPart()
    }
}

extension ResponsesStreamWriter {
    /// The message to go on with, opened if none is.
    private mutating func message(into buffer: inout ByteBuffer) -> ResponsesOutputItem {
        if case .message(let item) = open { return item }
        closeAll(into: &buffer)
        let item = add(.message)
        open = .message(item)
        part = OpenPart()
        announce(item, into: &buffer) { item.writeMessage(status: "in_progress", content: ByteBuffer(), into: &$0) }
        return item
    }

    private mutating func openPart(_ kind: OpenPart.Kind, into buffer: inout ByteBuffer) -> ResponsesOutputItem {
        let item = message(into: &buffer)
        guard part.kind != kind else { return item }
        closePart(of: item, into: &buffer)
        part.kind = kind
        emit("response.content_part.added", into: &buffer) { [index = part.index] in
            $0.place(item, contentIndex: index)
            $0.key("part")
            if kind == .refusal {
                $0.refusalPart(.empty)
            } else {
                $0.outputTextPart(.empty, annotations: ByteBuffer(), logprobs: ByteBuffer())
            }
        }
        return item
    }

    private mutating func write(text: JSONText, into buffer: inout ByteBuffer) {
        let item = openPart(.text, into: &buffer)
        part.text.writeImmutableBuffer(text.content)
        emitDelta(text, logprobs: ByteBuffer(), of: item, into: &buffer)
    }

    private mutating func emitDelta(
        _ text: JSONText, logprobs: ByteBuffer, of item: ResponsesOutputItem, into buffer: inout ByteBuffer
    ) {
        emit("response.output_text.delta", into: &buffer) { [index = part.index] in
            $0.place(item, contentIndex: index)
            $0.member("delta", text)
            $0.array("logprobs") { if logprobs.readableBytes > 0 { $0.raw(logprobs) } }
        }
    }

    private mutating func write(refusal text: JSONText, into buffer: inout ByteBuffer) {
        hasRefusal = true
        let item = openPart(.refusal, into: &buffer)
        part.text.writeImmutableBuffer(text.content)
        emit("response.refusal.delta", into: &buffer) { [index = part.index] in
            $0.place(item, contentIndex: index)
            $0.member("delta", text)
        }
    }

    /// They come behind their text: a delta of no text carries them.
    private mutating func write(logprobs: JSONFragment, into buffer: inout ByteBuffer) {
        guard case .message(let item) = open, part.kind == .text else { return }
        let elements = ResponsesLogprobs.elements(logprobs)
        guard elements.readableBytes > 0 else { return }
        if part.logprobs.readableBytes > 0 { part.logprobs.writeStaticString(",") }
        part.logprobs.writeImmutableBuffer(elements)
        emitDelta(.empty, logprobs: elements, of: item, into: &buffer)
    }

    private mutating func write(citation: JSONFragment, into buffer: inout ByteBuffer) {
        guard case .message(let item) = open, part.kind == .text,
            let annotation = ResponsesCitation.annotation(citation, index: &index)
        else { return }
        part.annotations.fragment(annotation)
        emit("response.output_text.annotation.added", into: &buffer) { [part] in
            $0.place(item, contentIndex: part.index)
            $0.member("annotation_index", part.annotationCount)
            $0.member("annotation", annotation)
        }
        part.annotationCount &+= 1
    }

    /// Ends the open part: its whole text, and its place among the message's parts.
    private mutating func closePart(of item: ResponsesOutputItem, into buffer: inout ByteBuffer) {
        let text = JSONText(content: part.text)
        var written = JSONWriter()
        switch part.kind {
        case .none, .summary: return
        case .text:
            written.outputTextPart(text, annotations: part.annotations.buffer, logprobs: part.logprobs)
            emit("response.output_text.done", into: &buffer) { [part] in
                $0.place(item, contentIndex: part.index)
                $0.member("text", text)
                $0.array("logprobs") { if part.logprobs.readableBytes > 0 { $0.raw(part.logprobs) } }
            }
        case .refusal:
            written.refusalPart(text)
            emit("response.refusal.done", into: &buffer) { [index = part.index] in
                $0.place(item, contentIndex: index)
                $0.member("refusal", text)
            }
        }
        emit("response.content_part.done", into: &buffer) { [index = part.index] in
            $0.place(item, contentIndex: index)
            $0.member("part", raw: written.buffer)
        }
        var next = OpenPart()
        next.index = part.index &+ 1
        next.before = part.before
        next.before.raw(written.buffer)
        part = next
    }
}

extension ResponsesStreamWriter {
    private mutating func write(thought: JSONText, into buffer: inout ByteBuffer) {
        let item = reasoning(into: &buffer)
        if part.kind == .none {
            part.kind = .summary
            emit("response.reasoning_summary_part.added", into: &buffer) {
                $0.summaryPlace(item)
                $0.key("part")
                $0.summaryPart(.empty)
            }
        }
        part.text.writeImmutableBuffer(thought.content)
        emit("response.reasoning_summary_text.delta", into: &buffer) {
            $0.summaryPlace(item)
            $0.member("delta", thought)
        }
    }

    /// The thoughts to go on with, opened if none are.
    private mutating func reasoning(into buffer: inout ByteBuffer) -> ResponsesOutputItem {
        if case .reasoning(let item) = open { return item }
        closeAll(into: &buffer)
        let item = add(.reasoning)
        open = .reasoning(item)
        part = OpenPart()
        announce(item, into: &buffer) { item.writeReasoning(summary: nil, encrypted: nil, into: &$0) }
        return item
    }

    /// Ends the open thoughts with their seal; without any, the seal is an item of its own.
    private mutating func seal(_ encrypted: JSONText, into buffer: inout ByteBuffer) {
        closeReasoning(reasoning(into: &buffer), encrypted: encrypted, into: &buffer)
        open = .nothing
        part = OpenPart()
    }

    private mutating func closeReasoning(
        _ item: ResponsesOutputItem, encrypted: JSONText?, into buffer: inout ByteBuffer
    ) {
        let text = JSONText(content: part.text)
        if part.kind == .summary {
            emit("response.reasoning_summary_text.done", into: &buffer) {
                $0.summaryPlace(item)
                $0.member("text", text)
            }
            emit("response.reasoning_summary_part.done", into: &buffer) {
                $0.summaryPlace(item)
                $0.key("part")
                $0.summaryPart(text)
            }
        }
        complete(item, into: &buffer) { item.writeReasoning(summary: text, encrypted: encrypted, into: &$0) }
    }
}

extension ResponsesStreamWriter {
    private mutating func beginCall(
        _ number: Int, id: JSONText, name: JSONText, isCustom: Bool, into buffer: inout ByteBuffer
    ) {
        let item = add(isCustom ? .customCall : .functionCall)
        calls.append(OpenCall(number: number, item: item, id: id, name: name))
        announce(item, into: &buffer) {
            item.writeCall(callID: id, name: name, arguments: nil, status: "in_progress", into: &$0)
        }
    }

    private mutating func write(arguments: JSONText, _ number: Int, into buffer: inout ByteBuffer) {
        guard let position = calls.lastIndex(where: { $0.number == number && $0.isOpen }) else { return }
        calls[position].arguments.writeImmutableBuffer(arguments.content)
        emitArguments(arguments, of: calls[position].item, into: &buffer)
    }

    private mutating func emitArguments(
        _ arguments: JSONText, of item: ResponsesOutputItem, into buffer: inout ByteBuffer
    ) {
        let type: StaticString =
            item.kind == .customCall
            ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta"
        emit(type, into: &buffer) {
            $0.itemPlace(item)
            $0.member("delta", arguments)
        }
    }

    /// Ends all open calls, in their order.
    ///
    /// - Parameter last: the status of the last of them.
    private mutating func closeCalls(last: StaticString, into buffer: inout ByteBuffer) {
        let lastOpen = calls.lastIndex(where: \.isOpen)
        for position in calls.indices where calls[position].isOpen {
            calls[position].isOpen = false
            close(calls[position], status: position == lastOpen ? last : "completed", into: &buffer)
            calls[position].arguments = ByteBuffer()
        }
    }

    private mutating func close(_ call: OpenCall, status: StaticString, into buffer: inout ByteBuffer) {
        let item = call.item
        let isCustom = item.kind == .customCall
        let whole = ResponsesOutputItem.written(JSONText(content: call.arguments), isCustom: isCustom)
        if call.arguments.readableBytes == 0, !whole.isEmpty { emitArguments(whole, of: item, into: &buffer) }
        if isCustom {
            emit("response.custom_tool_call_input.done", into: &buffer) {
                $0.itemPlace(item)
                $0.member("input", whole)
            }
        } else {
            emit("response.function_call_arguments.done", into: &buffer) {
                $0.itemPlace(item)
                $0.member("name", call.name)
                $0.member("arguments", whole)
            }
        }
        complete(item, into: &buffer) {
            item.writeCall(callID: call.id, name: call.name, arguments: whole, status: status, into: &$0)
        }
    }

    /// Only pictures that came as data have an item here.
    private mutating func write(media: Part, into buffer: inout ByteBuffer) {
        guard case .image(let picture) = media.content, case .base64(let data) = picture.source else { return }
        closeAll(into: &buffer)
        let item = add(.picture)
        announce(item, into: &buffer) { item.writePicture(nil, into: &$0) }
        emit("response.image_generation_call.completed", into: &buffer) { $0.itemPlace(item) }
        complete(item, into: &buffer) { item.writePicture(data, into: &$0) }
    }
}

extension JSONWriter {
    fileprivate mutating func itemPlace(_ item: ResponsesOutputItem) {
        member("item_id", item.id)
        member("output_index", item.index)
    }

    fileprivate mutating func place(_ item: ResponsesOutputItem, contentIndex: Int) {
        itemPlace(item)
        member("content_index", contentIndex)
    }

    fileprivate mutating func summaryPlace(_ item: ResponsesOutputItem) {
        itemPlace(item)
        member("summary_index", 0)
    }
}
