import NIOCore
import Wire

extension ResponsesRequestComposer {
    func writeImage(_ media: Media, mark: CacheMark?, into writer: inout JSONWriter) throws(ConversationError) {
        guard traits.takesImages else { throw refusal("images") }
        let url: JSONText?
        switch media.source {
        case .url(let address): url = address
        case .base64(let data): url = DataURL.text(data, type: media.mediaType ?? "image/png")
        case .fileID: url = nil
        case .plainText: throw refusal("images that are text")
        }
        try checkFileID(media)
        writer.object {
            $0.member("type", "input_image")
            $0.member("image_url", ifPresent: url)
            $0.member("file_id", ifPresent: media.fileID)
            $0.member("detail", ifPresent: media.detail)
            $0.breakpoint(mark)
        }
    }

    func writeFile(_ media: Media, mark: CacheMark?, into writer: inout JSONWriter) throws(ConversationError) {
        if case .plainText(let text) = media.source {
            // A document of plain text is text: the form's files are read as pages.
            return writer.textPart(text, mark: mark)
        }
        guard traits.takesFiles else { throw refusal("files") }
        try checkFileID(media)
        writer.object {
            $0.member("type", "input_file")
            switch media.source {
            case .url(let address): $0.member("file_url", address)
            case .base64(let data):
                $0.member("filename", media.nameOfFile)
                $0.member("file_data", DataURL.text(data, type: media.mediaType ?? "application/pdf"))
            case .fileID(let id): $0.member("file_id", id)
            case .plainText: break
            }
            $0.member("detail", ifPresent: media.detail)
            $0.breakpoint(mark)
        }
    }

    func writeAudio(_ media: Media, mark: CacheMark?, into writer: inout JSONWriter) throws(ConversationError) {
        guard traits.takesAudio else { throw refusal("audio") }
        guard case .base64(let data) = media.source else { throw refusal("audio that is not given as data") }
        guard let format = SoundFormat(media.mediaType) else { throw refusal("audio but of MP3 and WAV") }
        writer.object {
            $0.member("type", "input_audio")
            $0.object("input_audio") {
                $0.member("data", data)
                $0.member("format", format.rawValue)
            }
            $0.breakpoint(mark)
        }
    }

    /// A mark as this form has it; nil where the vendor knows none, which is noted. Lives of other lengths become the usual
    /// one, of 30 minutes: the longer one costs more than any the client may have asked for.
    mutating func writable(_ mark: CacheMark) -> CacheMark? {
        guard takes(.cacheMarks) else { return nil }
        guard let time = mark.timeToLive, !time.means("30m"), !time.means("12h") else { return mark }
        report.rewrite(.cacheMarks, of: conversation.form)
        return CacheMark()
    }

    /// An id names a file that the vendor of the client's form keeps; OpenAI's two forms share theirs.
    private func checkFileID(_ media: Media) throws(ConversationError) {
        guard media.fileID != nil, conversation.form != .openAIChat, conversation.form != .openAIResponses else {
            return
        }
        throw refusal("files that another vendor keeps")
    }

    private func refusal(_ what: String) -> ConversationError {
        ConversationError(
            "This model's target does not take \(what).", param: ConversationField.messages.name(in: conversation.form))
    }
}

extension Media {
    fileprivate var fileID: JSONText? {
        if case .fileID(let id) = source { id } else { nil }
    }
}

extension JSONWriter {
    /// A part's cache mark; nothing without one.
    mutating func breakpoint(_ mark: CacheMark?) {
        guard let mark else { return }
        object("prompt_cache_breakpoint") {
            $0.member("mode", "explicit")
            $0.member("ttl", ifPresent: mark.timeToLive)
        }
    }
}
