import NIOCore
import Wire

/// Images and sounds in answers: images as gateways of this form have agreed to write them (openrouter.ai, image output,
/// read 2026-11), sounds as OpenAI does (package openai 3.52.0, read 2026-11).
enum ChatMedia {
    /// `{"type":"image_url","image_url":{"url"}}`; nil for anything else.
    static func image(_ value: JSONView) -> Part? {
        guard let url = value["image_url"]?["url"]?.text ?? value["image_url"]?.text, !url.isEmpty else { return nil }
        return Part(.image(DataURL.media(url)))
    }

    /// `{"data","transcript"}`: what was said as text, then the sound.
    static func audio(_ value: JSONView) -> [Part] {
        var parts: [Part] = []
        if let transcript = value["transcript"]?.text, !transcript.isEmpty { parts.append(Part(.text(transcript))) }
        if let data = value["data"]?.text, !data.isEmpty { parts.append(Part(.audio(Media(.base64(data))))) }
        return parts
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
