import NIOCore
import Wire

/// Images, sounds and files as parts say them: `inlineData` and `fileData`.
enum GeminiMedia {
    /// nil: the part is neither.
    ///
    /// - Parameter name: of the part, for a refusal.
    static func read(_ part: JSONView, _ name: () -> String) throws(ConversationError) -> Part.Content? {
        if let inline = part["inlineData", "inline_data"] {
            let path = name() + ".inlineData"
            guard let data = try inline.object(named: path)["data"] else {
                throw .mistyped("\(path).data", "a base64 string")
            }
            let media = Media(
                .base64(standard(try data.nonEmptyString(named: "\(path).data"))),
                mediaType: try inline["mimeType", "mime_type"]?.string(named: "\(path).mimeType"),
                fileName: try inline["displayName", "display_name"]?.string(named: "\(path).displayName"))
            return content(media)
        }
        guard let file = part["fileData", "file_data"] else { return nil }
        let path = name() + ".fileData"
        guard let uri = try file.object(named: path)["fileUri", "file_uri"] else {
            throw .mistyped("\(path).fileUri", "a non-empty string")
        }
        let address = try uri.nonEmptyString(named: "\(path).fileUri")
        return content(
            Media(
                isVendorsOwn(address) ? .fileID(address) : .url(address),
                mediaType: try file["mimeType", "mime_type"]?.string(named: "\(path).mimeType"),
                fileName: try file["displayName", "display_name"]?.string(named: "\(path).displayName")))
    }

    /// By its media type: what is no image and no sound is a file, videos too.
    static func content(_ media: Media) -> Part.Content {
        let type = media.mediaType?.string ?? ""
        if type.hasPrefix("image/") { return .image(media) }
        return type.hasPrefix("audio/") ? .audio(media) : .file(media)
    }

    /// Files and buckets that Google's own servers alone can read.
    static func isVendorsOwn(_ address: JSONText) -> Bool {
        let text = address.string
        return text.hasPrefix("gs://") || text.hasPrefix("files/")
            || text.hasPrefix("https://generativelanguage.googleapis.com/")
    }

    /// Base64 in the standard alphabet, which is all that other forms know; Google's clients write the one for URLs.
    static func standard(_ encoded: JSONText) -> JSONText {
        let bytes = encoded.content.readableBytesView
        guard bytes.contains(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }) else { return encoded }
        var buffer = ByteBuffer()
        buffer.writeBytes(
            bytes.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0 }
        )
        return JSONText(content: buffer)
    }

    /// Writes the media as a part's members.
    ///
    /// - Parameter kind: stands for a media type that nobody said: `image/jpeg`.
    static func write(_ media: Media, defaultType: JSONText, to part: inout JSONWriter) {
        switch media.source {
        case .base64(let data):
            part.object("inlineData") { inline in
                inline.member("mimeType", media.mediaType ?? type(ofBase64: data) ?? defaultType)
                inline.member("data", data)
            }
        case .url(let address), .fileID(let address):
            part.object("fileData") { file in
                file.member("mimeType", media.mediaType ?? type(ofAddress: address) ?? defaultType)
                file.member("fileUri", address)
            }
        case .plainText(let text):
            part.object("inlineData") { inline in
                inline.member("mimeType", raw: #""text/plain""#)
                inline.member("data", JSONText(content: Base64.encoded(text.decoded)))
            }
        }
    }

    private static let typesByEnding: [(ending: String, type: JSONText)] = [
        (".png", "image/png"), (".jpg", "image/jpeg"), (".jpeg", "image/jpeg"), (".gif", "image/gif"),
        (".webp", "image/webp"), (".heic", "image/heic"), (".heif", "image/heif"), (".pdf", "application/pdf"),
        (".txt", "text/plain"), (".md", "text/markdown"), (".html", "text/html"), (".csv", "text/csv"),
        (".json", "application/json"), (".xml", "text/xml"), (".mp3", "audio/mpeg"), (".wav", "audio/wav"),
        (".flac", "audio/flac"), (".ogg", "audio/ogg"), (".aac", "audio/aac"), (".m4a", "audio/mp4"),
        (".mp4", "video/mp4"), (".mov", "video/quicktime"), (".webm", "video/webm"), (".mpeg", "video/mpeg"),
    ]

    /// By how the path of an address ends; nil: it does not say.
    static func type(ofAddress address: JSONText) -> JSONText? {
        let path = address.string.prefix { $0 != "?" && $0 != "#" }.lowercased()
        return typesByEnding.first { path.hasSuffix($0.ending) }?.type
    }

    /// By the first bytes of the data, as base64 shows them; nil: none that is known.
    private static func type(ofBase64 data: JSONText) -> JSONText? {
        let beginnings: [(StaticString, JSONText)] = [
            ("iVBORw0KGgo", "image/png"), ("/9j/", "image/jpeg"), ("R0lGOD", "image/gif"), ("UklGR", "image/webp"),
            ("JVBERi0", "application/pdf"),
        ]
        return beginnings.first { beginning in
            beginning.0.withUTF8Buffer { data.content.readableBytesView.starts(with: $0) }
        }?.1
    }
}
