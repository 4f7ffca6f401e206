/// Whose rules and small habits the simulator follows on the OpenAI-shaped paths. `/messages` is always Anthropic's.
package enum SimulatedVendor: String, Sendable, CaseIterable {
    case openAI = "openai"
    case deepSeek = "deepseek"
    case anthropic
    /// Never reports a cached token.
    case none

    /// The vendor whose models carry such names: `deepseek-…`, `claude-…`, otherwise OpenAI.
    package static func of(model: String) -> SimulatedVendor {
        let name = model.lowercased()
        if name.hasPrefix("deepseek") { return .deepSeek }
        if name.hasPrefix("claude") { return .anthropic }
        return .openAI
    }

    package func cacheRule(model: String) -> CacheRule {
        switch self {
        case .openAI: .openAI
        case .deepSeek: .deepSeek
        case .anthropic: .anthropic(model: model)
        case .none: .none
        }
    }
}
