import NIOCore
import Wire

/// Images and sounds in answers: images as gateways of this form have agreed to write them (openrouter.ai, image output,
/// read 2026-11), sounds as OpenAI does (package openai 3.52.0, read 2026-11).
enum ChatMedia {
    /// `{"image_url":{"url"}}`, or the URL itself in its place; nil for anything else.
    static func image(_ image: Int, _ nodes: ChatNodes) -> Media? {
        for (key, value) in nodes.members(image) where key == .imageURL {
            var url = nodes.text(value)
            for (key, value) in nodes.members(value) where key == .url { url = nodes.text(value) }
            return url.map(DataURL.media)
        }
        return nil
    }

    static func write(image media: Media, to object: inout JSONWriter) {
        object.member("type", raw: "\"image_url\"")
        object.object("image_url") { image in
            switch media.source {
            case .base64(let data): image.member("url", DataURL.text(data, type: media.mediaType ?? "image/png"))
            case .url(let url), .fileID(let url), .plainText(let url): image.member("url", url)
            }
        }
    }

    /// The members of `audio`, but for its id.
    static func write(audio data: JSONText, to object: inout JSONWriter) {
        object.member("data", data)
        object.member("expires_at", 0)
        object.member("transcript", JSONText.empty)
    }
}
