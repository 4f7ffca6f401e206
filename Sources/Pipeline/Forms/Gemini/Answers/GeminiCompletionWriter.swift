package import NIOCore
import Wire

/// Writes a whole answer as `generateContent` gives it.
package enum GeminiCompletionWriter {
    package static func write(_ completion: Completion, context: CompletionContext, into buffer: inout ByteBuffer) {
        JSONWriter.write(into: &buffer) { writer in
            writer.object { root in
                root.array("candidates") { list in
                    for (index, choice) in completion.choices.enumerated() {
                        list.object { write(choice, index, to: &$0) }
                    }
                }
                if let usage = completion.usage {
                    root.object("usageMetadata") { GeminiUsage.write(usage, to: &$0) }
                }
                root.member("modelVersion", completion.model ?? JSONText(context.upstreamModel))
                root.member("responseId", completion.id ?? JSONText(context.idSeed))
            }
        }
    }

    private static func write(_ choice: CompletionChoice, _ index: Int, to candidate: inout JSONWriter) {
        candidate.object("content") { content in
            content.member("role", raw: "\"model\"")
            content.array("parts") { parts in
                for part in choice.parts { GeminiPartWriter.write(part, to: &parts) }
            }
        }
        if let stop = choice.stop { candidate.member("finishReason", raw: GeminiStopReason.word(stop)) }
        candidate.member("index", index)
    }
}

/// Writes parts of answers.
enum GeminiPartWriter {
    static func write(_ part: Part, to parts: inout JSONWriter) {
        switch part.content {
        case .text(let text), .refusal(let text): parts.object { $0.member("text", text) }
        case .reasoning(let reasoning):
            let signature = reasoning.signature ?? reasoning.redacted
            parts.object { object in
                object.member("text", reasoning.text)
                object.member("thought", true)
                object.member("thoughtSignature", ifPresent: signature?.sealed(for: .geminiGenerate))
            }
        case .toolCall(let call):
            var index = JSONIndex()
            let arguments = call.arguments.object(index: &index)
            parts.object { object in
                object.object("functionCall") { function in
                    function.member("name", call.name)
                    function.member("args", arguments)
                    function.member("id", call.id)
                }
                object.member("thoughtSignature", ifPresent: call.signature?.sealed(for: .geminiGenerate))
            }
        case .image(let media), .audio(let media), .file(let media):
            guard case .base64(let data) = media.source else { return }
            parts.object { object in
                object.object("inlineData") { inline in
                    inline.member("mimeType", media.mediaType ?? "image/png")
                    inline.member("data", data)
                }
            }
        case .toolResult, .other: break
        }
    }
}
