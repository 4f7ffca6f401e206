/// The members of a Responses request that the gateway reads, out of all that a vendor may know
/// (OpenAI's reference and package 3.52.0, read 2026-11).
enum ResponsesRequestKey: UInt8 {
    case model, input, instructions, stream, maxOutputTokens, temperature, topP
    case tools, toolChoice, reasoning, text, prompt
    case previousResponseID, conversation, background, promptCacheKey, promptCacheOptions

    /// - Parameter name: a key's bytes, escapes decoded.
    init?(_ name: UnsafeRawBufferPointer) {
        switch name.count {
        case 4 where name.spells("text"): self = .text
        case 5 where name.spells("model"): self = .model
        case 5 where name.spells("input"): self = .input
        case 5 where name.spells("tools"): self = .tools
        case 5 where name.spells("top_p"): self = .topP
        case 6 where name.spells("stream"): self = .stream
        case 6 where name.spells("prompt"): self = .prompt
        case 9 where name.spells("reasoning"): self = .reasoning
        case 10 where name.spells("background"): self = .background
        case 11 where name.spells("temperature"): self = .temperature
        case 11 where name.spells("tool_choice"): self = .toolChoice
        case 12 where name.spells("instructions"): self = .instructions
        case 12 where name.spells("conversation"): self = .conversation
        case 16 where name.spells("prompt_cache_key"): self = .promptCacheKey
        case 17 where name.spells("max_output_tokens"): self = .maxOutputTokens
        case 20 where name.spells("prompt_cache_options"): self = .promptCacheOptions
        case 20 where name.spells("previous_response_id"): self = .previousResponseID
        default: return nil
        }
    }

    /// The key as the form spells it.
    var name: String {
        switch self {
        case .model: "model"
        case .input: "input"
        case .instructions: "instructions"
        case .stream: "stream"
        case .maxOutputTokens: "max_output_tokens"
        case .temperature: "temperature"
        case .topP: "top_p"
        case .tools: "tools"
        case .toolChoice: "tool_choice"
        case .reasoning: "reasoning"
        case .text: "text"
        case .prompt: "prompt"
        case .previousResponseID: "previous_response_id"
        case .conversation: "conversation"
        case .background: "background"
        case .promptCacheKey: "prompt_cache_key"
        case .promptCacheOptions: "prompt_cache_options"
        }
    }
}
