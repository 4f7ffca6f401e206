/// What a request can say, and what each form calls it.
package enum ConversationField: Sendable, CaseIterable {
    case tools, toolChoice, parallelToolCalls, instructions, messages
    case maximumOutputTokens, temperature, topP, topK, seed, frequencyPenalty, presencePenalty, logitBias
    case logprobs, topLogprobs, choiceCount, stopSequences, outputFormat, reasoning, verbosity, modalities, audio
    case serviceTier, metadata, userID, promptCacheKey, store, safetySettings, cacheMarks, participantName

    package func name(in form: RequestForm) -> String {
        switch form {
        case .openAIChat: chatName
        case .openAIResponses: responsesName
        case .anthropicMessages: anthropicName
        case .geminiGenerate: geminiName
        }
    }

    private var chatName: String {
        switch self {
        case .tools: "tools"
        case .toolChoice: "tool_choice"
        case .parallelToolCalls: "parallel_tool_calls"
        case .instructions, .messages: "messages"
        case .maximumOutputTokens: "max_completion_tokens"
        case .temperature: "temperature"
        case .topP: "top_p"
        case .topK: "top_k"
        case .seed: "seed"
        case .frequencyPenalty: "frequency_penalty"
        case .presencePenalty: "presence_penalty"
        case .logitBias: "logit_bias"
        case .logprobs: "logprobs"
        case .topLogprobs: "top_logprobs"
        case .choiceCount: "n"
        case .stopSequences: "stop"
        case .outputFormat: "response_format"
        case .reasoning: "reasoning_effort"
        case .verbosity: "verbosity"
        case .modalities: "modalities"
        case .audio: "audio"
        case .serviceTier: "service_tier"
        case .metadata: "metadata"
        case .userID: "user"
        case .promptCacheKey: "prompt_cache_key"
        case .store: "store"
        case .safetySettings: "moderation"
        case .cacheMarks: "prompt_cache_breakpoint"
        case .participantName: "messages.name"
        }
    }

    private var responsesName: String {
        switch self {
        case .instructions: "instructions"
        case .messages, .participantName: "input"
        case .maximumOutputTokens: "max_output_tokens"
        case .logprobs: "include"
        case .outputFormat: "text.format"
        case .verbosity: "text.verbosity"
        case .reasoning: "reasoning"
        case .tools, .toolChoice, .parallelToolCalls, .temperature, .topP, .topK, .seed, .frequencyPenalty,
            .presencePenalty, .logitBias, .topLogprobs, .choiceCount, .stopSequences, .modalities, .audio, .serviceTier,
            .metadata, .userID, .promptCacheKey, .store, .safetySettings, .cacheMarks:
            chatName
        }
    }

    private var anthropicName: String {
        switch self {
        case .instructions: "system"
        case .maximumOutputTokens: "max_tokens"
        case .parallelToolCalls: "tool_choice.disable_parallel_tool_use"
        case .stopSequences: "stop_sequences"
        case .outputFormat: "output_config.format"
        case .reasoning: "thinking"
        case .userID: "metadata.user_id"
        case .cacheMarks: "cache_control"
        case .tools, .toolChoice, .messages, .temperature, .topP, .topK, .seed, .frequencyPenalty, .presencePenalty,
            .logitBias, .logprobs, .topLogprobs, .choiceCount, .verbosity, .modalities, .audio, .serviceTier, .metadata,
            .promptCacheKey, .store, .safetySettings, .participantName:
            chatName
        }
    }

    private var geminiName: String {
        switch self {
        case .tools: "tools"
        case .toolChoice, .parallelToolCalls: "toolConfig"
        case .instructions: "systemInstruction"
        case .messages, .participantName: "contents"
        case .maximumOutputTokens: "generationConfig.maxOutputTokens"
        case .temperature: "generationConfig.temperature"
        case .topP: "generationConfig.topP"
        case .topK: "generationConfig.topK"
        case .seed: "generationConfig.seed"
        case .frequencyPenalty: "generationConfig.frequencyPenalty"
        case .presencePenalty: "generationConfig.presencePenalty"
        case .logitBias: "generationConfig.logitBias"
        case .logprobs: "generationConfig.responseLogprobs"
        case .topLogprobs: "generationConfig.logprobs"
        case .choiceCount: "generationConfig.candidateCount"
        case .stopSequences: "generationConfig.stopSequences"
        case .outputFormat: "generationConfig.responseSchema"
        case .reasoning: "generationConfig.thinkingConfig"
        case .verbosity: "generationConfig.verbosity"
        case .modalities: "generationConfig.responseModalities"
        case .audio: "generationConfig.speechConfig"
        case .serviceTier: "serviceTier"
        case .metadata: "labels"
        case .userID: "user"
        case .promptCacheKey: "cachedContent"
        case .store: "store"
        case .safetySettings: "safetySettings"
        case .cacheMarks: "cachedContent"
        }
    }
}
