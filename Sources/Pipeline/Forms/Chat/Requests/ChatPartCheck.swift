import Wire

/// Finds the parts that the target cannot be sent: 400 where the question would be another without them, reported where
/// they are left out.
struct ChatPartCheck {
    let form: RequestForm
    let traits: VendorTraits

    private var name: String { ConversationField.messages.name(in: form) }

    func callAsFunction(
        _ part: Part, isAssistant: Bool, _ report: inout FidelityReport
    ) throws(ConversationError) {
        if part.citations != nil { report.drop(form.citationsName) }
        switch part.content {
        case .text, .refusal, .reasoning: break
        case .image(let media): try image(media, isAssistant, &report)
        case .audio(let media): try audio(media, isAssistant, &report)
        case .file(let media): try file(media, isAssistant, &report)
        case .toolCall(let call):
            if case .text = call.arguments, !traits.takesCustomTools { report.rewrite(.tools, of: form) }
            if call.signature != nil, form == .geminiGenerate { report.drop("\(name).thoughtSignature") }
        case .toolResult(let result):
            if result.isError { report.rewrite(form.resultErrorName) }
            if result.parts.contains(where: \.isMedia) { report.rewrite(.messages, of: form) }
            for inner in result.parts { try self(inner, isAssistant: false, &report) }
        case .other(_, let kind): report.drop("\(name).\(kind)")
        }
    }

    func drop(_ reasoning: Reasoning, _ report: inout FidelityReport) {
        guard !reasoning.text.isEmpty || reasoning.signature != nil || reasoning.redacted != nil else { return }
        report.drop(form.reasoningName)
    }

    /// What the model drew or spoke earlier has no place in its messages: it is left out.
    private func isOwn(_ what: String, _ isAssistant: Bool, _ report: inout FidelityReport) -> Bool {
        if isAssistant { report.drop("\(name).\(what)") }
        return isAssistant
    }

    private func image(_ media: Media, _ isAssistant: Bool, _ report: inout FidelityReport) throws(ConversationError) {
        if isOwn("image", isAssistant, &report) { return }
        guard traits.takesImages else { throw refused("images") }
        switch media.source {
        case .url, .base64: break
        case .fileID:
            throw ConversationError(
                "This model's target takes images by their address or as data, not by a file's id.", param: name)
        case .plainText: throw refused("images that are text")
        }
    }

    private func audio(_ media: Media, _ isAssistant: Bool, _ report: inout FidelityReport) throws(ConversationError) {
        if isOwn("audio", isAssistant, &report) { return }
        guard traits.takesAudio else { throw refused("sound") }
        guard case .base64 = media.source else {
            throw ConversationError("This model's target takes sound as data alone, not by its address.", param: name)
        }
        guard SoundFormat(media.mediaType) != nil else { throw refused("sound but of MP3 and WAV") }
    }

    private func file(_ media: Media, _ isAssistant: Bool, _ report: inout FidelityReport) throws(ConversationError) {
        if isOwn("file", isAssistant, &report) { return }
        if let detail = media.detail, !detail.means("auto") { report.drop(form.messageField("detail")) }
        switch media.source {
        case .plainText: break
        case .fileID where form == .openAIResponses && traits.takesFiles: break
        case .fileID:
            throw ConversationError(
                "A file's id means nothing to this model's target. Send the file itself.", param: name)
        case .url:
            throw ConversationError("This model's target takes files as data alone, not by their address.", param: name)
        case .base64:
            guard traits.takesFiles else { throw refused("files") }
        }
    }

    private func refused(_ what: String) -> ConversationError {
        ConversationError("This model's target takes no \(what).", param: name)
    }
}
