/// The members of a Messages request that the gateway reads, out of all that the vendor may know
/// (package anthropic 2.11.0, read 2026-11).
enum AnthropicRequestKey: UInt8 {
    case model, messages, system, tools, stream, maxTokens, temperature, topP, topK, stopSequences, thinking
    case toolChoice, metadata, cacheControl

    /// - Parameter name: a key's bytes, escapes decoded.
    init?(_ name: UnsafeRawBufferPointer) {
        switch name.count {
        case 5 where name.spells("model"): self = .model
        case 5 where name.spells("tools"): self = .tools
        case 5 where name.spells("top_p"): self = .topP
        case 5 where name.spells("top_k"): self = .topK
        case 6 where name.spells("system"): self = .system
        case 6 where name.spells("stream"): self = .stream
        case 8 where name.spells("messages"): self = .messages
        case 8 where name.spells("thinking"): self = .thinking
        case 8 where name.spells("metadata"): self = .metadata
        case 10 where name.spells("max_tokens"): self = .maxTokens
        case 11 where name.spells("temperature"): self = .temperature
        case 11 where name.spells("tool_choice"): self = .toolChoice
        case 13 where name.spells("cache_control"): self = .cacheControl
        case 14 where name.spells("stop_sequences"): self = .stopSequences
        default: return nil
        }
    }

    /// The key as the form spells it.
    var name: String {
        switch self {
        case .model: "model"
        case .messages: "messages"
        case .system: "system"
        case .tools: "tools"
        case .stream: "stream"
        case .maxTokens: "max_tokens"
        case .temperature: "temperature"
        case .topP: "top_p"
        case .topK: "top_k"
        case .stopSequences: "stop_sequences"
        case .thinking: "thinking"
        case .toolChoice: "tool_choice"
        case .metadata: "metadata"
        case .cacheControl: "cache_control"
        }
    }
}
