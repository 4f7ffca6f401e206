import NIOCore
import Wire

extension ResponsesStreamWriter {
    mutating func write(thought: JSONText, into buffer: inout ByteBuffer) {
        let item = reasoning(into: &buffer)
        if part.kind == .none {
            part.kind = .summary
            part.place = Self.deltaPlace { $0.summaryPlace(item) }
            emit("response.reasoning_summary_part.added", into: &buffer) {
                $0.summaryPlace(item)
                $0.key("part")
                $0.summaryPart(.empty)
            }
        }
        part.text.writeImmutableBuffer(thought.content)
        emitDelta(
            "event: response.reasoning_summary_text.delta\ndata: {\"type\":\"response.reasoning_summary_text.delta\",\"sequence_number\":",
            part.place, thought, "\"}\n\n", into: &buffer)
    }

    /// The thoughts to go on with, opened if none are.
    mutating func reasoning(into buffer: inout ByteBuffer) -> ResponsesOutputItem {
        if case .reasoning(let item) = open { return item }
        closeItem("completed", into: &buffer)
        let item = add(.reasoning)
        open = .reasoning(item)
        part = OpenPart()
        announce(item, into: &buffer) { item.writeReasoning(summary: nil, encrypted: nil, into: &$0) }
        return item
    }

    /// Ends the open thoughts with their seal; without any, the seal is an item of its own.
    mutating func seal(_ encrypted: JSONText, into buffer: inout ByteBuffer) {
        closeReasoning(reasoning(into: &buffer), encrypted: encrypted, into: &buffer)
        open = .nothing
        part = OpenPart()
    }

    mutating func closeReasoning(
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
