import NIOCore
import Wire

/// `data:` URLs, as OpenAI's forms carry media.
enum DataURL {
    /// `data:image/png;base64,…` taken apart; any other text as the address it is.
    static func media(_ url: JSONText) -> Media {
        // JSON may write `/` as `\/`: in a type and in base64 nothing else is ever escaped.
        let isEscaped = isData(url) && url.content.readableBytesView.contains(UInt8(ascii: "\\"))
        let bytes = (isEscaped ? url.decoded : url.content).readableBytesView
        guard bytes.starts(with: "data:".utf8), let comma = bytes.firstIndex(of: UInt8(ascii: ",")) else {
            return Media(.url(url))
        }
        let head = bytes[(bytes.startIndex + 5)..<comma]
        let typeEnd = head.firstIndex(of: UInt8(ascii: ";")) ?? head.endIndex
        let type = ByteBuffer(bytes[head.startIndex..<typeEnd])
        let data = ByteBuffer(bytes[(comma + 1)...])
        guard isEscaped else {
            return Media(.base64(JSONText(content: data)), mediaType: type.readableBytes == 0 ? nil : JSONText(content: type))
        }
        return Media(
            .base64(JSONText(escaping: data)), mediaType: type.readableBytes == 0 ? nil : JSONText(escaping: type))
    }

    static func isData(_ url: JSONText) -> Bool { url.content.readableBytesView.starts(with: "data:".utf8) }

    /// A `data:` URL whose data is not base64, or that ends before it.
    static func isUnreadable(_ url: JSONText) -> Bool {
        guard isData(url) else { return false }
        let bytes = url.content.readableBytesView
        guard let comma = bytes.firstIndex(of: UInt8(ascii: ",")) else { return true }
        return !bytes[..<comma].suffix(7).elementsEqual(";base64".utf8)
    }

    /// The media as a `data:` URL.
    static func text(_ data: JSONText, type: JSONText) -> JSONText {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(data.byteCount + type.byteCount + 16)
        buffer.writeStaticString("data:")
        buffer.writeImmutableBuffer(type.content)
        buffer.writeStaticString(";base64,")
        buffer.writeImmutableBuffer(data.content)
        return JSONText(content: buffer)
    }
}
