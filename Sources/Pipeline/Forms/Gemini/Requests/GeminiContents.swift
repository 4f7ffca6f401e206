import NIOCore
import Wire

/// The conversation's messages as contents: neighbours of one role are one, and each call of an older vendor's gets the word
/// that stands for a signature nobody has.
struct GeminiContents {
    private struct Content {
        var isModel: Bool
        var parts: [Piece] = []
    }

    /// A part with what it needs to be written.
    private struct Piece {
        var part: Part
        /// A call's arguments, as an object.
        var arguments: JSONFragment?
        /// The name of the tool that a result is of.
        var toolName: JSONText?
    }

    private let conversation: Conversation
    private let model: GeminiModel
    private var contents: [Content] = []
    /// Instructions between turns that stand before the first one.
    private(set) var leadingInstructions: [Instruction] = []

    init(_ conversation: Conversation, model: GeminiModel) {
        self.conversation = conversation
        self.model = model
    }

    mutating func build(report: inout FidelityReport, index: inout JSONIndex) throws(ConversationError) {
        let form = conversation.form
        for message in conversation.messages {
            if message.name != nil { report.drop(.participantName, of: form) }
            if message.role == .system || message.role == .developer {
                report.rewrite(.messages, of: form)
                if contents.isEmpty {
                    for case .text(let text) in message.parts.map(\.content) {
                        leadingInstructions.append(Instruction(text: text))
                    }
                    continue
                }
            }
            for part in message.parts { try add(part, message.role == .assistant, &report, &index) }
        }
        guard !contents.isEmpty else {
            throw ConversationError(
                "The conversation has no message this model's target could take.",
                param: ConversationField.messages.name(in: form))
        }
    }

    private mutating func add(
        _ part: Part, _ isModel: Bool, _ report: inout FidelityReport, _ index: inout JSONIndex
    ) throws(ConversationError) {
        let form = conversation.form
        switch part.content {
        case .text(let text), .refusal(let text):
            if !text.isEmpty { append(Piece(part: Part(.text(text))), isModel) }
        case .image(let media), .audio(let media), .file(let media):
            switch media.source {
            case .fileID:
                throw ConversationError(
                    "A file's id means nothing to this model's target. Send the file itself.",
                    param: ConversationField.messages.name(in: form))
            case .url: report.rewrite(ConversationField.messages.name(in: form))
            case .base64, .plainText: break
            }
            append(Piece(part: part), isModel)
        case .toolCall(let call):
            append(Piece(part: part, arguments: call.arguments.object(index: &index)), true)
        case .toolResult(let result):
            let name = result.name ?? conversation.toolName(ofCall: result.callID)
            append(Piece(part: part, toolName: name), false)
        case .reasoning(let reasoning):
            let origin = (reasoning.signature ?? reasoning.redacted)?.origin
            if origin == .geminiGenerate {
                append(Piece(part: part), true)
            } else if origin != nil || !reasoning.text.isEmpty {
                report.drop(form.reasoningName)
            }
        case .other(_, let kind): report.drop("\(ConversationField.messages.name(in: form)).\(kind)")
        }
    }

    private mutating func append(_ piece: Piece, _ isModel: Bool) {
        if contents.last?.isModel != isModel { contents.append(Content(isModel: isModel)) }
        contents[contents.count - 1].parts.append(piece)
    }

    func write(to root: inout JSONWriter) {
        root.array("contents") { list in
            for content in contents {
                list.object { object in
                    object.member("role", raw: content.isModel ? "\"model\"" : "\"user\"")
                    object.array("parts") { parts in
                        var isFirstCall = true
                        for piece in content.parts { write(piece, isFirstCall: &isFirstCall, to: &parts) }
                    }
                }
            }
        }
    }

    private func write(_ piece: Piece, isFirstCall: inout Bool, to parts: inout JSONWriter) {
        switch piece.part.content {
        case .text(let text), .refusal(let text): parts.object { $0.member("text", text) }
        case .image(let media), .audio(let media), .file(let media): parts.object { Self.write(media, to: &$0) }
        case .toolCall(let call):
            let isFirst = isFirstCall
            isFirstCall = false
            parts.object { part in
                part.object("functionCall") { function in
                    function.member("name", call.name)
                    function.member("args", piece.arguments ?? .emptyObject)
                    function.member("id", call.id)
                }
                if let signature = call.signature, signature.origin == .geminiGenerate {
                    part.member("thoughtSignature", signature.value)
                } else if isFirst, model.needsSignatures {
                    part.member("thoughtSignature", raw: "\"skip_thought_signature_validator\"")
                }
            }
        case .toolResult(let result): writeResult(result, name: piece.toolName, to: &parts)
        case .reasoning(let reasoning):
            parts.object { part in
                part.member("text", reasoning.text)
                part.member("thought", true)
                part.member("thoughtSignature", ifPresent: reasoning.signature?.value)
            }
        case .other: break
        }
    }

    private func writeResult(_ result: ToolResult, name: JSONText?, to parts: inout JSONWriter) {
        parts.object { part in
            part.object("functionResponse") { response in
                response.member("name", name ?? "tool")
                response.key("response")
                if let object = result.object {
                    response.fragment(object)
                } else {
                    response.object { object in
                        let text = result.parts.reduce(JSONText.empty) { text, part in
                            if case .text(let more) = part.content { text.joined(with: more, separator: "\\n") } else { text }
                        }
                        object.key(result.isError ? "error" : "output")
                        object.text(text)
                    }
                }
                response.member("id", result.callID)
            }
        }
        for inner in result.parts {
            switch inner.content {
            case .image(let media), .file(let media), .audio(let media): parts.object { Self.write(media, to: &$0) }
            case .text, .refusal, .toolCall, .toolResult, .reasoning, .other: break
            }
        }
    }

    private static func write(_ media: Media, to part: inout JSONWriter) {
        switch media.source {
        case .base64(let data):
            part.object("inlineData") { inline in
                inline.member("mimeType", media.mediaType ?? "application/octet-stream")
                inline.member("data", data)
            }
        case .url(let url):
            part.object("fileData") { file in
                file.member("mimeType", media.mediaType ?? GeminiMediaType.guess(url))
                file.member("fileUri", url)
            }
        case .plainText(let text): part.member("text", text)
        case .fileID: break
        }
    }
}

/// Media types by the ends of addresses, for the form asks for one.
enum GeminiMediaType {
    static func guess(_ url: JSONText) -> JSONText {
        let path = url.string.prefix { $0 != "?" && $0 != "#" }.lowercased()
        let types: [(String, JSONText)] = [
            (".png", "image/png"), (".jpg", "image/jpeg"), (".jpeg", "image/jpeg"), (".gif", "image/gif"),
            (".webp", "image/webp"), (".pdf", "application/pdf"), (".mp3", "audio/mpeg"), (".wav", "audio/wav"),
            (".mp4", "video/mp4"),
        ]
        return types.first { path.hasSuffix($0.0) }?.1 ?? "image/jpeg"
    }
}
