import NIOCore
package import Wire

/// Reads a stream of the Messages form (platform.claude.com, streaming; package anthropic 2.11.0, read 2026-11).
package struct AnthropicStreamReader: Sendable {
    /// What the open block is.
    private enum Block: Sendable { case none, text, thinking, call(Int), ignored }

    private var hasBegun = false
    private var block = Block.none
    private var calls = 0
    private var usage = AnthropicUsage()
    private var isFinished = false
    private var hasEnded = false

    package init() {}

    package mutating func read(
        _ event: SSEEvent, index: inout JSONIndex, into events: inout [CompletionEvent]
    ) -> Bool {
        guard let root = JSONView(event.data, index: &index), root.isObject, let type = root["type"] else { return false }
        if !hasBegun, !type.means("error"), !type.means("ping") { start(root["message"], into: &events) }
        if type.means("content_block_delta") {
            if let delta = root["delta"] { read(delta: delta, into: &events) }
        } else if type.means("content_block_start") {
            if let start = root["content_block"] { open(start, into: &events) }
        } else if type.means("content_block_stop") {
            block = .none
        } else if type.means("message_delta") {
            finish(root, into: &events)
        } else if type.means("message_stop") {
            hasEnded = true
            events.append(.ended)
        } else if type.means("error") {
            events.append(.failed(UpstreamErrorReader.read(event.data, index: &index)))
        }
        return true
    }

    package mutating func finish(into events: inout [CompletionEvent]) {
        guard isFinished, !hasEnded else { return }
        hasEnded = true
        events.append(.ended)
    }

    private mutating func start(_ message: JSONView?, into events: inout [CompletionEvent]) {
        hasBegun = true
        if let counts = message?["usage"] { usage.merge(counts) }
        events.append(
            .began(
                CompletionStart(id: message?["id"]?.text, model: message?["model"]?.text, usage: usage.reported)))
        if let tier = message?["usage"]?["service_tier"]?.text { events.append(.serviceTier(tier)) }
    }

    private mutating func open(_ start: JSONView, into events: inout [CompletionEvent]) {
        guard let type = start["type"] else { return }
        if type.means("text") {
            block = .text
            if let text = start["text"]?.text, !text.isEmpty { events.append(.text(choice: 0, text)) }
        } else if type.means("thinking") {
            block = .thinking
            if let text = start["thinking"]?.text, !text.isEmpty { events.append(.reasoning(choice: 0, text)) }
        } else if type.means("tool_use"), let id = start["id"]?.text, let name = start["name"]?.text {
            block = .call(calls)
            events.append(
                .toolCallBegan(choice: 0, call: calls, id: id, name: name, isCustom: false, signature: nil))
            if let input = start["input"], input.isObject, input.fragment.bytes.readableBytes > 2 {
                events.append(.toolCallArguments(choice: 0, call: calls, input.fragment.asText))
            }
            calls += 1
        } else if type.means("redacted_thinking"), let data = start["data"]?.text {
            block = .ignored
            events.append(.redactedReasoning(choice: 0, Signature(origin: .anthropicMessages, value: data)))
        } else {
            block = .ignored
        }
    }

    private func read(delta: JSONView, into events: inout [CompletionEvent]) {
        guard let type = delta["type"] else { return }
        if type.means("text_delta") {
            if let text = delta["text"]?.text, !text.isEmpty { events.append(.text(choice: 0, text)) }
        } else if type.means("input_json_delta") {
            guard case .call(let call) = block, let text = delta["partial_json"]?.text, !text.isEmpty else { return }
            events.append(.toolCallArguments(choice: 0, call: call, text))
        } else if type.means("thinking_delta") {
            if let text = delta["thinking"]?.text, !text.isEmpty { events.append(.reasoning(choice: 0, text)) }
        } else if type.means("signature_delta"), let text = delta["signature"]?.text, !text.isEmpty {
            events.append(
                .reasoningSignature(
                    choice: 0, Signature(origin: .anthropicMessages, value: text), itemID: nil))
        } else if type.means("citations_delta"), let citation = delta["citation"] {
            events.append(.citation(choice: 0, citation.fragment))
        }
    }

    private mutating func finish(_ root: JSONView, into events: inout [CompletionEvent]) {
        if let counts = root["usage"] {
            usage.merge(counts)
            if let reported = usage.reported { events.append(.usage(reported)) }
        }
        guard !isFinished, let reason = root["delta"]?["stop_reason"] else { return }
        isFinished = true
        events.append(
            .finished(
                choice: 0, AnthropicStopReason.read(reason, sequence: root["delta"]?["stop_sequence"])))
    }
}
