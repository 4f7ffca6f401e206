import NIOCore
import Wire

extension ResponsesRequestParser {
    /// A content: one text, or an array of parts.
    func parts(_ content: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> [Part] {
        if let whole = text.text(content) { return [Part(.text(whole))] }
        guard text.kind(content) == .array else { throw .mistyped(path(), "a string or an array of parts") }
        var parts: [Part] = []
        for (position, part) in text.index.elements(of: content).enumerated() {
            parts.append(
                try self.part(try object(part, "\(path())[\(position)]"), "\(path())[\(position)]"))
        }
        return parts
    }

    private func part(_ part: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> Part {
        guard let type = text.member("type", of: part) else {
            throw .mistyped("\(path()).type", "a string such as \"input_text\"")
        }
        var result: Part
        if text.equals(type, "input_text") || text.equals(type, "output_text") || text.equals(type, "text") {
            result = Part(.text(try string("text", of: part, path: path())))
            if let annotations = text.member("annotations", of: part), text.index.childCount(of: annotations) > 0 {
                result.citations = text.fragment(annotations)
            }
        } else if text.equals(type, "refusal") {
            result = Part(.refusal(try string("refusal", of: part, path: path())))
        } else if text.equals(type, "input_image") {
            result = Part(.image(try image(part, path())))
        } else if text.equals(type, "input_file") {
            result = Part(.file(try file(part, path())))
        } else if text.equals(type, "input_audio") {
            result = Part(.audio(try audio(part, path())))
        } else {
            result = Part(.other(text.fragment(part), kind: try string(type, "\(path()).type").string))
        }
        if let mark = text.member("prompt_cache_breakpoint", of: part) ?? text.member("cache_control", of: part) {
            result.cacheMark = cacheMark(mark)
        }
        return result
    }

    private func image(_ part: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> Media {
        var media: Media
        if let url = text.member("image_url", of: part) {
            let url = try string(url, "\(path()).image_url")
            guard let parsed = Self.media(url) else {
                throw .mistyped("\(path()).image_url", "a URL, or a data URL in base64")
            }
            media = parsed
        } else if let id = text.text("file_id", of: part) {
            media = Media(.fileID(id))
        } else {
            throw .mistyped("\(path()).image_url", "a string")
        }
        media.detail = text.text("detail", of: part)
        return media
    }

    private func file(_ part: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> Media {
        var media: Media
        if let data = text.member("file_data", of: part) {
            let data = try string(data, "\(path()).file_data")
            if DataURL.isData(data) {
                guard let parsed = Self.media(data) else {
                    throw .mistyped("\(path()).file_data", "a data URL in base64")
                }
                media = parsed
            } else {
                media = Media(.base64(data))
            }
        } else if let url = text.member("file_url", of: part) {
            media = Media(.url(try string(url, "\(path()).file_url")))
        } else if let id = text.text("file_id", of: part) {
            media = Media(.fileID(id))
        } else {
            throw .mistyped("\(path()).file_data", "a data URL, unless 'file_url' or 'file_id' is given")
        }
        media.fileName = text.text("filename", of: part)
        media.detail = text.text("detail", of: part)
        return media
    }

    private func audio(_ part: Int, _ path: @autoclosure () -> String) throws(ConversationError) -> Media {
        guard let audio = text.member("input_audio", of: part), text.kind(audio) == .object else {
            throw .mistyped("\(path()).input_audio", "an object with 'data' and 'format'")
        }
        let data = try string("data", of: audio, path: "\(path()).input_audio")
        let format = try string("format", of: audio, path: "\(path()).input_audio")
        let type: JSONText = format.means("mp3") ? "audio/mpeg" : JSONText("audio/").joined(with: format, separator: "")
        return Media(.base64(data), mediaType: type)
    }

    /// What a URL stands for; nil for a data URL that is not in base64, and for an empty one.
    private static func media(_ url: JSONText) -> Media? {
        url.isEmpty || DataURL.isUnreadable(url) ? nil : DataURL.media(url)
    }
}
