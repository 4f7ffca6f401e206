import NIOCore
import Wire

extension ResponsesStreamWriter {
    /// The message to go on with, opened if none is.
    mutating func message(into buffer: inout ByteBuffer) -> ResponsesOutputItem {
        if case .message(let item) = open { return item }
        closeItem("completed", into: &buffer)
        let item = add(.message)
        open = .message(item)
        part = OpenPart()
        announce(item, into: &buffer) { item.writeMessage(status: "in_progress", content: ByteBuffer(), into: &$0) }
        return item
    }

    mutating func openPart(_ kind: OpenPart.Kind, into buffer: inout ByteBuffer) -> ResponsesOutputItem {
        let item = message(into: &buffer)
        guard part.kind != kind else { return item }
        closePart(of: item, into: &buffer)
        part.kind = kind
        part.place = Self.deltaPlace { [index = part.index] in $0.place(item, contentIndex: index) }
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

    mutating func write(text: JSONText, into buffer: inout ByteBuffer) {
        _ = openPart(.text, into: &buffer)
        part.text.writeImmutableBuffer(text.content)
        emitDelta(
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":",
            part.place, text, "\",\"logprobs\":[]}\n\n", into: &buffer)
    }

    mutating func write(refusal text: JSONText, into buffer: inout ByteBuffer) {
        hasRefusal = true
        _ = openPart(.refusal, into: &buffer)
        part.text.writeImmutableBuffer(text.content)
        emitDelta(
            "event: response.refusal.delta\ndata: {\"type\":\"response.refusal.delta\",\"sequence_number\":",
            part.place, text, "\"}\n\n", into: &buffer)
    }

    /// They come behind their text: a delta of no text carries them.
    mutating func write(logprobs: JSONFragment, into buffer: inout ByteBuffer) {
        guard case .message(let item) = open, part.kind == .text else { return }
        let elements = ResponsesLogprobs.elements(logprobs)
        guard elements.readableBytes > 0 else { return }
        if part.logprobs.readableBytes > 0 { part.logprobs.writeStaticString(",") }
        part.logprobs.writeImmutableBuffer(elements)
        emit("response.output_text.delta", into: &buffer) { [index = part.index] in
            $0.place(item, contentIndex: index)
            $0.member("delta", JSONText.empty)
            $0.array("logprobs") { $0.raw(elements) }
        }
    }

    /// A citation is of the text said last: where that has ended, it is told of behind it, and is in the response's end.
    mutating func write(citation: JSONFragment, into buffer: inout ByteBuffer) {
        guard let annotation = ResponsesCitation.annotation(citation, index: &index) else { return }
        if case .message(let item) = open, part.kind == .text {
            announce(annotation, at: part.annotationCount, of: item, contentIndex: part.index, into: &buffer)
            part.annotations.fragment(annotation)
            part.annotationCount &+= 1
        } else if var said = lastText {
            let place = said.part
            announce(annotation, at: place.annotationCount, of: said.item, contentIndex: place.index, into: &buffer)
            said.part.annotations.fragment(annotation)
            said.part.annotationCount &+= 1
            lastText = said
            keep(said)
        }
    }

    private mutating func announce(
        _ annotation: JSONFragment, at place: Int, of item: ResponsesOutputItem, contentIndex: Int,
        into buffer: inout ByteBuffer
    ) {
        emit("response.output_text.annotation.added", into: &buffer) {
            $0.place(item, contentIndex: contentIndex)
            $0.member("annotation_index", place)
            $0.member("annotation", annotation)
        }
    }

    /// Puts a text that has changed back among what has been said.
    private mutating func keep(_ said: SaidText) {
        var written = JSONWriter()
        written.outputTextPart(
            JSONText(content: said.part.text), annotations: said.part.annotations.buffer, logprobs: said.part.logprobs)
        let parts = said.part.before + [written.buffer] + said.after
        guard let status = said.status else {
            part.before = parts
            return
        }
        var message = JSONWriter()
        said.item.writeMessage(status: status, content: parts.asElements, into: &message)
        if done.indices.contains(said.item.index) { done[said.item.index] = message.buffer }
    }

    /// Ends the open part: its whole text, and its place among the message's parts.
    mutating func closePart(of item: ResponsesOutputItem, into buffer: inout ByteBuffer) {
        let text = JSONText(content: part.text)
        var written = JSONWriter()
        switch part.kind {
        case .none, .summary: return
        case .text:
            lastText = SaidText(item: item, part: part)
            written.outputTextPart(text, annotations: part.annotations.buffer, logprobs: part.logprobs)
            emit("response.output_text.done", into: &buffer) { [part] in
                $0.place(item, contentIndex: part.index)
                $0.member("text", text)
                $0.array("logprobs") { if part.logprobs.readableBytes > 0 { $0.raw(part.logprobs) } }
            }
        case .refusal:
            written.refusalPart(text)
            if lastText?.item.index == item.index { lastText?.after.append(written.buffer) }
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
        next.before.append(written.buffer)
        part = next
    }
}
