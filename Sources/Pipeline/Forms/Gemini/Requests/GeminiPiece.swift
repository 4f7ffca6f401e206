import NIOCore
import Wire

/// A part of a content, with what it needs to be written.
enum GeminiPiece {
    case text(JSONText, signature: JSONText?)
    case thought(JSONText, signature: JSONText?)
    /// `defaultType`: stands for a media type that nobody said.
    case media(Media, defaultType: JSONText)
    /// `arguments`: an object.
    case call(ToolCall, arguments: JSONFragment)
    /// Media in the result is written inside it.
    case result(ToolResult, name: JSONText)
    /// A part as the form writes it.
    case raw(JSONFragment)

    /// nil: the part is no image, sound or file.
    init?(media part: Part) {
        switch part.content {
        case .image(let media): self = .media(media, defaultType: "image/jpeg")
        case .audio(let media): self = .media(media, defaultType: "audio/wav")
        case .file(let media): self = .media(media, defaultType: "application/pdf")
        case .text, .refusal, .toolCall, .toolResult, .reasoning, .other: return nil
        }
    }

    /// - Parameter wantsSignature: the next call must have a signature: the first of each turn.
    func write(to parts: inout JSONWriter, wantsSignature: inout Bool) {
        switch self {
        case .text(let text, let signature):
            parts.object { part in
                part.member("text", text)
                part.member("thoughtSignature", ifPresent: signature)
            }
        case .thought(let text, let signature):
            parts.object { part in
                part.member("text", text)
                part.member("thought", true)
                part.member("thoughtSignature", ifPresent: signature)
            }
        case .media(let media, let type): parts.object { GeminiMedia.write(media, defaultType: type, to: &$0) }
        case .call(let call, let arguments):
            let isWanted = wantsSignature
            wantsSignature = false
            parts.object { Self.write(call, arguments, isSignatureWanted: isWanted, to: &$0) }
        case .result(let result, let name): parts.object { Self.write(result, name, to: &$0) }
        case .raw(let fragment): parts.fragment(fragment)
        }
    }

    /// The word that stands for a signature is the API's own (its guide to thought signatures, read 2026-11).
    private static func write(
        _ call: ToolCall, _ arguments: JSONFragment, isSignatureWanted: Bool, to part: inout JSONWriter
    ) {
        part.object("functionCall") { function in
            function.member("name", call.name)
            function.member("args", arguments)
            function.member("id", call.id)
        }
        if let signature = call.signature, signature.origin == .geminiGenerate {
            part.member("thoughtSignature", signature.value)
        } else if isSignatureWanted {
            part.member("thoughtSignature", raw: "\"skip_thought_signature_validator\"")
        }
    }

    private static func write(_ result: ToolResult, _ name: JSONText, to part: inout JSONWriter) {
        part.object("functionResponse") { response in
            response.member("name", name)
            response.key("response")
            if let object = result.object {
                response.fragment(object)
            } else {
                response.object { $0.member(result.isError ? "error" : "output", text(of: result)) }
            }
            response.member("id", result.callID)
            let media = result.parts.compactMap(GeminiPiece.init(media:))
            guard !media.isEmpty else { return }
            response.array("parts") { list in
                var wantsSignature = false
                for piece in media { piece.write(to: &list, wantsSignature: &wantsSignature) }
            }
        }
    }

    private static func text(of result: ToolResult) -> JSONText {
        var texts: [JSONText] = []
        for part in result.parts {
            switch part.content {
            case .text(let text), .refusal(let text): texts.append(text)
            case .image, .audio, .file, .toolCall, .toolResult, .reasoning, .other: break
            }
        }
        guard texts.count > 1 else { return texts.first ?? .empty }
        var joined = ByteBuffer()
        for (position, text) in texts.enumerated() {
            if position > 0 { joined.writeStaticString("\\n") }
            joined.writeImmutableBuffer(text.content)
        }
        return JSONText(content: joined)
    }
}
