/// How vendors that share a form differ in it, as far as a writer of that form must know.
package struct VendorTraits: Sendable, Equatable {
    /// What the target's model is asked to think with, in a request of Chat Completions' form.
    package enum ReasoningControl: Sendable, Equatable {
        /// `reasoning_effort`.
        case effort
        /// `thinking: {"type"}` and `reasoning_effort` of low, high, max (DeepSeek).
        case thinkingAndEffort
        /// `enable_thinking` and `thinking_budget` (Qwen).
        case enableThinking
        /// `thinking: {"type"}` and `reasoning_effort` up to high (Doubao).
        case thinkingType
    }

    /// Takes the role `developer`; false: it is written as `system`.
    package var takesDeveloperRole = true
    /// `max_completion_tokens`; false: `max_tokens`.
    package var takesMaxCompletionTokens = true
    package var reasoningControl = ReasoningControl.effort
    /// Takes `response_format` of type `json_schema`; false: `json_object` is asked for and reported as rewritten.
    package var takesJSONSchema = true
    /// Thoughts before tool calls must be sent back as `reasoning_content`; false: foreign and own thoughts are left out.
    package var takesReasoningBack = false
    /// Takes `strict` in tools.
    package var takesStrictTools = true
    /// Takes images, sounds and files as content parts.
    package var takesImages = true
    package var takesAudio = true
    package var takesFiles = true
    /// Fields of OpenAI's own that it refuses or does not know: they are dropped and reported.
    package var unknownFields: Set<ConversationField> = []

    package init() {}
}
