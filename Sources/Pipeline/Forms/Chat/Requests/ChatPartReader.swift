import NIOCore
import Wire

/// Reads one part of a message's content.
struct ChatPartReader {
    /// `messages[0].content[0]`
    let path: String

    private static let members: [StaticString] = [
        "type", "text", "refusal", "image_url", "input_audio", "file", "prompt_cache_breakpoint", "cache_control",
    ]

    func read(_ part: JSONView, _ conversation: inout Conversation) throws(ConversationError) -> Part {
        guard part.isObject else { throw .mistyped(path, "an object") }
        guard let type = part["type"] else { throw .missing("\(path).type", "a string such as \"text\"") }
        for (name, value) in part.unknown(Self.members) { conversation.note("messages.content." + name, value) }
        return Part(try content(part, type, &conversation), cacheMark: part.chatCacheMark)
    }

    private func content(
        _ part: JSONView, _ type: JSONView, _ conversation: inout Conversation
    ) throws(ConversationError) -> Part.Content {
        if type.means("text") { return .text(try text("text", of: part)) }
        if type.means("refusal") { return .refusal(try text("refusal", of: part)) }
        if type.means("image_url") { return .image(try image(part, &conversation)) }
        if type.means("input_audio") { return .audio(try audio(part)) }
        if type.means("file") { return .file(try file(part)) }
        guard let kind = type.string else { throw .mistyped("\(path).type", "a string such as \"text\"") }
        // Left out, the question would be another one.
        if kind.hasPrefix("video") {
            throw ConversationError("This model's target takes no video.", param: "\(path).type")
        }
        return .other(part.fragment, kind: kind)
    }

    private func text(_ name: StaticString, of part: JSONView) throws(ConversationError) -> JSONText {
        guard let text = try part.string(name, path + ".") else { throw .missing("\(path).\(name)", "a string") }
        return text
    }

    private func image(_ part: JSONView, _ conversation: inout Conversation) throws(ConversationError) -> Media {
        guard let image = part["image_url"] else { throw .missing("\(path).image_url", "an object") }
        for (name, value) in image.unknown(["url", "detail"]) {
            conversation.note("messages.content.image_url." + name, value)
        }
        guard let url = image["url"]?.text ?? image.text, !url.isEmpty else {
            throw .missing("\(path).image_url.url", "an address or a data URL")
        }
        guard !DataURL.isUnreadable(url) else {
            throw .mistyped("\(path).image_url.url", "an address or a data URL of base64")
        }
        var media = DataURL.media(url)
        media.detail = try image.string("detail", "\(path).image_url.")
        return media
    }

    private func audio(_ part: JSONView) throws(ConversationError) -> Media {
        guard let audio = try part.object("input_audio", path + "."),
            let data = try audio.string("data", "\(path).input_audio."), !data.isEmpty
        else { throw .missing("\(path).input_audio.data", "base64 text") }
        let format = try audio.string("format", "\(path).input_audio.") ?? "wav"
        let type: JSONText = format.means("mp3") ? "audio/mpeg" : JSONText("audio/").joined(with: format, separator: "")
        // Some clients send a data URL where the form has the data alone.
        let media = DataURL.media(data)
        guard case .base64 = media.source else { return Media(.base64(data), mediaType: type) }
        return Media(media.source, mediaType: media.mediaType ?? type)
    }

    private func file(_ part: JSONView) throws(ConversationError) -> Media {
        guard let file = try part.object("file", path + ".") else { throw .missing("\(path).file", "an object") }
        var media: Media
        if let data = try file.string("file_data", "\(path).file."), !data.isEmpty {
            guard !DataURL.isUnreadable(data) else {
                throw .mistyped("\(path).file.file_data", "a data URL of base64")
            }
            media = DataURL.media(data)
            // Some clients send the data alone.
            if case .url = media.source { media = Media(.base64(data)) }
        } else if let id = try file.string("file_id", "\(path).file."), !id.isEmpty {
            media = Media(.fileID(id))
        } else {
            throw .missing("\(path).file.file_data", "a data URL")
        }
        media.fileName = try file.string("filename", "\(path).file.")
        return media
    }
}
