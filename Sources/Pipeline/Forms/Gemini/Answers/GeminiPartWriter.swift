import NIOCore
import Wire

/// Writes parts of answers.
enum GeminiPartWriter {
    /// Whether `write` writes anything that a client could use.
    static func isWritten(_ part: Part) -> Bool {
        switch part.content {
        case .text(let text), .refusal(let text): !text.isEmpty
        case .reasoning(let reasoning):
            !reasoning.text.isEmpty || reasoning.signature != nil || reasoning.redacted != nil
        case .toolCall, .image, .audio, .file: true
        case .toolResult, .other: false
        }
    }

    /// Stands for a part where there is none: clients take a content without parts for a broken one.
    static func writeFiller(to parts: inout JSONWriter) {
        parts.object { object in
            object.member("text", JSONText.empty)
            object.member("thoughtSignature", GeminiSeal.filler)
        }
    }

    static func write(_ part: Part, to parts: inout JSONWriter) {
        switch part.content {
        case .text(let text), .refusal(let text): parts.object { $0.member("text", text) }
        case .reasoning(let reasoning):
            parts.object { object in
                object.member("text", reasoning.text)
                object.member("thought", true)
                object.member("thoughtSignature", ifPresent: GeminiSeal.sealed(reasoning))
            }
        case .toolCall(let call): parts.object { write(call, to: &$0) }
        case .image(let media): parts.object { GeminiMedia.write(media, defaultType: "image/png", to: &$0) }
        case .audio(let media): parts.object { GeminiMedia.write(media, defaultType: "audio/wav", to: &$0) }
        case .file(let media): parts.object { GeminiMedia.write(media, defaultType: "application/pdf", to: &$0) }
        case .toolResult, .other: break
        }
    }

    private static func write(_ call: ToolCall, to part: inout JSONWriter) {
        var index = JSONIndex()
        let arguments = call.arguments.object(index: &index)
        part.object("functionCall") { function in
            function.member("name", call.name)
            function.member("args", arguments)
            function.member("id", ToolCallID.sealed(call, for: .geminiGenerate))
        }
        part.member("thoughtSignature", ifPresent: call.signature?.sealed(for: .geminiGenerate))
    }
}
