import NIOCore
package import Wire

/// Reads a chat completion stream, in any vendor's dialect of the form.
package struct ChatStreamReader: Sendable {
    /// A tool call that has begun: what tells its later pieces from another's.
    private struct Call: Sendable {
        var index: Int64?
        var id: JSONText
    }

    private struct Choice: Sendable {
        var calls: [Call] = []
        var isFinished = false
    }

    private var hasBegun = false
    private var hasEnded = false
    private var choices: [Choice] = []

    package init() {}

    package mutating func read(
        _ event: SSEEvent, index: inout JSONIndex, into events: inout [CompletionEvent]
    ) -> Bool {
        if Self.isDone(event.data) {
            end(into: &events)
            return true
        }
        guard let root = JSONView(event.data, index: &index), root.isObject else { return false }
        if root["error"] != nil {
            events.append(.failed(UpstreamErrorReader.read(event.data, index: &index)))
            return true
        }
        if let list = root["choices"], list.kind != .array { return false }
        begin(root, into: &events)
        for (position, choice) in (root["choices"]?.elements ?? []).enumerated() {
            read(choice, position, into: &events)
        }
        if let usage = root["usage"].flatMap(ChatUsage.read) { events.append(.usage(usage)) }
        if let tier = root["service_tier"]?.text { events.append(.serviceTier(tier)) }
        return true
    }

    package mutating func finish(into events: inout [CompletionEvent]) {
        guard !choices.isEmpty, choices.allSatisfy(\.isFinished) else { return }
        end(into: &events)
    }

    private mutating func end(into events: inout [CompletionEvent]) {
        guard !hasEnded else { return }
        hasEnded = true
        events.append(.ended)
    }

    private static func isDone(_ data: ByteBuffer) -> Bool {
        guard data.readableBytes <= 16 else { return false }
        let bytes = data.readableBytesView.drop { $0 == 0x20 }
        return bytes.starts(with: "[DONE]".utf8)
    }

    private mutating func begin(_ root: JSONView, into events: inout [CompletionEvent]) {
        guard !hasBegun else { return }
        hasBegun = true
        let usage = root["usage"].flatMap(ChatUsage.read)
        events.append(
            .began(
                CompletionStart(
                    id: root["id"]?.text, model: root["model"]?.text, createdSeconds: root["created"]?.int64,
                    usage: usage?.prompt ?? 0 > 0 ? usage : nil)))
    }

    private mutating func read(_ choice: JSONView, _ position: Int, into events: inout [CompletionEvent]) {
        let number = Int(min(max(0, choice["index"]?.int64 ?? Int64(position)), 63))
        while choices.count <= number { choices.append(Choice()) }
        if let delta = choice["delta"] { read(delta: delta, number, into: &events) }
        if let logprobs = choice["logprobs"]?["content"], logprobs.kind == .array {
            events.append(.logprobs(choice: number, logprobs.fragment))
        }
        guard let reason = choice["finish_reason"], reason.kind == .string, !choices[number].isFinished else { return }
        choices[number].isFinished = true
        events.append(
            .finished(choice: number, ChatStopReason.read(reason, hasCalls: !choices[number].calls.isEmpty)))
    }

    private mutating func read(delta: JSONView, _ choice: Int, into events: inout [CompletionEvent]) {
        if let text = delta["reasoning_content"]?.text ?? delta["reasoning"]?.text, !text.isEmpty {
            events.append(.reasoning(choice: choice, text))
        }
        if let text = delta["content"]?.text, !text.isEmpty { events.append(.text(choice: choice, text)) }
        if let text = delta["refusal"]?.text, !text.isEmpty { events.append(.refusal(choice: choice, text)) }
        for annotation in delta["annotations"]?.elements ?? [] {
            events.append(.citation(choice: choice, annotation.fragment))
        }
        for (position, call) in (delta["tool_calls"]?.elements ?? []).enumerated() {
            read(call, position, choice, into: &events)
        }
    }

    private mutating func read(
        _ call: JSONView, _ position: Int, _ choice: Int, into events: inout [CompletionEvent]
    ) {
        let custom = call["custom"]
        let function = call["function"] ?? custom
        let name = function?["name"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        let number = place(of: call, position, choice) ?? begin(call, name, isCustom: custom != nil, choice, &events)
        guard let number else { return }
        let piece = function?["arguments"] ?? custom?["input"]
        if let text = piece?.text {
            if !text.isEmpty { events.append(.toolCallArguments(choice: choice, call: number, text)) }
        } else if let piece, piece.isObject {
            events.append(.toolCallArguments(choice: choice, call: number, piece.fragment.asText))
        }
    }

    /// The call a piece belongs to: by its index, else by its id, else by its position; nil: it begins a new one.
    private func place(of call: JSONView, _ position: Int, _ choice: Int) -> Int? {
        let calls = choices[choice].calls
        let id = call["id"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        if let index = call["index"]?.int64 { return calls.lastIndex { $0.index == index } }
        if let id { return calls.lastIndex { $0.id == id } }
        return position < calls.count ? position : calls.indices.last
    }

    private mutating func begin(
        _ call: JSONView, _ name: JSONText?, isCustom: Bool, _ choice: Int, _ events: inout [CompletionEvent]
    ) -> Int? {
        guard let name else { return nil }
        let number = choices[choice].calls.count
        let id =
            call["id"]?.text.flatMap { $0.isEmpty ? nil : $0 } ?? ToolCallID.minted(seed: 0, ordinal: number)
        choices[choice].calls.append(Call(index: call["index"]?.int64, id: id))
        events.append(
            .toolCallBegan(choice: choice, call: number, id: id, name: name, isCustom: isCustom, signature: nil))
        return number
    }
}
