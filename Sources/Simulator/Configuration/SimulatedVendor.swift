/// Whose rules and small habits the simulator follows on the OpenAI-shaped paths. `/messages` is always Anthropic's,
/// `generateContent` always Gemini's.
package enum SimulatedVendor: String, Sendable, CaseIterable {
    case openAI = "openai"
    case deepSeek = "deepseek"
    /// DeepSeek's cache rule from V4 on.
    case deepSeekV4 = "deepseek-v4"
    case anthropic
    case gemini
    /// Never reports a cached token.
    case none

    /// The vendor whose models carry such names: `deepseek-…` (`…-v4…` and `…-flash` with the newer
    /// rule), `claude-…`, `gemini-…`, otherwise OpenAI.
    package static func of(model: String) -> SimulatedVendor {
        let name = model.lowercased()
        if name.hasPrefix("deepseek") {
            return name.contains("v4") || name.hasSuffix("flash") ? .deepSeekV4 : .deepSeek
        }
        if name.hasPrefix("claude") { return .anthropic }
        if name.hasPrefix("gemini") { return .gemini }
        return .openAI
    }

    /// The cache rule for that model, which is named without directives.
    package func cacheRule(model: String) -> CacheRule {
        switch self {
        case .openAI: .openAI
        case .deepSeek: .deepSeek
        case .deepSeekV4: .deepSeekV4
        case .anthropic: .anthropic(model: model)
        case .gemini: .gemini(model: model)
        case .none: .none
        }
    }
}
