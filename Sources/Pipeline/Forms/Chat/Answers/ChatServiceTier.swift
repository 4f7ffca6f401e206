import Wire

/// The form's words for the tier that served an answer (package openai 3.52.0, read 2026-11).
enum ChatServiceTier {
    /// As a JSON text; nil for what the form has no word for.
    static func word(_ tier: JSONText?) -> StaticString? {
        guard let tier else { return nil }
        // Anthropic's and Gemini's `standard`.
        if tier.means("default") || tier.means("standard") { return "\"default\"" }
        // Answers say `priority` for both.
        if tier.means("priority") || tier.means("fast") { return "\"priority\"" }
        if tier.means("auto") { return "\"auto\"" }
        if tier.means("flex") { return "\"flex\"" }
        return tier.means("scale") ? "\"scale\"" : nil
    }
}
