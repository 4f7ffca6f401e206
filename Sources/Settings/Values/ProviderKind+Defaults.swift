extension ProviderKind {
    /// The vendor's own base URL, with its version segment; nil where there is no one vendor. From the vendors' API
    /// references, November 2026; the simulator's is this project's.
    package var defaultBaseURL: UpstreamURL? {
        switch self {
        case .openai: .vendor("api.openai.com", "/v1")
        case .anthropic: .vendor("api.anthropic.com", "/v1")
        case .gemini: .vendor("generativelanguage.googleapis.com", "/v1beta")
        case .deepseek: .vendor("api.deepseek.com", "/v1")
        case .qwen: .vendor("dashscope.aliyuncs.com", "/compatible-mode/v1")
        case .doubao: .vendor("ark.cn-beijing.volces.com", "/api/v3")
        case .simulator: UpstreamURL(isTLS: false, host: "127.0.0.1", port: 9100, path: "/v1")
        case .azureOpenAI, .openAICompatible, .photoroom, .claid, .httpJob: nil
        }
    }

    /// False: calls may go out without a key.
    package var needsKeys: Bool { self != .simulator }
}

extension UpstreamURL {
    fileprivate static func vendor(_ host: String, _ path: String) -> UpstreamURL {
        UpstreamURL(isTLS: true, host: host, port: 443, path: path)
    }
}
