import NIOCore
import Wire

extension ResponsesStreamWriter {
    mutating func beginCall(
        _ number: Int, id: JSONText, name: JSONText, isCustom: Bool, into buffer: inout ByteBuffer
    ) {
        let item = add(isCustom ? .customCall : .functionCall)
        var call = OpenCall(number: number, item: item, id: id, name: name)
        call.place = Self.deltaPlace { $0.itemPlace(item) }
        calls.append(call)
        announce(item, into: &buffer) {
            item.writeCall(callID: id, name: name, arguments: nil, status: "in_progress", into: &$0)
        }
    }

    mutating func write(arguments: JSONText, _ number: Int, into buffer: inout ByteBuffer) {
        guard let position = calls.lastIndex(where: { $0.number == number && $0.isOpen }) else { return }
        endPart(into: &buffer)
        calls[position].arguments.writeImmutableBuffer(arguments.content)
        emitArguments(arguments, of: calls[position], into: &buffer)
    }

    /// What is said after a call has gone on is a part of its own, as it is in the whole answer.
    private mutating func endPart(into buffer: inout ByteBuffer) {
        switch open {
        case .nothing: break
        case .message(let item): closePart(of: item, into: &buffer)
        case .reasoning: closeItem("completed", into: &buffer)
        }
    }

    private mutating func emitArguments(_ arguments: JSONText, of call: OpenCall, into buffer: inout ByteBuffer) {
        let head: StaticString =
            call.item.kind == .customCall
            ? "event: response.custom_tool_call_input.delta\ndata: {\"type\":\"response.custom_tool_call_input.delta\",\"sequence_number\":"
            : "event: response.function_call_arguments.delta\ndata: {\"type\":\"response.function_call_arguments.delta\",\"sequence_number\":"
        emitDelta(head, call.place, arguments, "\"}\n\n", into: &buffer)
    }

    /// Ends all open calls, in their order.
    ///
    /// - Parameter last: the status of the last of them.
    mutating func closeCalls(last: StaticString, into buffer: inout ByteBuffer) {
        let lastOpen = calls.lastIndex(where: \.isOpen)
        for position in calls.indices where calls[position].isOpen {
            calls[position].isOpen = false
            close(calls[position], status: position == lastOpen ? last : "completed", into: &buffer)
            calls[position].arguments = ByteBuffer()
        }
    }

    mutating func close(_ call: OpenCall, status: StaticString, into buffer: inout ByteBuffer) {
        let item = call.item
        let isCustom = item.kind == .customCall
        let whole = ResponsesOutputItem.written(JSONText(content: call.arguments), isCustom: isCustom)
        if call.arguments.readableBytes == 0, !whole.isEmpty { emitArguments(whole, of: call, into: &buffer) }
        if isCustom {
            emit("response.custom_tool_call_input.done", into: &buffer) {
                $0.itemPlace(item)
                $0.member("input", whole)
            }
        } else {
            emit("response.function_call_arguments.done", into: &buffer) {
                $0.itemPlace(item)
                $0.member("arguments", whole)
            }
        }
        complete(item, into: &buffer) {
            item.writeCall(callID: call.id, name: call.name, arguments: whole, status: status, into: &$0)
        }
    }

    /// Only pictures that came as data have an item here.
    mutating func write(media: Part, into buffer: inout ByteBuffer) {
        guard case .image(let picture) = media.content, case .base64(let data) = picture.source else { return }
        closeAll(into: &buffer)
        let item = add(.picture)
        announce(item, into: &buffer) { item.writePicture(nil, into: &$0) }
        emit("response.image_generation_call.completed", into: &buffer) { $0.itemPlace(item) }
        complete(item, into: &buffer) { item.writePicture(data, into: &$0) }
    }
}
