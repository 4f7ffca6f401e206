package import NIOCore

/// The events of a Responses stream that say something of the answer (OpenAI's package 3.52.0, read 2026-11).
package enum ResponsesEventKind: UInt8, Sendable {
    case created, queued, inProgress
    case itemAdded, itemDone
    case partAdded
    case textDelta, textDone, refusalDelta, refusalDone, annotationAdded
    case argumentsDelta, argumentsDone, inputDelta, inputDone
    case summaryPartAdded, summaryDelta, summaryDone, thoughtDelta, thoughtDone
    case completed, incomplete, failed, error
    /// A type this version does not know, or one that says nothing new.
    case other

    /// - Parameter node: a `type`'s value; `other` for anything but a known name.
    package init(_ node: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        guard let content = index.content(index[node], in: bytes) else {
            self = .other
            return
        }
        self.init(content)
    }

    /// - Parameter name: an event's name, as its `event` line has it.
    package init(_ name: ByteBuffer) {
        self = name.withUnsafeReadableBytes { ResponsesEventKind($0) }
    }

    private init(_ name: UnsafeRawBufferPointer) {
        self =
            switch name.count {
            case 5 where name.spells("error"): .error
            case 15 where name.spells("response.queued"): .queued
            case 15 where name.spells("response.failed"): .failed
            case 16 where name.spells("response.created"): .created
            case 18 where name.spells("response.completed"): .completed
            case 19 where name.spells("response.incomplete"): .incomplete
            case 20 where name.spells("response.in_progress"): .inProgress
            case 21 where name.spells("response.refusal.done"): .refusalDone
            case 22 where name.spells("response.refusal.delta"): .refusalDelta
            case 25 where name.spells("response.output_text.done"): .textDone
            case 25 where name.spells("response.output_item.done"): .itemDone
            case 26 where name.spells("response.output_text.delta"): .textDelta
            case 26 where name.spells("response.output_item.added"): .itemAdded
            case 27 where name.spells("response.content_part.added"): .partAdded
            case 28 where name.spells("response.reasoning_text.done"): .thoughtDone
            case 29 where name.spells("response.reasoning_text.delta"): .thoughtDelta
            case 36 where name.spells("response.reasoning_summary_text.done"): .summaryDone
            case 36 where name.spells("response.custom_tool_call_input.done"): .inputDone
            case 37 where name.spells("response.reasoning_summary_text.delta"): .summaryDelta
            case 37 where name.spells("response.reasoning_summary_part.added"): .summaryPartAdded
            case 37 where name.spells("response.custom_tool_call_input.delta"): .inputDelta
            case 37 where name.spells("response.output_text.annotation.added"): .annotationAdded
            case 37 where name.spells("response.function_call_arguments.done"): .argumentsDone
            case 38 where name.spells("response.function_call_arguments.delta"): .argumentsDelta
            default: .other
            }
    }
}
