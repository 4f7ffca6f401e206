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
        let parts = choice.parts.filter(GeminiPartWriter.isWritten)
        // What a filter stopped has no content.
        if !parts.isEmpty || choice.stop != .filtered {
            candidate.object("content") { content in
                content.member("role", raw: "\"model\"")
                content.array("parts") { list in
                    for part in parts { GeminiPartWriter.write(part, to: &list) }
                    if parts.isEmpty { GeminiPartWriter.writeFiller(to: &list) }
                }
            }
        }
        if let stop = choice.stop { candidate.member("finishReason", raw: GeminiStopReason.word(stop)) }
        candidate.member("index", index)
        var scratch = JSONIndex()
        if let logprobs = choice.logprobs, let view = JSONView(logprobs.bytes, index: &scratch)?["content"] {
            GeminiLogprobs.write(view, to: &candidate)
        }
    }
}
