/// What of a prompt a vendor's cache still serves, from its beginning on.
package enum CacheTier: UInt8, Sendable, Comparable {
    case nothing
    case tools
    /// Tools and the system's messages.
    case instructions

    package static func < (left: CacheTier, right: CacheTier) -> Bool { left.rawValue < right.rawValue }
}

/// Something a request says beside its prompt, or of it as a whole, that a vendor's cache may be bound to.
package enum CacheSetting: String, Sendable, CaseIterable {
    case model
    case cacheKey = "prompt_cache_key"
    /// Which shape the answer shall have: vendors render its schema before the prompt.
    case textFormat = "text_format"
    case effort = "reasoning_effort"
    case verbosity
    case serviceTier = "service_tier"
    /// Which tools may be called, and whether several at once.
    case toolChoice = "tool_choice"
    /// Whether the model thinks before it answers, and how much.
    case thinking
    case speed
    /// How many images the prompt holds.
    case images
    case user = "user_id"

    /// The members of a body that say it, each by its path; `model` and `images` are none.
    func paths(in form: RequestForm) -> [[StaticString]] {
        switch form {
        case .openAIChat: chatPaths
        case .openAIResponses: responsesPaths
        case .anthropicMessages: anthropicPaths
        case .geminiGenerate: geminiPaths
        }
    }

    /// A string, or an object's only member `type`, that says what the member's absence does.
    var usualWords: [StaticString] {
        switch self {
        case .textFormat: ["text", "text/plain"]
        case .serviceTier, .toolChoice: ["auto"]
        case .verbosity: ["medium"]
        case .thinking, .effort: ["disabled"]
        case .speed: ["standard"]
        case .model, .cacheKey, .images, .user: []
        }
    }

    private var chatPaths: [[StaticString]] {
        switch self {
        case .cacheKey: [["prompt_cache_key"]]
        case .textFormat: [["response_format"]]
        case .effort: [["reasoning_effort"]]
        case .verbosity: [["verbosity"]]
        case .serviceTier: [["service_tier"]]
        case .toolChoice: [["tool_choice"], ["parallel_tool_calls"]]
        case .thinking: [["reasoning_effort"], ["thinking"]]
        case .user: [["user_id"]]
        case .model, .speed, .images: []
        }
    }

    private var responsesPaths: [[StaticString]] {
        switch self {
        case .cacheKey: [["prompt_cache_key"]]
        case .textFormat: [["text", "format"]]
        case .effort, .thinking: [["reasoning", "effort"]]
        case .verbosity: [["text", "verbosity"]]
        case .serviceTier: [["service_tier"]]
        case .toolChoice: [["tool_choice"], ["parallel_tool_calls"]]
        case .model, .speed, .images, .user: []
        }
    }

    private var anthropicPaths: [[StaticString]] {
        switch self {
        case .textFormat: [["output_config", "format"]]
        case .effort: [["output_config", "effort"], ["thinking"]]
        case .serviceTier: [["service_tier"]]
        case .toolChoice: [["tool_choice"]]
        case .thinking: [["thinking"]]
        case .speed: [["speed"]]
        case .model, .cacheKey, .verbosity, .images, .user: []
        }
    }

    private var geminiPaths: [[StaticString]] {
        switch self {
        case .textFormat:
            [
                ["generationConfig", "responseMimeType"], ["generationConfig", "responseSchema"],
                ["generationConfig", "responseJsonSchema"],
            ]
        case .effort, .thinking: [["generationConfig", "thinkingConfig"]]
        case .toolChoice: [["toolConfig"]]
        case .model, .cacheKey, .verbosity, .serviceTier, .speed, .images, .user: []
        }
    }
}
