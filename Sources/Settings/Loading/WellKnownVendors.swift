/// Vendors that a process without a configuration file finds by their keys in the environment.
enum WellKnownVendors {
    struct Vendor: Sendable {
        var kind: ProviderKind
        /// Holds the key.
        var variable: String
        /// What the vendor calls them, which is what clients then call them too.
        var models: [String]
    }

    /// Adds a provider, named as its kind, and its models for each variable that is set and not empty.
    static func add(to configuration: inout Configuration, log: IssueLog) {
        for vendor in vendors {
            guard let key = log.environment[vendor.variable], !key.isEmpty, let baseURL = vendor.kind.defaultBaseURL
            else {
                continue
            }
            let place = Place.variable(vendor.variable, for: "providers[].kind")
            UnbuiltFeatures.note(ScalarText(text: vendor.kind.rawValue, shown: "", place: place), log: log)
            guard let secret = log.credential(ScalarText(text: key, shown: "", place: place)) else { continue }
            var provider = ProviderSettings(name: vendor.kind.rawValue, kind: vendor.kind, baseURL: baseURL)
            provider.keys = [ProviderKeySettings(id: "main", value: secret)]
            provider.proxy = proxy(for: baseURL, log: log)
            configuration.providers.append(provider)
            configuration.models += vendor.models.map { name in
                ModelSettings(name: name, targets: [TargetSettings(provider: provider.name, model: name)])
            }
        }
    }

    /// Without a file there is nowhere to name a proxy but the usual variable; the lower-case one goes first.
    private static func proxy(for url: UpstreamURL, log: IssueLog) -> UpstreamURL? {
        guard !ProxyExclusions(environment: log.environment).contains(url) else { return nil }
        for name in ["https_proxy", "HTTPS_PROXY"] {
            guard let text = log.environment[name], !text.isEmpty else { continue }
            return log.proxyURL(ScalarText(text: text, shown: "", place: .variable(name, for: "")))
        }
        return nil
    }

    /// As of 2026-11-21; models that answer chat completions.
    static let vendors: [Vendor] = [
        Vendor(
            kind: .deepseek, variable: "DEEPSEEK_API_KEY",
            models: [
                "deepseek-flash", "deepseek-v4-pro",
            ]),
        Vendor(
            kind: .openai, variable: "OPENAI_API_KEY",
            models: [
                "gpt-6-astra", "gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-sol", "gpt-6-luna", "gpt-5.6-sol",
                "gpt-5.6-terra", "gpt-5.6-luna", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini", "gpt-5.4-nano", "gpt-5.2",
                "gpt-5.1", "gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-4.1", "gpt-4.1-mini", "gpt-4o", "gpt-4o-mini",
                "o3", "gpt-audio-1.5",
            ]),
        Vendor(
            kind: .anthropic, variable: "ANTHROPIC_API_KEY",
            models: [
                "claude-fable-5-1", "claude-opus-5-5", "claude-opus-5", "claude-opus-4-8", "claude-opus-4-7",
                "claude-opus-4-6", "claude-opus-4-5", "claude-sonnet-5-5", "claude-sonnet-5", "claude-sonnet-4-6",
                "claude-sonnet-4-5", "claude-haiku-5-5", "claude-haiku-4-5",
            ]),
        Vendor(
            kind: .gemini, variable: "GEMINI_API_KEY",
            models: [
                "gemini-4-argon", "gemini-3.8-flash", "gemini-3.6-flash", "gemini-3.5-flash",
                "gemini-3.5-flash-lite", "gemini-3.1-pro-preview", "gemini-3.1-flash-lite", "gemini-2.5-pro",
                "gemini-2.5-flash", "gemini-2.5-flash-lite",
            ]),
        Vendor(
            kind: .qwen, variable: "DASHSCOPE_API_KEY",
            models: [
                "qwen4-max", "qwen3.8-max", "qwen3.8-flash", "qwen3.7-max", "qwen3.7-plus", "qwen3.5-plus",
                "qwen3-max", "qwen-plus-latest", "qwen-flash", "qwen3-coder-plus", "qwen3-vl-plus", "qwen-turbo",
            ]),
        Vendor(
            kind: .doubao, variable: "ARK_API_KEY",
            models: [
                "doubao-seed-2-1-pro-260915", "doubao-seed-2-1-lite-260915", "doubao-seed-2-1-pro-260628",
                "doubao-seed-2-1-turbo-260628", "doubao-seed-2-0-pro-260215", "doubao-seed-2-0-lite-260215",
                "doubao-seed-2-0-mini-260215",
            ]),
    ]
}
