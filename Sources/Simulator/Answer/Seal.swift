import FoundationEssentials

/// What a vendor puts on a thought so that it can tell whether it comes back unchanged: Anthropic's `signature`,
/// Responses' `encrypted_content`, Gemini's `thoughtSignature`. The same content has the same seal; no vendor
/// takes another's.
enum Seal: String {
    case anthropic
    case openAI = "openai"
    case gemini

    private static let secret: UInt64 = 0x5EA1_ED00_7A11_600D

    private var prefix: String { "simulated-\(rawValue)-seal:" }

    func seal(of content: String) -> String {
        let hash = Self.hash(content)
        let text = prefix + Self.hex(hash) + Self.hex(SeededGenerator.mix(hash ^ Self.secret))
        return Data(text.utf8).base64EncodedString()
    }

    /// The seal was made by this vendor, for whatever content.
    func isGenuine(_ seal: String) -> Bool {
        guard let data = GoogleBytes.decode(seal), let text = String(data: data, encoding: .utf8),
            text.hasPrefix(prefix)
        else { return false }
        let digits = text.dropFirst(prefix.count)
        guard digits.count == 32, let hash = UInt64(digits.prefix(16), radix: 16) else { return false }
        return digits.suffix(16) == Self.hex(SeededGenerator.mix(hash ^ Self.secret))
    }

    private static func hash(_ content: String) -> UInt64 {
        content.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
