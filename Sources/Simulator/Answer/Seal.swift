import FoundationEssentials

/// What a vendor puts on a thought so that it can tell whether it comes back unchanged: Anthropic's `signature`,
/// Responses' `encrypted_content`, Gemini's `thoughtSignature`. The same content has the same seal.
enum Seal {
    private static let prefix = "simulator-seal:"
    private static let secret: UInt64 = 0x5EA1_ED00_7A11_600D

    static func seal(of content: String) -> String {
        let hash = hash(content)
        let text = prefix + hex(hash) + hex(SeededGenerator.mix(hash ^ secret))
        return Data(text.utf8).base64EncodedString()
    }

    /// The seal was made by the simulator, for whatever content.
    static func isGenuine(_ seal: String) -> Bool {
        guard let data = Data(base64Encoded: seal), let text = String(data: data, encoding: .utf8),
            text.hasPrefix(prefix)
        else { return false }
        let digits = text.dropFirst(prefix.count)
        guard digits.count == 32, let hash = UInt64(digits.prefix(16), radix: 16) else { return false }
        return digits.suffix(16) == hex(SeededGenerator.mix(hash ^ secret))
    }

    private static func hash(_ content: String) -> UInt64 {
        content.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
