package import NIOCore
import Wire

/// Writes a chat completion stream.
package struct ChatStreamWriter: Sendable {
    private let includesUsageChunk: Bool
    private let context: CompletionContext
    /// Every chunk begins with it: from the brace to `"choices":`.
    private var head = ByteBuffer()
    private var usage: ReportedUsage?
    /// Choices whose role has been told.
    private var begun = 0

    package init(context: CompletionContext) {
        self.context = context
        includesUsageChunk = context.includesUsageChunk
    }

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
        case .media(let choice, let part):
            guard case .image(let media) = part.content else { return }
            delta(choice, &buffer) { delta in
                delta.array("images") { list in list.object { ChatImage.write(media, to: &$0) } }
            }
        case .citation: break
        case .logprobs(let choice, let logprobs):
            chunk(&buffer) { list in
                list.object { object in
                    object.member("index", choice)
                    object.member("delta", raw: "{}")
                    object.object("logprobs") { $0.member("content", logprobs) }
                    object.member("finish_reason", raw: "null")
                }
            }
        case .finished(let choice, let reason):
            beginChoice(choice, &buffer)
            chunk(&buffer) { list in
                list.object { object in
                    object.member("index", choice)
                    object.member("delta", raw: "{}")
                    object.member("logprobs", raw: "null")
                    object.member("finish_reason", raw: ChatStopReason.word(reason))
                }
            }
        case .usage(let usage): self.usage = usage
        case .serviceTier, .failed: break
        case .ended: end(&buffer)
        }
    }

    package mutating func write(failure: ClientError, into buffer: inout ByteBuffer) {
        ChatErrorWriter.writeEvent(failure, into: &buffer)
    }

    private mutating func makeHead(_ start: CompletionStart) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", start.id ?? JSONText("chatcmpl-" + context.idSeed))
        writer.member("object", raw: "\"chat.completion.chunk\"")
        writer.member("created", start.createdSeconds ?? context.createdSeconds)
        writer.member("model", start.model ?? JSONText(context.upstreamModel))
        writer.key("choices")
        head = writer.buffer
    }

    private func end(_ buffer: inout ByteBuffer) {
        if includesUsageChunk, let usage {
            buffer.writeStaticString("data: ")
            buffer.writeImmutableBuffer(head)
            buffer.writeStaticString("[],\"usage\":")
            JSONWriter.write(into: &buffer) { writer in writer.object { ChatUsage.write(usage, to: &$0) } }
            buffer.writeStaticString("}\n\n")
        }
        buffer.writeStaticString("data: [DONE]\n\n")
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

    private mutating func write(
        _ choice: Int, _ name: StaticString, _ text: JSONText, _ buffer: inout ByteBuffer
    ) {
        guard !text.isEmpty else { return }
        delta(choice, &buffer) { $0.member(name, text) }
    }

    private mutating func begin(
        _ choice: Int, _ call: Int, _ id: JSONText, _ name: JSONText, isCustom: Bool, _ buffer: inout ByteBuffer
    ) {
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
    }

    private mutating func arguments(_ choice: Int, _ call: Int, _ text: JSONText, _ buffer: inout ByteBuffer) {
        guard !text.isEmpty else { return }
        delta(choice, &buffer) { delta in
            delta.array("tool_calls") { list in
                list.object { object in
                    object.member("index", call)
                    object.object("function") { $0.member("arguments", text) }
                }
            }
        }
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

    private func chunk(_ buffer: inout ByteBuffer, _ body: (inout JSONWriter) -> Void) {
        buffer.writeStaticString("data: ")
        buffer.writeImmutableBuffer(head)
        JSONWriter.write(into: &buffer) { $0.array(body) }
        buffer.writeStaticString(includesUsageChunk ? ",\"usage\":null}\n\n" : "}\n\n")
    }
}
