import NIOCore
import Wire

/// The items of a stream that is read: which have said something, and which calls they are.
struct ResponsesStreamItems: Sendable {
    private struct Call: Sendable {
        var outputIndex: Int64?
        var itemID: JSONText?
        var hasArguments = false
    }

    private enum ThoughtKind { case none, summary, plain }

    private var calls: [Call] = []
    /// Bit i: the item at output index i has said something; the last bit stands for all that are further back.
    private var spoken: UInt64 = 0
    /// The part that thoughts last came of.
    private var thought = (item: Int64(-1), kind: ThoughtKind.none, part: Int64(0))
    private(set) var hasRefusal = false
    /// An item came.
    private(set) var areAny = false

    var hasCalls: Bool { !calls.isEmpty }

    mutating func read(_ kind: ResponsesEventKind, _ text: ResponsesText, into events: inout [CompletionEvent]) {
        areAny = true
        switch kind {
        case .textDelta: readText(text, "delta", into: &events)
        case .argumentsDelta, .inputDelta: readArguments(text, "delta", into: &events)
        case .summaryDelta: readThought(text, "delta", .summary, "summary_index", into: &events)
        case .thoughtDelta: readThought(text, "delta", .plain, "content_index", into: &events)
        case .refusalDelta: readRefusal(text, "delta", into: &events)
        case .textDone: if !hasSpoken(text) { readText(text, "text", into: &events) }
        case .refusalDone: if !hasSpoken(text) { readRefusal(text, "refusal", into: &events) }
        case .argumentsDone: finishArguments(text, "arguments", into: &events)
        case .inputDone: finishArguments(text, "input", into: &events)
        case .annotationAdded:
            if let annotation = text.member("annotation", of: 0), text.kind(annotation) == .object {
                events.append(.citation(choice: 0, text.fragment(annotation)))
            }
        case .itemAdded: if let item = text.member("item", of: 0) { begin(item, text, into: &events) }
        case .itemDone: if let item = text.member("item", of: 0) { finish(item, text, into: &events) }
        case .created, .queued, .inProgress, .partAdded, .summaryPartAdded, .summaryDone, .thoughtDone, .completed,
            .incomplete, .failed, .error, .other:
            break
        }
    }

    /// An item of a response whose items were not streamed.
    mutating func readWhole(_ item: Int, in text: ResponsesText, into events: inout [CompletionEvent]) {
        spoken = 0
        guard let type = text.member("type", of: item) else { return }
        if text.equals(type, "function_call") || text.equals(type, "custom_tool_call") {
            let isCustom = text.equals(type, "custom_tool_call")
            beginCall(item, text, isCustom: isCustom, outputIndex: nil, into: &events)
            if let arguments = isCustom ? text.text("input", of: item) : text.text("arguments", of: item) {
                append(arguments, to: calls.count - 1, into: &events)
            }
        } else {
            finish(item, text, into: &events)
        }
    }

    private func bit(_ text: ResponsesText) -> UInt64 {
        let index = text.member("output_index", of: 0).flatMap { text.index.int64($0, in: text.bytes) } ?? 0
        return 1 << UInt64(min(max(0, index), 63))
    }

    private func hasSpoken(_ text: ResponsesText) -> Bool { spoken & bit(text) != 0 }

    private mutating func readText(
        _ text: ResponsesText, _ name: StaticString, into events: inout [CompletionEvent]
    ) {
        guard let piece = text.text(name, of: 0), !piece.isEmpty else { return addLogprobs(text, into: &events) }
        spoken |= bit(text)
        events.append(.text(choice: 0, piece))
        addLogprobs(text, into: &events)
    }

    private func addLogprobs(_ text: ResponsesText, into events: inout [CompletionEvent]) {
        guard let logprobs = text.member("logprobs", of: 0), text.kind(logprobs) == .array,
            text.index.childCount(of: logprobs) > 0
        else { return }
        events.append(.logprobs(choice: 0, text.fragment(logprobs)))
    }

    private mutating func readRefusal(
        _ text: ResponsesText, _ name: StaticString, into events: inout [CompletionEvent]
    ) {
        hasRefusal = true
        guard let piece = text.text(name, of: 0), !piece.isEmpty else { return }
        spoken |= bit(text)
        events.append(.refusal(choice: 0, piece))
    }

    /// Of an item's summary and its plain thoughts what comes first is taken.
    private mutating func readThought(
        _ text: ResponsesText, _ name: StaticString, _ kind: ThoughtKind, _ partName: StaticString,
        into events: inout [CompletionEvent]
    ) {
        guard let piece = text.text(name, of: 0), !piece.isEmpty else { return }
        let item = text.member("output_index", of: 0).flatMap { text.index.int64($0, in: text.bytes) } ?? 0
        let part = text.member(partName, of: 0).flatMap { text.index.int64($0, in: text.bytes) } ?? 0
        if thought.item == item {
            guard thought.kind == kind else { return }
            if thought.part != part { events.append(.reasoning(choice: 0, Self.separator)) }
        }
        thought = (item, kind, part)
        spoken |= bit(text)
        events.append(.reasoning(choice: 0, piece))
    }

    private static let separator = JSONText(content: ByteBuffer(staticString: ResponsesItems.summarySeparator))
}

extension ResponsesStreamItems {
    /// The call that the event is about: nil where none is known.
    private func call(_ text: ResponsesText) -> Int? {
        let outputIndex = text.member("output_index", of: 0).flatMap { text.index.int64($0, in: text.bytes) }
        if let outputIndex, let found = calls.lastIndex(where: { $0.outputIndex == outputIndex }) { return found }
        if let id = text.text("item_id", of: 0) { return calls.lastIndex { $0.itemID == id } }
        return outputIndex == nil && !calls.isEmpty ? calls.count - 1 : nil
    }

    private mutating func append(_ piece: JSONText, to call: Int, into events: inout [CompletionEvent]) {
        guard !piece.isEmpty, calls.indices.contains(call) else { return }
        calls[call].hasArguments = true
        events.append(.toolCallArguments(choice: 0, call: call, piece))
    }

    private mutating func readArguments(
        _ text: ResponsesText, _ name: StaticString, into events: inout [CompletionEvent]
    ) {
        guard let call = call(text), let piece = text.text(name, of: 0) else { return }
        append(piece, to: call, into: &events)
    }

    private mutating func finishArguments(
        _ text: ResponsesText, _ name: StaticString, into events: inout [CompletionEvent]
    ) {
        guard let call = call(text), !calls[call].hasArguments, let whole = text.text(name, of: 0) else { return }
        append(whole, to: call, into: &events)
    }

    private mutating func beginCall(
        _ item: Int, _ text: ResponsesText, isCustom: Bool, outputIndex: Int64?, into events: inout [CompletionEvent]
    ) {
        let number = calls.count
        calls.append(Call(outputIndex: outputIndex, itemID: text.text("id", of: item)))
        events.append(
            .toolCallBegan(
                choice: 0, call: number, id: ResponsesItems.callID(of: item, ordinal: number, in: text),
                name: text.text("name", of: item) ?? .empty, isCustom: isCustom, signature: nil))
    }

    /// A call that began without its name waits for the item's end.
    private mutating func begin(_ item: Int, _ text: ResponsesText, into events: inout [CompletionEvent]) {
        guard let type = text.member("type", of: item), text.text("name", of: item) != nil else { return }
        let isCustom = text.equals(type, "custom_tool_call")
        guard isCustom || text.equals(type, "function_call") else { return }
        let outputIndex = text.member("output_index", of: 0).flatMap { text.index.int64($0, in: text.bytes) }
        beginCall(item, text, isCustom: isCustom, outputIndex: outputIndex, into: &events)
    }

    private mutating func finish(_ item: Int, _ text: ResponsesText, into events: inout [CompletionEvent]) {
        guard let type = text.member("type", of: item) else { return }
        if text.equals(type, "message") {
            if !hasSpoken(text) { readMessage(item, text, into: &events) }
        } else if text.equals(type, "reasoning") {
            finishReasoning(item, text, into: &events)
        } else if text.equals(type, "function_call") || text.equals(type, "custom_tool_call") {
            finishCall(item, text, isCustom: text.equals(type, "custom_tool_call"), into: &events)
        } else if text.equals(type, "image_generation_call"), let picture = ResponsesItems.picture(item, in: text) {
            events.append(.media(choice: 0, picture))
        }
    }

    private mutating func finishCall(
        _ item: Int, _ text: ResponsesText, isCustom: Bool, into events: inout [CompletionEvent]
    ) {
        var number = call(text)
        if number == nil, let id = text.text("id", of: item) { number = calls.lastIndex { $0.itemID == id } }
        if number == nil {
            let outputIndex = text.member("output_index", of: 0).flatMap { text.index.int64($0, in: text.bytes) }
            beginCall(item, text, isCustom: isCustom, outputIndex: outputIndex, into: &events)
            number = calls.count - 1
        }
        guard let number, calls.indices.contains(number), !calls[number].hasArguments,
            let whole = isCustom ? text.text("input", of: item) : text.text("arguments", of: item)
        else { return }
        append(whole, to: number, into: &events)
    }

    private mutating func finishReasoning(_ item: Int, _ text: ResponsesText, into events: inout [CompletionEvent]) {
        let reasoning = ResponsesItems.reasoning(item, in: text)
        if !hasSpoken(text), !reasoning.text.isEmpty { events.append(.reasoning(choice: 0, reasoning.text)) }
        if let signature = ResponsesItems.signature(of: item, in: text) {
            events.append(.reasoningSignature(choice: 0, signature, itemID: reasoning.id))
        }
    }

    private mutating func readMessage(_ item: Int, _ text: ResponsesText, into events: inout [CompletionEvent]) {
        guard let content = text.member("content", of: item) else { return }
        for part in text.index.elements(of: content) {
            if let refusal = text.text("refusal", of: part) {
                hasRefusal = true
                if !refusal.isEmpty { events.append(.refusal(choice: 0, refusal)) }
            } else if let said = text.text("text", of: part) {
                if !said.isEmpty { events.append(.text(choice: 0, said)) }
                if let annotations = text.member("annotations", of: part) {
                    for annotation in text.index.elements(of: annotations) {
                        events.append(.citation(choice: 0, text.fragment(annotation)))
                    }
                }
            }
        }
    }
}
