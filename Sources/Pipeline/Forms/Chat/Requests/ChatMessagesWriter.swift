import NIOCore
import Wire

/// Writes instructions and messages: tools' results as messages of their own, before what else their turn says.
struct ChatMessagesWriter {
    private let conversation: Conversation
    private let traits: VendorTraits

    init(_ conversation: Conversation, traits: VendorTraits) {
        self.conversation = conversation
        self.traits = traits
    }

    /// Finds what cannot be carried before a byte is written.
    func check(_ report: inout FidelityReport) throws(ConversationError) {
        let form = conversation.form
        let hasDeveloper =
            conversation.instructions.contains { $0.role == .developer }
            || conversation.messages.contains { $0.role == .developer }
        if hasDeveloper, !traits.takesDeveloperRole, form == .openAIResponses {
            report.rewrite(.messages, of: form)
        }
        for message in conversation.messages {
            for part in message.parts { try check(part, &report) }
        }
    }

    private func check(_ part: Part, _ report: inout FidelityReport) throws(ConversationError) {
        let name = ConversationField.messages.name(in: conversation.form)
        switch part.content {
        case .image(let media):
            guard traits.takesImages else { throw Self.refused("images", name) }
            if case .fileID = media.source { throw Self.foreignFile(name) }
        case .audio(let media):
            guard traits.takesAudio else { throw Self.refused("sound", name) }
            guard case .base64 = media.source else {
                throw ConversationError("This model's target takes sound as data alone, not by its address.", param: name)
            }
        case .file(let media):
            guard traits.takesFiles else { throw Self.refused("files", name) }
            switch media.source {
            case .fileID: throw Self.foreignFile(name)
            case .url:
                throw ConversationError("This model's target takes files as data alone, not by their address.", param: name)
            case .base64, .plainText: break
            }
        case .reasoning(let reasoning):
            let origin = (reasoning.signature ?? reasoning.redacted)?.origin
            let isReturned = traits.takesReasoningBack && !reasoning.text.isEmpty
            if !isReturned, origin != nil || !reasoning.text.isEmpty { report.drop(conversation.form.reasoningName) }
        case .toolResult(let result):
            if result.parts.contains(where: { $0.isMedia }) { report.rewrite(.messages, of: conversation.form) }
            for inner in result.parts { try check(inner, &report) }
        case .other(_, let kind): report.drop("\(name).\(kind)")
        case .text, .refusal, .toolCall: break
        }
    }

    private static func refused(_ what: String, _ name: String) -> ConversationError {
        ConversationError("This model's target takes no \(what).", param: name)
    }

    private static func foreignFile(_ name: String) -> ConversationError {
        ConversationError("A file's id means nothing to this model's target. Send the file itself.", param: name)
    }

    // MARK: Writing

    func write(to root: inout JSONWriter) {
        root.array("messages") { list in
            for instruction in conversation.instructions {
                list.object { message in
                    message.member("role", raw: role(instruction.role == .developer ? .developer : .system))
                    message.member("content", instruction.text)
                }
            }
            for message in conversation.messages {
                message.role == .assistant ? writeAssistant(message, to: &list) : writeOther(message, to: &list)
            }
        }
    }

    private func role(_ role: Message.Role) -> StaticString {
        switch role {
        case .user: "\"user\""
        case .assistant: "\"assistant\""
        case .system: "\"system\""
        case .developer: traits.takesDeveloperRole ? "\"developer\"" : "\"system\""
        }
    }

    private func writeOther(_ message: Message, to list: inout JSONWriter) {
        var rest: [Part] = []
        for part in message.parts {
            guard case .toolResult(let result) = part.content else {
                rest.append(part)
                continue
            }
            list.object { write(result, to: &$0) }
            rest += result.parts.filter(\.isMedia)
        }
        let written = rest.filter { $0.isText || $0.isMedia }
        guard !written.isEmpty else { return }
        list.object { object in
            object.member("role", raw: role(message.role))
            object.member("name", ifPresent: message.name)
            if written.count == 1, case .text(let text) = written[0].content {
                object.member("content", text)
            } else {
                object.array("content") { content in for part in written { content.object { Self.write(part, to: &$0) } } }
            }
        }
    }

    private func write(_ result: ToolResult, to object: inout JSONWriter) {
        object.member("role", raw: "\"tool\"")
        object.member("tool_call_id", ChatCallID.shortened(result.callID))
        var text = result.object?.asText ?? .empty
        for part in result.parts {
            if case .text(let more) = part.content { text = text.joined(with: more, separator: "\\n") }
        }
        if text.isEmpty, result.parts.contains(where: \.isMedia) { text = "(see the next message)" }
        object.member("content", text)
    }

    private func writeAssistant(_ message: Message, to list: inout JSONWriter) {
        var text: JSONText?
        var refusal: JSONText?
        var thoughts = JSONText.empty
        var calls: [ToolCall] = []
        for part in message.parts {
            switch part.content {
            case .text(let more): text = text.map { $0.joined(with: more, separator: "\\n\\n") } ?? more
            case .refusal(let more): refusal = more
            case .toolCall(let call): calls.append(call)
            case .reasoning(let reasoning): thoughts = thoughts.joined(with: reasoning.text, separator: "\\n")
            case .image, .audio, .file, .toolResult, .other: break
            }
        }
        let returned = traits.takesReasoningBack ? thoughts : .empty
        guard text != nil || refusal != nil || !calls.isEmpty else { return }
        list.object { object in
            object.member("role", raw: "\"assistant\"")
            object.member("name", ifPresent: message.name)
            if !returned.isEmpty { object.member("reasoning_content", returned) }
            if let text {
                object.member("content", text)
            } else {
                object.member("content", raw: "null")
            }
            object.member("refusal", ifPresent: refusal)
            guard !calls.isEmpty else { return }
            object.array("tool_calls") { array in for call in calls { array.object { Self.write(call, to: &$0) } } }
        }
    }

    private static func write(_ call: ToolCall, to object: inout JSONWriter) {
        object.member("id", ChatCallID.shortened(call.id))
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

    private static func write(_ part: Part, to object: inout JSONWriter) {
        switch part.content {
        case .text(let text):
            object.member("type", raw: "\"text\"")
            object.member("text", text)
        case .image(let media):
            object.member("type", raw: "\"image_url\"")
            object.object("image_url") { image in
                switch media.source {
                case .url(let url), .fileID(let url), .plainText(let url): image.member("url", url)
                case .base64(let data): image.member("url", DataURL.text(data, type: media.mediaType ?? "image/png"))
                }
                image.member("detail", ifPresent: media.detail)
            }
        case .audio(let media):
            guard case .base64(let data) = media.source else { return }
            let type = media.mediaType?.string ?? ""
            object.member("type", raw: "\"input_audio\"")
            object.object("input_audio") { audio in
                audio.member("data", data)
                audio.member("format", raw: type.contains("mp3") || type.contains("mpeg") ? "\"mp3\"" : "\"wav\"")
            }
        case .file(let media): write(file: media, to: &object)
        case .refusal, .toolCall, .toolResult, .reasoning, .other: break
        }
    }

    private static func write(file media: Media, to object: inout JSONWriter) {
        if case .plainText(let text) = media.source {
            object.member("type", raw: "\"text\"")
            object.member("text", text)
            return
        }
        guard case .base64(let data) = media.source else { return }
        object.member("type", raw: "\"file\"")
        object.object("file") { file in
            file.member("filename", media.fileName ?? "document.pdf")
            file.member("file_data", DataURL.text(data, type: media.mediaType ?? "application/pdf"))
        }
    }
}

extension Part {
    var isText: Bool { if case .text = content { true } else { false } }

    var isMedia: Bool {
        switch content {
        case .image, .audio, .file: true
        case .text, .refusal, .toolCall, .toolResult, .reasoning, .other: false
        }
    }
}

/// Ids of calls that OpenAI takes: of 64 characters at most (platform.openai.com, read 2026-11).
enum ChatCallID {
    static func shortened(_ id: JSONText) -> JSONText {
        guard id.byteCount > 64 else { return id }
        let hash = id.content.withUnsafeReadableBytes { StableHash.hash($0, seed: 0x6361_6C6C) }
        return JSONText("call_" + String(hash, radix: 36))
    }
}
