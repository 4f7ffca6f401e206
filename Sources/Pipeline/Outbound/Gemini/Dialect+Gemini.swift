extension Dialect {
    /// Google's Gemini API (package google-genai 3.4.0, read 2026-11).
    static let gemini = Dialect(
        forms: [.geminiGenerate], countsTokens: [.geminiGenerate], embedsInGemini: true,
        authorization: .header("x-goog-api-key"))
}
