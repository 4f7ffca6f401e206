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
                        list.object { write(choice, index, context, to: &$0) }
                    }
                }
                if let usage = completion.usage, usage.saysSomething {
                    root.object("usage") { ChatUsage.write(usage, to: &$0) }
                }
                if let tier = ChatServiceTier.word(completion.serviceTier) { root.member("service_tier", raw: tier) }
            }
        }
    }

    private static func write(
        _ choice: CompletionChoice, _ index: Int, _ context: CompletionContext, to object: inout JSONWriter
    ) {
        let content = ChatMessageContent(choice.parts)
        let isDeprecated = context.conversation.usesDeprecatedFunctions
        object.member("index", index)
        object.object("message") { content.write(context, to: &$0) }
        if let logprobs = choice.logprobs {
            object.member("logprobs", logprobs)
        } else {
            object.member("logprobs", raw: "null")
        }
        let stop = choice.stop ?? (content.hasCalls ? .toolCalls : .endOfTurn)
        object.member("finish_reason", raw: ChatStopReason.word(stop, isDeprecated: isDeprecated))
    }
}

/// The parts of an answer, sorted into a message's members.
struct ChatMessageContent {
    private var text: JSONText?
    private var refusal: JSONText?
    private var thoughts: JSONText?
    private var seal = ChatThoughtSeal()
    private var redacted: [Signature] = []
    private var calls: [ToolCall] = []
    private var images: [Media] = []
    private var sound: JSONText?
    private var citations: [ChatCitation] = []

    var hasCalls: Bool { !calls.isEmpty }

    init(_ parts: [Part]) {
        for part in parts {
            switch part.content {
            case .text(let more):
                text = text?.joined(with: more, separator: "") ?? more
                if let cited = part.citations { citations += ChatCitation.all(cited) }
            case .refusal(let more): refusal = refusal?.joined(with: more, separator: "") ?? more
            case .reasoning(let reasoning): add(reasoning)
            case .toolCall(let call): calls.append(call)
            case .image(let media): images.append(media)
            case .audio(let media): if case .base64(let data) = media.source { sound = data }
            case .file, .toolResult, .other: break
            }
        }
    }

    private mutating func add(_ reasoning: Reasoning) {
        if let data = reasoning.redacted {
            redacted.append(data)
            return seal.redact()
        }
        if !reasoning.text.isEmpty {
            thoughts = thoughts?.joined(with: reasoning.text, separator: "") ?? reasoning.text
            seal.think(reasoning.text)
        }
        if let signature = reasoning.signature { seal.sign(signature) }
        seal.close()
    }

    func write(_ context: CompletionContext, to message: inout JSONWriter) {
        message.member("role", raw: "\"assistant\"")
        if let text {
            message.member("content", text)
        } else {
            message.member("content", raw: calls.isEmpty && refusal == nil && sound == nil ? "\"\"" : "null")
        }
        if let refusal { message.member("refusal", refusal) } else { message.member("refusal", raw: "null") }
        if !citations.isEmpty {
            message.array("annotations") { list in
                for citation in citations { list.object { citation.write(to: &$0) } }
            }
        }
        message.member("reasoning_content", ifPresent: thoughts)
        message.member("reasoning_signature", ifPresent: seal.sealed)
        if !redacted.isEmpty {
            message.array("redacted_reasoning") { list in
                for signature in redacted { list.text(signature.sealed(for: .openAIChat)) }
            }
        }
        writeCalls(isDeprecated: context.conversation.usesDeprecatedFunctions, to: &message)
        if let sound {
            message.object("audio") { audio in
                audio.member("id", "audio_" + context.idSeed)
                ChatMedia.write(audio: sound, to: &audio)
            }
        }
        guard !images.isEmpty else { return }
        message.array("images") { list in
            for image in images { list.object { ChatMedia.write(image: image, to: &$0) } }
        }
    }

    private func writeCalls(isDeprecated: Bool, to message: inout JSONWriter) {
        guard let first = calls.first else { return }
        if isDeprecated {
            return message.object("function_call") { function in
                function.member("name", first.name)
                function.member("arguments", first.arguments.encoded)
            }
        }
        message.array("tool_calls") { list in for call in calls { list.object { Self.write(call, to: &$0) } } }
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
