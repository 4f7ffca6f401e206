extension Dialect {
    /// Google's Gemini API (package google-genai 3.4.0, read 2026-11). It caches by itself. Explicit caches are objects billed by
    /// the hour, and a request that names one may not bring its own tools and instructions: only who knows how often
    /// they will be read can tell whether they pay, so they are left to clients.
    static let gemini = Dialect(
        forms: [.geminiGenerate], countsTokens: [.geminiGenerate], embedsInGemini: true,
        authorization: .header("x-goog-api-key"), cacheRules: { model, _ in .gemini(model) })
}
