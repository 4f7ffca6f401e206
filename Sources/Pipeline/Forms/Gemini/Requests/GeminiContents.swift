import NIOCore
import Wire

/// The conversation's messages as contents: neighbours of one role are one, and each turn of calls that no Gemini made gets
/// the word that stands for a signature nobody has.
struct GeminiContents {
    private struct Content {
        var isModel: Bool
        var parts: [GeminiPiece] = []
    }

    private let conversation: Conversation
    private let model: GeminiModel
    private var contents: [Content] = []
    /// Names of the tools that calls were for, by the calls' ids.
    private var toolNames: [JSONText: JSONText] = [:]
    /// What stands before the first content: instructions, whatever message they came in.
    private(set) var instructions: [JSONText]

    init(_ conversation: Conversation, model: GeminiModel) {
        self.conversation = conversation
        self.model = model
        instructions = conversation.instructions.map(\.text).filter { !$0.isEmpty }
    }

    /// Gathers the contents, of which there is one at least afterwards.
    mutating func build(report: inout FidelityReport, index: inout JSONIndex) throws(ConversationError) {
        let form = conversation.form
        for message in conversation.messages {
            if message.name != nil { report.drop(.participantName, of: form) }
            switch message.role {
            case .user: for part in message.parts { try add(part, isModel: false, &report, &index) }
            case .assistant: for part in message.parts { try add(part, isModel: true, &report, &index) }
            case .system, .developer: try add(instruction: message, &report, &index)
            }
        }
        if contents.isEmpty, !instructions.isEmpty {
            // The form takes no request without contents.
            report.rewrite(.instructions, of: form)
            contents = [Content(isModel: false, parts: instructions.map { .text($0, signature: nil) })]
            instructions = []
        }
        guard !contents.isEmpty else {
            throw ConversationError(
                "'\(ConversationField.messages.name(in: form))' must hold a text, a file or a tool's result.",
                param: ConversationField.messages.name(in: form))
        }
    }

    /// Between turns it becomes the user's words.
    private mutating func add(
        instruction message: Message, _ report: inout FidelityReport, _ index: inout JSONIndex
    ) throws(ConversationError) {
        for part in message.parts {
            if contents.isEmpty, case .text(let text) = part.content {
                if !text.isEmpty { instructions.append(text) }
            } else {
                report.rewrite(.messages, of: conversation.form)
                try add(part, isModel: false, &report, &index)
            }
        }
    }

    private mutating func add(
        _ part: Part, isModel: Bool, _ report: inout FidelityReport, _ index: inout JSONIndex
    ) throws(ConversationError) {
        let form = conversation.form
        if part.citations != nil { report.drop(form.citationsName) }
        switch part.content {
        case .text(let text):
            if !text.isEmpty { append(.text(text, signature: nil), isModel) }
        case .refusal(let text):
            report.rewrite(form.messageField("refusal"))
            if !text.isEmpty { append(.text(text, signature: nil), isModel) }
        case .image(let media): append(.media(try checked(media, &report), defaultType: "image/jpeg"), isModel)
        case .audio(let media): append(.media(try checked(media, &report), defaultType: "audio/wav"), isModel)
        case .file(let media): append(.media(try checked(media, &report), defaultType: "application/pdf"), isModel)
        case .toolCall(let call):
            toolNames[call.id] = call.name
            append(.call(call, arguments: call.arguments.object(index: &index)), true)
        case .toolResult(let result): try add(result, &report)
        case .reasoning(let reasoning): add(reasoning, &report)
        case .other(let fragment, let kind):
            if form == .geminiGenerate {
                append(.raw(fragment), isModel)
            } else {
                report.drop(form.messageField(kind))
            }
        }
    }

    /// The media as it can be written.
    private func checked(_ media: Media, _ report: inout FidelityReport) throws(ConversationError) -> Media {
        let form = conversation.form
        switch media.source {
        case .fileID:
            guard form == .geminiGenerate else {
                throw ConversationError(
                    "The id of a file means nothing to this model's vendor. Send the file itself.",
                    param: ConversationField.messages.name(in: form))
            }
        case .url: report.rewrite(.messages, of: form)
        case .base64, .plainText: break
        }
        if media.fileName != nil { report.drop(form.messageField("filename")) }
        if let detail = media.detail, !detail.means("auto") { report.drop(form.messageField("detail")) }
        return media
    }

    private mutating func add(_ result: ToolResult, _ report: inout FidelityReport) throws(ConversationError) {
        let form = conversation.form
        guard let name = result.name ?? toolNames[result.callID] else {
            throw ConversationError(
                "A tool's result answers the call '\(result.callID.string)', which no message before it holds.",
                param: ConversationField.messages.name(in: form))
        }
        var result = result
        var media: [Part] = []
        for part in result.parts {
            if part.citations != nil { report.drop(form.citationsName) }
            switch part.content {
            case .image(let inner), .audio(let inner), .file(let inner):
                _ = try checked(inner, &report)
                media.append(part)
            case .text, .refusal: break
            case .toolCall, .toolResult, .reasoning: break
            case .other(_, let kind): report.drop(form.messageField(kind))
            }
        }
        if !model.takesMediaInResults {
            result.parts.removeAll { part in media.contains(part) }
        }
        append(.result(result, name: name), false)
        guard !model.takesMediaInResults, !media.isEmpty else { return }
        report.rewrite(.messages, of: form)
        for part in media {
            if let piece = GeminiPiece(media: part) { append(piece, false) }
        }
    }

    /// Thoughts go back to who thought them.
    private mutating func add(_ reasoning: Reasoning, _ report: inout FidelityReport) {
        let form = conversation.form
        let origin = (reasoning.signature ?? reasoning.redacted)?.origin ?? form
        guard origin == .geminiGenerate, reasoning.redacted == nil else {
            let isEmpty = reasoning.text.isEmpty && reasoning.signature == nil && reasoning.redacted == nil
            if !isEmpty { report.drop(form.reasoningName) }
            return
        }
        let signature = reasoning.signature.flatMap { $0.value.isEmpty ? nil : $0.value }
        guard reasoning.text.isEmpty else { return append(.thought(reasoning.text, signature: signature), true) }
        guard let signature else { return }
        // It came with the text before it.
        if let last = contents.last, last.isModel, case .text(let text, nil) = last.parts.last {
            contents[contents.count - 1].parts[last.parts.count - 1] = .text(text, signature: signature)
        } else {
            append(.text(.empty, signature: signature), true)
        }
    }

    private mutating func append(_ piece: GeminiPiece, _ isModel: Bool) {
        if contents.last?.isModel != isModel { contents.append(Content(isModel: isModel)) }
        contents[contents.count - 1].parts.append(piece)
    }

    func write(to root: inout JSONWriter) {
        root.array("contents") { list in
            for content in contents {
                list.object { object in
                    object.member("role", raw: content.isModel ? "\"model\"" : "\"user\"")
                    object.array("parts") { parts in
                        var wantsSignature = model.needsSignatures
                        for piece in content.parts { piece.write(to: &parts, wantsSignature: &wantsSignature) }
                    }
                }
            }
        }
    }
}
