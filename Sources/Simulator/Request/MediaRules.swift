import FoundationEssentials

/// What each vendor refuses in the pictures, sounds and files of a conversation.
enum MediaRules {
    private static let pictures: [JSONTree] = ["image/jpeg", "image/png", "image/gif", "image/webp"]

    private static func isBase64(_ text: String?) -> Bool {
        guard let text, !text.isEmpty else { return false }
        return Data(base64Encoded: text) != nil
    }

    /// A web address or a data URL whose base64 is good.
    static func isAddress(_ text: String) -> Bool {
        guard text.hasPrefix("data:") else { return text.hasPrefix("https://") || text.hasPrefix("http://") }
        let halves = text.split(separator: ",", maxSplits: 1)
        return halves.count == 2 && halves[0].hasSuffix(";base64") && isBase64(String(halves[1]))
    }

    /// A part of `chat/completions`.
    static func checkChat(_ part: JSONTree, at path: String) throws(RequestProblem) {
        switch part["type"] {
        case "image_url":
            guard part["image_url"]?.members != nil else {
                throw RequestProblem(
                    message: "Invalid type for '\(path).image_url': expected an object.",
                    parameter: "\(path).image_url", code: "invalid_type")
            }
            try checkPicture(part["image_url"]?["url"]?.text, at: "\(path).image_url.url")
        case "input_audio":
            let format = part["input_audio"]?["format"] ?? .null
            guard isBase64(part["input_audio"]?["data"]?.text), format == "wav" || format == "mp3" else {
                throw RequestProblem(
                    message: "Invalid value for '\(path).input_audio': expected base64 data as 'wav' or 'mp3'.",
                    parameter: "\(path).input_audio", code: "invalid_value")
            }
        default: break
        }
    }

    /// A part of `responses`, where the address is a plain string.
    static func checkResponses(_ part: JSONTree, at path: String) throws(RequestProblem) {
        guard part["type"] == "input_image", part["file_id"]?.text == nil else { return }
        guard part["image_url"]?.members == nil else {
            throw RequestProblem(
                message: "Invalid type for '\(path).image_url': expected an image URL, but got an object instead.",
                parameter: "\(path).image_url", code: "invalid_type")
        }
        try checkPicture(part["image_url"]?.text, at: "\(path).image_url")
    }

    private static func checkPicture(_ address: String?, at path: String) throws(RequestProblem) {
        guard let address else {
            throw RequestProblem(
                message: "Missing required parameter: '\(path)'.", parameter: path, code: "missing_required_parameter")
        }
        guard isAddress(address) else {
            throw RequestProblem(
                message: "Invalid '\(path)'. Expected a valid URL or base64 data URL.", parameter: path,
                code: "invalid_image_url")
        }
    }

    /// An `image` or `document` block of `messages`.
    static func checkAnthropic(_ block: JSONTree, at path: String) throws(RequestProblem) {
        let source = block["source"] ?? .null
        let isPicture = block["type"] == "image"
        let isGood =
            switch source["type"] {
            case "base64":
                isBase64(source["data"]?.text)
                    && (isPicture
                        ? pictures.contains(source["media_type"] ?? .null) : source["media_type"] == "application/pdf")
            case "url": source["url"]?.text.map { $0.hasPrefix("https://") || $0.hasPrefix("http://") } ?? false
            case "file": source["file_id"]?.text != nil
            case "text": !isPicture && source["data"]?.text?.isEmpty == false && source["media_type"] == "text/plain"
            case "content": !isPicture && source["content"] != nil
            default: false
            }
        guard isGood else {
            throw RequestProblem(
                message: "\(path).\(isPicture ? "image" : "document").source: Input should be a valid source",
                parameter: "messages")
        }
    }

    /// A part of `contents`.
    static func checkGemini(_ part: JSONTree, at path: String) throws(RequestProblem) {
        if let inline = part.google("inlineData"), !inline.isNull {
            guard inline.google("mimeType")?.text?.contains("/") ?? false, !(inline["data"]?.text ?? "").isEmpty,
                inline["data"]?.text.flatMap(GoogleBytes.decode) != nil
            else {
                throw RequestProblem(
                    message:
                        "Invalid value at '\(path).inline_data' (TYPE_BYTES), Base64 decoding failed or the MIME type is missing.",
                    parameter: "contents")
            }
        }
        if let file = part.google("fileData"), file.google("fileUri")?.text?.isEmpty ?? true, !file.isNull {
            throw RequestProblem(message: "* \(path).file_data.file_uri: must not be empty.\n", parameter: "contents")
        }
    }
}
