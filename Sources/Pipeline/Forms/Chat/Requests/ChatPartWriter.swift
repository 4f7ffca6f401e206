import Wire

/// Writes the members of one part of a message's content, which `ChatPartCheck` has let pass.
enum ChatPartWriter {
    static func write(_ part: Part, to object: inout JSONWriter) {
        switch part.content {
        case .text(let text): write(text: text, to: &object)
        case .image(let media): write(image: media, to: &object)
        case .audio(let media): write(audio: media, to: &object)
        case .file(let media): write(file: media, to: &object)
        case .refusal, .toolCall, .toolResult, .reasoning, .other: break
        }
    }

    private static func write(text: JSONText, to object: inout JSONWriter) {
        object.member("type", raw: "\"text\"")
        object.member("text", text)
    }

    private static func write(image media: Media, to object: inout JSONWriter) {
        object.member("type", raw: "\"image_url\"")
        object.object("image_url") { image in
            switch media.source {
            case .url(let url), .fileID(let url), .plainText(let url): image.member("url", url)
            case .base64(let data): image.member("url", DataURL.text(data, type: media.mediaType ?? "image/png"))
            }
            image.member("detail", ifPresent: media.detail)
        }
    }

    private static func write(audio media: Media, to object: inout JSONWriter) {
        guard case .base64(let data) = media.source else { return }
        object.member("type", raw: "\"input_audio\"")
        object.object("input_audio") { audio in
            audio.member("data", data)
            audio.member("format", (SoundFormat(media.mediaType) ?? .wav).rawValue)
        }
    }

    private static func write(file media: Media, to object: inout JSONWriter) {
        // A document of plain text is text: the form's files are read as pages.
        if case .plainText(let text) = media.source { return write(text: text, to: &object) }
        object.member("type", raw: "\"file\"")
        object.object("file") { file in
            switch media.source {
            case .fileID(let id): file.member("file_id", id)
            case .base64(let data):
                file.member("filename", media.nameOfFile)
                file.member("file_data", DataURL.text(data, type: media.mediaType ?? "application/pdf"))
            case .url, .plainText: break
            }
        }
    }
}
