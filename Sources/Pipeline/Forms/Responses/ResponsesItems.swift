import NIOCore
import Wire

/// What items of input and of output have in common.
enum ResponsesItems {
    /// Between the parts of a summary, as it stands between quotes.
    static let summarySeparator: StaticString = "\\n\\n"

    /// A reasoning item's text and id: its summary, or the thoughts themselves where it has none.
    static func reasoning(_ item: Int, in text: ResponsesText) -> Reasoning {
        var reasoning = Reasoning(text: joined("summary", of: item, in: text))
        if reasoning.text.isEmpty { reasoning.text = joined("content", of: item, in: text) }
        reasoning.id = text.text("id", of: item)
        return reasoning
    }

    /// The texts of an array of parts.
    private static func joined(_ name: StaticString, of item: Int, in text: ResponsesText) -> JSONText {
        guard let parts = text.member(name, of: item) else { return .empty }
        var gathered = TextGatherer()
        for part in text.index.elements(of: parts) {
            if let piece = text.text("text", of: part) { gathered.append(piece, separator: summarySeparator) }
        }
        return gathered.text
    }

    /// The picture of an `image_generation_call`; nil where it has none.
    static func picture(_ item: Int, in text: ResponsesText) -> Part? {
        guard let result = text.text("result", of: item), !result.isEmpty else { return nil }
        let format = text.text("output_format", of: item) ?? "png"
        let type = format.means("svg") ? "image/svg+xml" : JSONText("image/").joined(with: format, separator: "")
        return Part(.image(Media(.base64(result), mediaType: type)))
    }
}

extension ResponsesItems {
    /// A vendor's own proof of its thoughts; nil where it gave none.
    static func signature(of item: Int, in text: ResponsesText) -> Signature? {
        guard let encrypted = text.text("encrypted_content", of: item), !encrypted.isEmpty else { return nil }
        return Signature(origin: .openAIResponses, value: encrypted)
    }

    /// The id by which a vendor's call is answered. Servers that give no `call_id` mean the item's.
    ///
    /// - Parameter ordinal: the call's number in the answer, from 0.
    static func callID(of item: Int, ordinal: Int, in text: ResponsesText) -> JSONText {
        if let id = text.text("call_id", of: item), !id.isEmpty { return id }
        if let id = text.text("id", of: item), !id.isEmpty { return id }
        return ToolCallID.minted(seed: 0, ordinal: ordinal)
    }
}
