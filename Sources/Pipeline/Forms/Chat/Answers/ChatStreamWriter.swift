package import NIOCore
import Wire

/// Writes a chat completion stream.
package struct ChatStreamWriter: Sendable {
    private let includesUsageChunk: Bool
    private let isDeprecated: Bool
    private let idSeed: String
    private let createdSeconds: Int64
    private let upstreamModel: String
    /// Every chunk begins with it: from `data:` to `"choices":`.
    private var head = ByteBuffer()
    /// What every chunk ends with, behind the choices.
    private var tail = ByteBuffer()
    private var usage: ReportedUsage?
    private var tier: JSONText?
    /// Choices whose role has been told: those below it.
    private var begun = 0

    package init(context: CompletionContext) {
        includesUsageChunk = context.includesUsageChunk
        isDeprecated = context.conversation.usesDeprecatedFunctions
        idSeed = context.idSeed
        createdSeconds = context.createdSeconds
        upstreamModel = context.upstreamModel
        makeTail()
    }

    /// Appends the event as whole chunks. What the stream ends with is written for `.ended`.
    package mutating func write(_ event: CompletionEvent, into buffer: inout ByteBuffer) {
        switch event {
        case .began(let start):
            makeHead(start)
            usage = start.usage
            beginChoice(0, &buffer)
        case .text(let choice, let text): write(choice, "content", text, &buffer)
        case .refusal(let choice, let text): write(choice, "refusal", text, &buffer)
        case .reasoning(let choice, let text): write(choice, "reasoning_content", text, &buffer)
        case .reasoningSignature(let choice, let signature, _):
            write(choice, "reasoning_signature", signature.sealed(for: .openAIChat), &buffer)
        case .redactedReasoning(let choice, let signature):
            delta(choice, &buffer) { delta in
                delta.array("redacted_reasoning") { $0.text(signature.sealed(for: .openAIChat)) }
            }
        case .toolCallBegan(let choice, let call, let id, let name, let isCustom, let signature):
            let sealed = ToolCallID.sealed(id, signature: signature, for: .openAIChat)
            begin(choice, call, sealed, name, isCustom: isCustom, &buffer)
        case .toolCallArguments(let choice, let call, let text): arguments(choice, call, text, &buffer)
        case .media(let choice, let part): write(choice, part, &buffer)
        case .citation(let choice, let citation):
            guard let annotation = ChatCitation.annotation(citation)?.onOneLine else { return }
            delta(choice, &buffer) { delta in delta.array("annotations") { $0.fragment(annotation) } }
        case .logprobs(let choice, let logprobs): write(choice, logprobs: logprobs.onOneLine, &buffer)
        case .finished(let choice, let reason): finish(choice, reason, &buffer)
        case .usage(let usage): self.usage = usage
        case .serviceTier(let tier):
            self.tier = tier
            makeTail()
        case .failed: break
        case .ended: end(&buffer)
        }
    }

    package mutating func write(failure: ClientError, into buffer: inout ByteBuffer) {
        ChatErrorWriter.writeEvent(failure, into: &buffer)
    }

    // MARK: Chunks

    private mutating func makeHead(_ start: CompletionStart) {
        var writer = JSONWriter(ByteBuffer(staticString: "data: "))
        writer.beginObject()
        writer.member("id", start.id ?? JSONText("chatcmpl-" + idSeed))
        writer.member("object", raw: "\"chat.completion.chunk\"")
        writer.member("created", start.createdSeconds ?? createdSeconds)
        writer.member("model", start.model ?? JSONText(upstreamModel))
        writer.key("choices")
        head = writer.buffer
    }

    private mutating func makeTail() {
        tail = ByteBuffer()
        writeTier(&tail)
        tail.writeStaticString(includesUsageChunk ? ",\"usage\":null}\n\n" : "}\n\n")
    }

    private func writeTier(_ buffer: inout ByteBuffer) {
        guard let tier else { return }
        buffer.writeStaticString(",\"service_tier\":\"")
        buffer.writeImmutableBuffer(tier.content)
        buffer.writeStaticString("\"")
    }

    private mutating func chunk(_ buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void) {
        if head.readableBytes == 0 { makeHead(CompletionStart()) }
        buffer.writeImmutableBuffer(head)
        JSONWriter.write(into: &buffer) { $0.array(body) }
        buffer.writeImmutableBuffer(tail)
    }

    private mutating func delta(_ choice: Int, _ buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void) {
        beginChoice(choice, &buffer)
        chunk(&buffer) { list in
            list.object { object in
                object.member("index", choice)
                object.object("delta", body)
                object.member("logprobs", raw: "null")
                object.member("finish_reason", raw: "null")
            }
        }
    }

    /// Tells a choice's role, once, and those of the choices before it.
    private mutating func beginChoice(_ choice: Int, _ buffer: inout ByteBuffer) {
        while begun <= choice {
            let number = begun
            begun += 1
            chunk(&buffer) { list in
                list.object { object in
                    object.member("index", number)
                    object.member("delta", raw: #"{"role":"assistant","content":"","refusal":null}"#)
                    object.member("logprobs", raw: "null")
                    object.member("finish_reason", raw: "null")
                }
            }
        }
    }

    private mutating func finish(_ choice: Int, _ reason: StopReason, _ buffer: inout ByteBuffer) {
        beginChoice(choice, &buffer)
        let word = ChatStopReason.word(reason, isDeprecated: isDeprecated)
        chunk(&buffer) { list in
            list.object { object in
                object.member("index", choice)
                object.member("delta", raw: "{}")
                object.member("logprobs", raw: "null")
                object.member("finish_reason", raw: word)
            }
        }
    }

    private mutating func end(_ buffer: inout ByteBuffer) {
        if includesUsageChunk, let usage {
            if head.readableBytes == 0 { makeHead(CompletionStart()) }
            buffer.writeImmutableBuffer(head)
            buffer.writeStaticString("[]")
            writeTier(&buffer)
            buffer.writeStaticString(",\"usage\":")
            JSONWriter.write(into: &buffer) { writer in writer.object { ChatUsage.write(usage, to: &$0) } }
            buffer.writeStaticString("}\n\n")
        }
        buffer.writeStaticString("data: [DONE]\n\n")
    }

    // MARK: Deltas

    private mutating func write(
        _ choice: Int, _ name: StaticString, _ text: JSONText, _ buffer: inout ByteBuffer
    ) {
        guard !text.isEmpty else { return }
        delta(choice, &buffer) { $0.member(name, text) }
    }

    private mutating func write(_ choice: Int, logprobs: JSONFragment, _ buffer: inout ByteBuffer) {
        beginChoice(choice, &buffer)
        chunk(&buffer) { list in
            list.object { object in
                object.member("index", choice)
                object.member("delta", raw: "{}")
                object.object("logprobs") { $0.member("content", logprobs) }
                object.member("finish_reason", raw: "null")
            }
        }
    }

    private mutating func write(_ choice: Int, _ part: Part, _ buffer: inout ByteBuffer) {
        switch part.content {
        case .image(let media):
            delta(choice, &buffer) { delta in
                delta.array("images") { list in list.object { ChatMedia.write(image: media, to: &$0) } }
            }
        case .audio(let media):
            guard case .base64(let data) = media.source else { return }
            let id = "audio_" + idSeed
            delta(choice, &buffer) { delta in
                delta.object("audio") { audio in
                    audio.member("id", id)
                    audio.member("data", data)
                }
            }
        case .text, .refusal, .file, .toolCall, .toolResult, .reasoning, .other: break
        }
    }

    // MARK: Calls

    private mutating func begin(
        _ choice: Int, _ call: Int, _ id: JSONText, _ name: JSONText, isCustom: Bool, _ buffer: inout ByteBuffer
    ) {
        if isDeprecated {
            guard call == 0 else { return }
            return delta(choice, &buffer) { delta in
                delta.object("function_call") { function in
                    function.member("name", name)
                    function.member("arguments", JSONText.empty)
                }
            }
        }
        delta(choice, &buffer) { delta in
            delta.array("tool_calls") { list in
                list.object { object in
                    object.member("index", call)
                    object.member("id", id)
                    object.member("type", raw: isCustom ? "\"custom\"" : "\"function\"")
                    object.object(isCustom ? "custom" : "function") { function in
                        function.member("name", name)
                        function.key(isCustom ? "input" : "arguments")
                        function.text(.empty)
                    }
                }
            }
        }
        if isCustom { customCalls.insert(CallPlace(choice: choice, call: call)) }
    }

    private mutating func arguments(_ choice: Int, _ call: Int, _ text: JSONText, _ buffer: inout ByteBuffer) {
        guard !text.isEmpty else { return }
        if isDeprecated {
            guard call == 0 else { return }
            return delta(choice, &buffer) { $0.object("function_call") { $0.member("arguments", text) } }
        }
        let isCustom = !customCalls.isEmpty && customCalls.contains(CallPlace(choice: choice, call: call))
        delta(choice, &buffer) { delta in
            delta.array("tool_calls") { list in
                list.object { object in
                    object.member("index", call)
                    object.object(isCustom ? "custom" : "function") { function in
                        function.member(isCustom ? "input" : "arguments", text)
                    }
                }
            }
        }
    }

    /// Where a call of a custom tool stands: its pieces are spelled otherwise.
    private struct CallPlace: Hashable {
        var choice: Int
        var call: Int
    }

    private var customCalls: Set<CallPlace> = []
}

extension JSONFragment {
    /// Without line ends, which only white space can hold, and which would end an event's line.
    fileprivate var onOneLine: JSONFragment {
        func isEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
        guard bytes.readableBytesView.contains(where: isEnd) else { return self }
        return JSONFragment(
            trusted: ByteBuffer(bytes: bytes.readableBytesView.map { isEnd($0) ? 0x20 : $0 }), kind: kind)
    }
}
