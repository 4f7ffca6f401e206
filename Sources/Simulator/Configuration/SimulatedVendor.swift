/// Whose rules and small habits the simulator follows on the OpenAI-shaped paths. `/messages` is always Anthropic's.
package enum SimulatedVendor: String, Sendable, CaseIterable {
    case openAI = "openai"
    case deepSeek = "deepseek"
    /// DeepSeek's cache rule from V4 on.
    case deepSeekV4 = "deepseek-v4"
    case anthropic
    /// Never reports a cached token.
    case none

    /// The vendor whose models carry such names: `deepseek-…` (`…-v4…` and `…-flash` with the newer
    /// rule), `claude-…`, otherwise OpenAI.
    package static func of(model: String) -> SimulatedVendor {
        let name = model.lowercased()
        if name.hasPrefix("deepseek") {
            return name.contains("v4") || name.hasSuffix("flash") ? .deepSeekV4 : .deepSeek
        }
        if name.hasPrefix("claude") { return .anthropic }
        return .openAI
    }

    /// The cache rule for that model, which is named without directives.
    package func cacheRule(model: String) -> CacheRule {
        switch self {
        case .openAI: .openAI
        case .deepSeek: .deepSeek
        case .deepSeekV4: .deepSeekV4
        case .anthropic: .anthropic(model: model)
        case .none: .none
        }
    }
}
