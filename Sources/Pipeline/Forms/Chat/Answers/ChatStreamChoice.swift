import NIOCore
import Wire

/// One choice of a chat stream, being read.
struct ChatStreamChoice: Sendable {
    /// A tool call that has begun: what tells its later pieces from another's.
    private struct Call: Sendable {
        var index: Int64?
        var id: JSONText
        var name: JSONText
        var hasArguments = false
    }

    let number: Int
    private(set) var isFinished = false
    private var calls: [Call] = []
    /// The number of the deprecated form's only call.
    private var functionCall: Int?

    init(number: Int) {
        self.number = number
    }

    mutating func read(_ choice: JSONView, seed: UInt64, into events: inout [CompletionEvent]) {
        if let delta = choice["delta"] { read(delta: delta, seed, into: &events) }
        if let logprobs = choice["logprobs"]?["content"], logprobs.kind == .array, logprobs.hasElements {
            events.append(.logprobs(choice: number, logprobs.fragment))
        }
        guard !isFinished, let reason = choice["finish_reason"],
            let stop = ChatStopReason.read(reason, hasCalls: !calls.isEmpty)
        else { return }
        isFinished = true
        events.append(.finished(choice: number, stop))
    }

    private mutating func read(delta: JSONView, _ seed: UInt64, into events: inout [CompletionEvent]) {
        readThoughts(of: delta, into: &events)
        if let content = delta["content"] { read(content: content, into: &events) }
        if let text = delta["refusal"]?.text, !text.isEmpty { events.append(.refusal(choice: number, text)) }
        if let annotations = delta["annotations"] {
            for annotation in annotations.elements { events.append(.citation(choice: number, annotation.fragment)) }
        }
        if let images = delta["images"] {
            for image in images.elements {
                if let picture = ChatMedia.image(image) { events.append(.media(choice: number, picture)) }
            }
        }
        if let audio = delta["audio"] { read(audio: audio, into: &events) }
        if let list = delta["tool_calls"] {
            for (position, call) in list.elements.enumerated() { read(call, position, seed, into: &events) }
        }
        if let call = delta["function_call"] { read(functionCall: call, seed, into: &events) }
    }

    /// `reasoning_content`, or `reasoning` as vLLM since 0.11 and Ollama say.
    private func readThoughts(of delta: JSONView, into events: inout [CompletionEvent]) {
        if let text = delta["reasoning_content"]?.text ?? delta["reasoning"]?.text, !text.isEmpty {
            events.append(.reasoning(choice: number, text))
        }
        if let text = delta["reasoning_signature"]?.text, !text.isEmpty {
            let signature = Signature.opened(text, from: .openAIChat)
            events.append(.reasoningSignature(choice: number, signature, itemID: nil))
        }
        guard let redacted = delta["redacted_reasoning"] else { return }
        for text in redacted.elements.compactMap(\.text) {
            events.append(.redactedReasoning(choice: number, Signature.opened(text, from: .openAIChat)))
        }
    }

    private func read(content: JSONView, into events: inout [CompletionEvent]) {
        if let text = content.text {
            if !text.isEmpty { events.append(.text(choice: number, text)) }
            return
        }
        for part in content.elements {
            if let text = part["text"]?.text, !text.isEmpty {
                events.append(.text(choice: number, text))
            } else if let picture = ChatMedia.image(part) {
                events.append(.media(choice: number, picture))
            }
        }
    }

    private func read(audio: JSONView, into events: inout [CompletionEvent]) {
        for part in ChatMedia.audio(audio) {
            if case .text(let said) = part.content {
                events.append(.text(choice: number, said))
            } else {
                events.append(.media(choice: number, part))
            }
        }
    }

    // MARK: Calls

    private mutating func read(
        _ call: JSONView, _ position: Int, _ seed: UInt64, into events: inout [CompletionEvent]
    ) {
        let custom = call["custom"]
        let function = call["function"] ?? custom
        let name = function?["name"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        let piece = function?["arguments"] ?? custom?["input"]
        if let place = place(of: call, name, piece, position) {
            return append(piece, to: place, into: &events)
        }
        guard let name else { return }
        let id =
            call["id"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? ToolCallID.minted(seed: seed, ordinal: calls.count)
        begin(Call(index: call["index"]?.int64, id: id, name: name), isCustom: custom != nil, into: &events)
        append(piece, to: calls.count - 1, into: &events)
    }

    /// The call a piece belongs to: by its index, else by its id, else by its position; nil: it begins a new one.
    ///
    /// Of servers that give all calls one index, a name with another id begins the next.
    private func place(of call: JSONView, _ name: JSONText?, _ piece: JSONView?, _ position: Int) -> Int? {
        let id = call["id"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        if let index = call["index"]?.int64 {
            guard let place = calls.lastIndex(where: { $0.index == index }) else { return nil }
            return name != nil && id != nil && calls[place].id != id ? nil : place
        }
        if let id { return calls.lastIndex { $0.id == id } ?? (name == nil ? calls.indices.last : nil) }
        guard name != nil else { return position < calls.count ? position : calls.indices.last }
        guard position < calls.count, calls[position].name == name else { return nil }
        return calls[position].hasArguments && piece?.beginsObject == true ? nil : position
    }

    private mutating func begin(_ call: Call, isCustom: Bool, into events: inout [CompletionEvent]) {
        events.append(
            .toolCallBegan(
                choice: number, call: calls.count, id: call.id, name: call.name, isCustom: isCustom, signature: nil))
        calls.append(call)
    }

    private mutating func append(_ piece: JSONView?, to call: Int, into events: inout [CompletionEvent]) {
        guard let piece, let text = piece.text ?? (piece.isObject ? piece.fragment.asText : nil), !text.isEmpty else {
            return
        }
        calls[call].hasArguments = true
        events.append(.toolCallArguments(choice: number, call: call, text))
    }

    /// The deprecated form has one call, without an id.
    private mutating func read(functionCall call: JSONView, _ seed: UInt64, into events: inout [CompletionEvent]) {
        if functionCall == nil {
            guard let name = call["name"]?.text, !name.isEmpty else { return }
            functionCall = calls.count
            let id = ToolCallID.minted(seed: seed, ordinal: calls.count)
            begin(Call(index: nil, id: id, name: name), isCustom: false, into: &events)
        }
        if let functionCall { append(call["arguments"], to: functionCall, into: &events) }
    }
}

extension JSONView {
    /// It is an object, or a text that begins like one: whole arguments, or the first piece of them.
    fileprivate var beginsObject: Bool {
        isObject || text?.content.readableBytesView.first { $0 != 0x20 } == UInt8(ascii: "{")
    }
}
