// How vendors count, brought to the one disjoint form. Vendors' numbers are not trusted: any Int64 gives a usage with
// every part ≥ 0. Facts from the vendors' usage references, read 2026-11-21.

extension TokenUsage {
    /// The largest count taken from a vendor that gives parts without a total: eight of them still add up in an Int64.
    static let largestPart = Int64.max / 8

    /// OpenAI's form (chat, Responses, Azure, Qwen, Doubao, vLLM): the prompt total includes cached and written tokens,
    /// the completion total includes reasoning. Audio tokens stay in the totals and are priced with them.
    ///
    /// Whatever the parts claim, `promptTokens` is `prompt` and `completionTokens` is `completion` (0 where below
    /// zero): parts are cut to fit, reads before writes.
    /// - Parameters:
    ///   - cacheWrite: all of `cache_write_tokens` (Qwen: `cache_creation_input_tokens`).
    ///   - cacheWriteLong: of these, what is stored for an hour or longer (`ttl_12h_tokens`).
    ///   - reasoning: of the completion.
    package init(
        openAIPrompt prompt: Int64, completion: Int64, cached: Int64 = 0, cacheWrite: Int64 = 0,
        cacheWriteLong: Int64 = 0, reasoning: Int64 = 0
    ) {
        self.init()
        let promptTotal = max(0, prompt)
        cacheRead = Self.clamp(cached, to: promptTotal)
        let written = Self.clamp(cacheWrite, to: promptTotal - cacheRead)
        uncachedInput = promptTotal - cacheRead - written
        cacheWrite1h = Self.clamp(cacheWriteLong, to: written)
        cacheWrite5m = written - cacheWrite1h
        setOutput(total: max(0, completion), reasoning: reasoning)
    }

    /// DeepSeek's form: hits and misses apart, no writes; the completion total includes reasoning.
    package init(deepSeekHit hit: Int64, miss: Int64, completion: Int64, reasoning: Int64 = 0) {
        self.init()
        cacheRead = Self.clamp(hit, to: Self.largestPart)
        uncachedInput = Self.clamp(miss, to: Self.largestPart)
        setOutput(total: Self.clamp(completion, to: Self.largestPart), reasoning: reasoning)
    }

    /// Anthropic's form: `input_tokens` excludes what was read from and written to the cache.
    ///
    /// - Parameters:
    ///   - cacheCreation: all of `cache_creation_input_tokens`.
    ///   - cacheCreation1h: of these, `ephemeral_1h_input_tokens`; 0 where the answer has no split.
    ///   - thinking: of the output.
    package init(
        anthropicInput input: Int64, cacheRead: Int64 = 0, cacheCreation: Int64 = 0, cacheCreation1h: Int64 = 0,
        output: Int64, thinking: Int64 = 0
    ) {
        self.init()
        uncachedInput = Self.clamp(input, to: Self.largestPart)
        self.cacheRead = Self.clamp(cacheRead, to: Self.largestPart)
        let written = Self.clamp(cacheCreation, to: Self.largestPart)
        cacheWrite1h = Self.clamp(cacheCreation1h, to: written)
        cacheWrite5m = written - cacheWrite1h
        setOutput(total: Self.clamp(output, to: Self.largestPart), reasoning: thinking)
    }

    /// Gemini's form: the prompt count includes cached content and excludes tool use; thoughts come beside the
    /// candidates, unless `total` says that they are in them.
    package init(
        geminiPrompt prompt: Int64, cached: Int64 = 0, toolUse: Int64 = 0, candidates: Int64, thoughts: Int64 = 0,
        total: Int64? = nil
    ) {
        self.init()
        let prompt = Self.clamp(prompt, to: Self.largestPart)
        let toolUse = Self.clamp(toolUse, to: Self.largestPart)
        let candidates = Self.clamp(candidates, to: Self.largestPart)
        let thoughts = Self.clamp(thoughts, to: Self.largestPart)
        cacheRead = Self.clamp(cached, to: prompt)
        uncachedInput = prompt - cacheRead + toolUse
        let isThoughtWithin = total == prompt + candidates + toolUse
        setOutput(total: isThoughtWithin ? candidates : candidates + thoughts, reasoning: thoughts)
    }

    private mutating func setOutput(total: Int64, reasoning: Int64) {
        self.reasoning = Self.clamp(reasoning, to: total)
        visibleOutput = total - self.reasoning
    }

    /// - Parameter upper: at least 0.
    private static func clamp(_ count: Int64, to upper: Int64) -> Int64 {
        min(max(0, count), upper)
    }
}
