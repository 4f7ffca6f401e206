/// The counts of a vendor's usage object, as it reported them: tokens, nil where it said nothing or null.
///
/// Members are named after OpenAI's chat form; vendors' own names stand beside them (vendors' usage references, 2026-11).
package struct ReportedUsage: Sendable, Equatable {
    /// `prompt_tokens`: all input, what was read from and written to a cache included.
    package var prompt: Int64?
    /// `completion_tokens`: all output, reasoning included.
    package var completion: Int64?
    /// `total_tokens`.
    package var total: Int64?
    /// `prompt_tokens_details.cached_tokens`.
    package var cached: Int64?
    /// `prompt_tokens_details.cache_write_tokens`; Qwen's `cache_creation_input_tokens`.
    package var cacheWrite: Int64?
    /// Of these, what is kept for hours: `cache_write_tokens_details.ttl_12h_tokens`.
    package var cacheWriteLong: Int64?
    /// `completion_tokens_details.reasoning_tokens`.
    package var reasoning: Int64?
    /// `prompt_tokens_details.audio_tokens`.
    package var promptAudio: Int64?
    /// `completion_tokens_details.audio_tokens`.
    package var completionAudio: Int64?
    /// `prompt_cache_hit_tokens`, of vendors that report hits and misses apart.
    package var cacheHit: Int64?
    /// `prompt_cache_miss_tokens`.
    package var cacheMiss: Int64?
    /// A count that is known here was negative, no whole number, or no number: no count can be relied on.
    package var isMalformed = false
    /// The usage object's bytes in the text it was read from, braces included.
    package var span: Range<Int> = 0..<0

    package init() {}
}

extension ReportedUsage {
    /// Reads the usage object at `node`; nil for anything but an object.
    package init?(_ node: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        guard index.kind(of: node) == .object else { return nil }
        self.init()
        span = index.span(node)
        let end = index.childEnd(of: node)
        var key = node &+ 1
        while key < end {
            let value = key &+ 1
            readMember(key, value, in: bytes, index: index)
            key = index.successor(of: value)
        }
    }

    private mutating func readMember(_ key: Int, _ value: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        if index.means(key, "prompt_tokens", in: bytes) {
            prompt = count(value, in: bytes, index: index)
        } else if index.means(key, "completion_tokens", in: bytes) {
            completion = count(value, in: bytes, index: index)
        } else if index.means(key, "total_tokens", in: bytes) {
            total = count(value, in: bytes, index: index)
        } else if index.means(key, "prompt_tokens_details", in: bytes) {
            readPromptDetails(value, in: bytes, index: index)
        } else if index.means(key, "completion_tokens_details", in: bytes) {
            readCompletionDetails(value, in: bytes, index: index)
        } else if index.means(key, "prompt_cache_hit_tokens", in: bytes) {
            cacheHit = count(value, in: bytes, index: index)
        } else if index.means(key, "prompt_cache_miss_tokens", in: bytes) {
            cacheMiss = count(value, in: bytes, index: index)
        }
    }

    private mutating func readPromptDetails(_ node: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        guard index.kind(of: node) == .object else { return }
        let end = index.childEnd(of: node)
        var key = node &+ 1
        while key < end {
            let value = key &+ 1
            if index.means(key, "cached_tokens", in: bytes) {
                cached = count(value, in: bytes, index: index)
            } else if index.means(key, "audio_tokens", in: bytes) {
                promptAudio = count(value, in: bytes, index: index)
            } else if index.means(key, "cache_write_tokens", in: bytes)
                || index.means(key, "cache_creation_input_tokens", in: bytes)
            {
                cacheWrite = count(value, in: bytes, index: index)
            } else if index.means(key, "cache_write_tokens_details", in: bytes),
                let long = index.member("ttl_12h_tokens", of: value, in: bytes)
            {
                cacheWriteLong = count(long, in: bytes, index: index)
            }
            key = index.successor(of: value)
        }
    }

    private mutating func readCompletionDetails(_ node: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) {
        guard index.kind(of: node) == .object else { return }
        let end = index.childEnd(of: node)
        var key = node &+ 1
        while key < end {
            let value = key &+ 1
            if index.means(key, "reasoning_tokens", in: bytes) {
                reasoning = count(value, in: bytes, index: index)
            } else if index.means(key, "audio_tokens", in: bytes) {
                completionAudio = count(value, in: bytes, index: index)
            }
            key = index.successor(of: value)
        }
    }

    private mutating func count(_ value: Int, in bytes: UnsafeRawBufferPointer, index: JSONIndex) -> Int64? {
        if index.kind(of: value) == .null { return nil }
        guard let count = index.int64(value, in: bytes), count >= 0 else {
            isMalformed = true
            return nil
        }
        return count
    }
}
