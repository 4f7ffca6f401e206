package import NIOCore
import Wire

/// Writes a whole chat completion.
package enum ChatCompletionWriter {
    package static func write(_ completion: Completion, context: CompletionContext, into buffer: inout ByteBuffer) {
        JSONWriter.write(into: &buffer) { writer in
            writer.object { root in
                root.member("id", completion.id ?? JSONText("chatcmpl-" + context.idSeed))
                root.member("object", raw: "\"chat.completion\"")
                root.member("created", completion.createdSeconds ?? context.createdSeconds)
                root.member("model", completion.model ?? JSONText(context.upstreamModel))
                root.array("choices") { list in
                    for (index, choice) in completion.choices.enumerated() {
                        list.object { write(choice, index, to: &$0) }
                    }
                }
                if let usage = completion.usage { root.object("usage") { ChatUsage.write(usage, to: &$0) } }
                root.member("service_tier", ifPresent: completion.serviceTier)
            }
        }
    }

    private static func write(_ choice: CompletionChoice, _ index: Int, to object: inout JSONWriter) {
        let content = ChatMessageContent(choice.parts)
        object.member("index", index)
        object.object("message") { content.write(to: &$0) }
        if let logprobs = choice.logprobs {
            object.member("logprobs", logprobs)
        } else {
            object.member("logprobs", raw: "null")
        }
        object.member("finish_reason", raw: ChatStopReason.word(choice.stop ?? .endOfTurn))
    }
}

/// The parts of an answer, sorted into a message's members.
struct ChatMessageContent {
    private var text: JSONText?
    private var refusal: JSONText?
    private var thoughts: JSONText?
    private var signature: Signature?
    private var redacted: [Signature] = []
    private var calls: [ToolCall] = []
    private var images: [Media] = []

    init(_ parts: [Part]) {
        for part in parts {
            switch part.content {
            case .text(let more): text = text?.joined(with: more, separator: "") ?? more
            case .refusal(let more): refusal = refusal?.joined(with: more, separator: "") ?? more
            case .reasoning(let reasoning):
                if let data = reasoning.redacted { redacted.append(data) }
                if !reasoning.text.isEmpty { thoughts = thoughts?.joined(with: reasoning.text, separator: "") ?? reasoning.text }
                signature = reasoning.signature ?? signature
            case .toolCall(let call): calls.append(call)
            case .image(let media): images.append(media)
            case .audio, .file, .toolResult, .other: break
            }
        }
    }

    func write(to message: inout JSONWriter) {
        message.member("role", raw: "\"assistant\"")
        if let text { message.member("content", text) } else { message.member("content", raw: "null") }
        if let refusal { message.member("refusal", refusal) } else { message.member("refusal", raw: "null") }
        message.member("reasoning_content", ifPresent: thoughts)
        message.member("reasoning_signature", ifPresent: signature?.sealed(for: .openAIChat))
        if !redacted.isEmpty {
            message.array("redacted_reasoning") { list in
                for signature in redacted { list.text(signature.sealed(for: .openAIChat)) }
            }
        }
        if !calls.isEmpty {
            message.array("tool_calls") { list in for call in calls { list.object { Self.write(call, to: &$0) } } }
        }
        guard !images.isEmpty else { return }
        message.array("images") { list in for image in images { list.object { ChatImage.write(image, to: &$0) } } }
    }

    private static func write(_ call: ToolCall, to object: inout JSONWriter) {
        object.member("id", ToolCallID.sealed(call, for: .openAIChat))
        if case .text(let input) = call.arguments {
            object.member("type", raw: "\"custom\"")
            object.object("custom") { custom in
                custom.member("name", call.name)
                custom.member("input", input)
            }
            return
        }
        object.member("type", raw: "\"function\"")
        object.object("function") { function in
            function.member("name", call.name)
            function.member("arguments", call.arguments.encoded)
        }
    }
}

/// Images in answers, as gateways of this form have agreed to write them (openrouter.ai, image output, read 2026-11).
enum ChatImage {
    static func write(_ media: Media, to object: inout JSONWriter) {
        guard case .base64(let data) = media.source else { return }
        object.member("type", raw: "\"image_url\"")
        object.object("image_url") { $0.member("url", DataURL.text(data, type: media.mediaType ?? "image/png")) }
    }
}
