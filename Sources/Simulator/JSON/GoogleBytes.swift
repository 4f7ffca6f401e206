import FoundationEssentials

/// Bytes as Google's JSON has them: either alphabet of base64, padded or not (protobuf's JSON mapping; google-genai
/// 3.4.0 sends the URL-safe one).
enum GoogleBytes {
    /// Nil when the text is neither.
    static func decode(_ text: String) -> Data? {
        var plain = text.replacing("-", with: "+").replacing("_", with: "/")
        while plain.hasSuffix("=") { plain.removeLast() }
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        return Data(base64Encoded: plain + padding)
    }
}
