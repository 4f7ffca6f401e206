/// The members of a chat completion request that the gateway reads, out of all that a vendor may know
/// (OpenAI's reference and package 3.52.0, read 2026-11).
enum ChatRequestKey: UInt8 {
    case model, messages, stream, streamOptions
    case maxTokens, maxCompletionTokens, choices, temperature, topP, seed, stop
    case presencePenalty, frequencyPenalty, responseFormat
    case tools, toolChoice, functions, reasoningEffort, promptCacheKey, promptCacheOptions

    /// - Parameter name: a key's bytes, escapes decoded.
    init?(_ name: UnsafeRawBufferPointer) {
        switch name.count {
        case 1 where name.spells("n"): self = .choices
        case 4 where name.spells("seed"): self = .seed
        case 4 where name.spells("stop"): self = .stop
        case 5 where name.spells("model"): self = .model
        case 5 where name.spells("tools"): self = .tools
        case 5 where name.spells("top_p"): self = .topP
        case 6 where name.spells("stream"): self = .stream
        case 8 where name.spells("messages"): self = .messages
        case 9 where name.spells("functions"): self = .functions
        case 10 where name.spells("max_tokens"): self = .maxTokens
        case 11 where name.spells("temperature"): self = .temperature
        case 11 where name.spells("tool_choice"): self = .toolChoice
        case 14 where name.spells("stream_options"): self = .streamOptions
        case 15 where name.spells("response_format"): self = .responseFormat
        case 16 where name.spells("reasoning_effort"): self = .reasoningEffort
        case 16 where name.spells("presence_penalty"): self = .presencePenalty
        case 16 where name.spells("prompt_cache_key"): self = .promptCacheKey
        case 17 where name.spells("frequency_penalty"): self = .frequencyPenalty
        case 20 where name.spells("prompt_cache_options"): self = .promptCacheOptions
        case 21 where name.spells("max_completion_tokens"): self = .maxCompletionTokens
        default: return nil
        }
    }

    /// The key as the form spells it.
    var name: String {
        switch self {
        case .model: "model"
        case .messages: "messages"
        case .stream: "stream"
        case .streamOptions: "stream_options"
        case .maxTokens: "max_tokens"
        case .maxCompletionTokens: "max_completion_tokens"
        case .choices: "n"
        case .temperature: "temperature"
        case .topP: "top_p"
        case .seed: "seed"
        case .stop: "stop"
        case .presencePenalty: "presence_penalty"
        case .frequencyPenalty: "frequency_penalty"
        case .responseFormat: "response_format"
        case .tools: "tools"
        case .toolChoice: "tool_choice"
        case .functions: "functions"
        case .reasoningEffort: "reasoning_effort"
        case .promptCacheKey: "prompt_cache_key"
        case .promptCacheOptions: "prompt_cache_options"
        }
    }
}
