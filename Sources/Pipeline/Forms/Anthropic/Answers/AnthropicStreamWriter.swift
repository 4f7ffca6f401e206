package import NIOCore
import Wire

/// Writes a stream of the Messages form: blocks one after another, never two open at a time.
///
/// Vendors of other forms may mix the pieces of several tool calls: those of a call whose turn has not come are kept until
/// the open block is done.
package struct AnthropicStreamWriter: Sendable {
    private enum Open: Equatable, Sendable { case none, text, thinking, call(Int) }

    /// A tool call whose block cannot be opened yet.
    private struct Waiting: Sendable {
        var call: Int
        var id: JSONText
        var name: JSONText
        var arguments: ByteBuffer
    }

    private let context: CompletionContext
    private var open = Open.none
    private var nextIndex = 0
    private var waiting: [Waiting] = []
    private var stop: StopReason?
    private var usage: ReportedUsage?
    private var hasBegun = false
    private var hasRefused = false
    private var hasThought = false

    package init(context: CompletionContext) {
        self.context = context
    }

    package mutating func write(_ event: CompletionEvent, into buffer: inout ByteBuffer) {
        switch event {
        case .began(let start): begin(start, &buffer)
        case .text(0, let text): writeText(text, &buffer)
        case .refusal(0, let text):
            hasRefused = true
            writeText(text, &buffer)
        case .reasoning(0, let text):
            guard !text.isEmpty else { return }
            enter(.thinking, &buffer)
            hasThought = true
            delta("thinking_delta", "thinking", text, &buffer)
        case .reasoningSignature(0, let signature, _):
            // The thoughts' block has been closed: what comes behind the text (Gemini's may) is not needed there.
            if hasThought, open != .thinking { return }
            enter(.thinking, &buffer)
            sign(signature, &buffer)
            open = .text
            close(&buffer)
        case .redactedReasoning(0, let signature): writeRedacted(signature, &buffer)
        case .toolCallBegan(0, let call, let id, let name, _, let signature):
            begin(call, ToolCallID.sealed(id, signature: signature, for: .anthropicMessages), name, &buffer)
        case .toolCallArguments(0, let call, let text): writeArguments(text, of: call, &buffer)
        case .media(0, let part):
            if case .image(let media) = part.content, let link = media.markdown { writeText(link, &buffer) }
        case .finished(0, let reason):
            drain(&buffer)
            stop = hasRefused ? .refusal : reason
        case .usage(let usage): self.usage = usage
        case .ended: end(&buffer)
        case .text, .refusal, .reasoning, .reasoningSignature, .redactedReasoning, .toolCallBegan, .toolCallArguments,
            .media, .finished, .citation, .logprobs, .serviceTier, .failed:
            break
        }
    }

    package mutating func write(failure: ClientError, into buffer: inout ByteBuffer) {
        AnthropicErrorWriter.writeEvent(failure, into: &buffer)
    }

    // MARK: The message

    private mutating func begin(_ start: CompletionStart, _ buffer: inout ByteBuffer) {
        guard !hasBegun else { return }
        hasBegun = true
        usage = start.usage
        var shown = start.usage ?? ReportedUsage()
        if start.usage == nil { shown.prompt = context.estimatedInputTokens }
        shown.completion = shown.completion ?? 1
        event("message_start", &buffer) { root in
            root.object("message") { message in
                message.member("id", start.id ?? JSONText("msg_" + context.idSeed))
                message.member("type", raw: "\"message\"")
                message.member("role", raw: "\"assistant\"")
                message.member("model", start.model ?? JSONText(context.upstreamModel))
                message.member("content", raw: "[]")
                message.member("stop_reason", raw: "null")
                message.member("stop_sequence", raw: "null")
                message.object("usage") { AnthropicUsage.write(shown, to: &$0) }
            }
        }
    }

    private mutating func end(_ buffer: inout ByteBuffer) {
        drain(&buffer)
        event("message_delta", &buffer) { root in
            root.object("delta") { AnthropicStopReason.write(stop, to: &$0) }
            root.object("usage") { AnthropicUsage.write(usage, hasInput: usage != nil, to: &$0) }
        }
        event("message_stop", &buffer) { _ in }
    }

    // MARK: Blocks

    private mutating func writeText(_ text: JSONText, _ buffer: inout ByteBuffer) {
        guard !text.isEmpty else { return }
        enter(.text, &buffer)
        delta("text_delta", "text", text, &buffer)
    }

    private mutating func enter(_ kind: Open, _ buffer: inout ByteBuffer) {
        guard open != kind else { return }
        drain(&buffer)
        startBlock(&buffer) { block in
            if kind == .thinking {
                block.member("type", raw: "\"thinking\"")
                block.member("thinking", raw: "\"\"")
                block.member("signature", raw: "\"\"")
            } else {
                block.member("type", raw: "\"text\"")
                block.member("text", raw: "\"\"")
            }
        }
        open = kind
    }

    private mutating func writeRedacted(_ signature: Signature, _ buffer: inout ByteBuffer) {
        drain(&buffer)
        startBlock(&buffer) { block in
            block.member("type", raw: "\"redacted_thinking\"")
            block.member("data", signature.sealed(for: .anthropicMessages))
        }
        open = .text
        close(&buffer)
    }

    private mutating func begin(_ call: Int, _ id: JSONText, _ name: JSONText, _ buffer: inout ByteBuffer) {
        if case .call = open {
            waiting.append(Waiting(call: call, id: id, name: name, arguments: ByteBuffer()))
            return
        }
        drain(&buffer)
        openCall(call, id, name, &buffer)
    }

    private mutating func openCall(_ call: Int, _ id: JSONText, _ name: JSONText, _ buffer: inout ByteBuffer) {
        startBlock(&buffer) { block in
            block.member("type", raw: "\"tool_use\"")
            block.member("id", id)
            block.member("name", name)
            block.member("input", raw: "{}")
        }
        open = .call(call)
    }

    private mutating func writeArguments(_ text: JSONText, of call: Int, _ buffer: inout ByteBuffer) {
        if open == .call(call) { return delta("input_json_delta", "partial_json", text, &buffer) }
        guard let place = waiting.firstIndex(where: { $0.call == call }) else { return }
        waiting[place].arguments.writeImmutableBuffer(text.content)
    }

    /// Ends the open block, and writes the calls that waited for it.
    private mutating func drain(_ buffer: inout ByteBuffer) {
        close(&buffer)
        let calls = waiting
        waiting = []
        for call in calls {
            openCall(call.call, call.id, call.name, &buffer)
            if call.arguments.readableBytes > 0 {
                delta("input_json_delta", "partial_json", JSONText(content: call.arguments), &buffer)
            }
            close(&buffer)
        }
    }

    private mutating func close(_ buffer: inout ByteBuffer) {
        guard open != .none else { return }
        if open == .thinking { sign(.absent(of: context.vendorForm), &buffer) }
        open = .none
        let index = nextIndex - 1
        event("content_block_stop", &buffer) { $0.member("index", index) }
    }

    private func sign(_ signature: Signature, _ buffer: inout ByteBuffer) {
        delta("signature_delta", "signature", signature.sealed(for: .anthropicMessages), &buffer)
    }

    private mutating func startBlock(_ buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void) {
        let index = nextIndex
        nextIndex += 1
        event("content_block_start", &buffer) { root in
            root.member("index", index)
            root.object("content_block", body)
        }
    }

    private func delta(
        _ type: StaticString, _ name: StaticString, _ text: JSONText, _ buffer: inout ByteBuffer
    ) {
        let index = nextIndex - 1
        event("content_block_delta", &buffer) { root in
            root.member("index", index)
            root.object("delta") { delta in
                delta.key("type")
                delta.string(type)
                delta.member(name, text)
            }
        }
    }

    /// An event whose name is its `type`.
    private func event(
        _ type: StaticString, _ buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void
    ) {
        buffer.writeStaticString("event: ")
        buffer.writeStaticString(type)
        buffer.writeStaticString("\ndata: ")
        JSONWriter.write(into: &buffer) { writer in
            writer.object { root in
                root.key("type")
                root.string(type)
                body(&root)
            }
        }
        buffer.writeStaticString("\n\n")
    }
}
