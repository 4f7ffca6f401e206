/// What Gemini's models take, by their names (package google-genai 3.4.0 and the API's reference, read 2026-11). A name
/// nobody knows is taken for the newest generation's.
struct GeminiModel {
    private let major: Int

    init(_ name: String) {
        let rest = name.split(separator: "/").last ?? ""
        let digits = rest.hasPrefix("gemini-") ? rest.dropFirst(7).prefix { $0.isASCII && $0.isNumber } : ""
        major = Int(digits) ?? 99
    }

    /// `thinkingLevel`; false: `thinkingBudget`.
    var takesThinkingLevel: Bool { major >= 3 }

    /// Wants its signatures back on the calls of the current turn.
    var needsSignatures: Bool { major >= 3 }
}
